using Galley.Store.Commands;
using Galley.Store.Configuration;

namespace Galley.Store.Tests.Commands.Server;

public sealed class ServerCommandTests
{
    [Theory]
    [InlineData(Allowed.No, true, false)]
    [InlineData(Allowed.Local, false, false)]
    [InlineData(Allowed.Local, true, true)]
    [InlineData(Allowed.Yes, false, true)]
    public void Debug_runs_where_the_setting_allows_it(Allowed setting, bool isLocal, bool runs)
    {
        using var fixture = new EngineFixture(configure: settings => settings.EnableDebugCommand = setting);
        string reply = fixture.Connect(TestConnection.From("10.0.0.1:1", isLocal)).Run("DEBUG SLEEP 0");
        if (runs) Assert.Equal("+OK", reply);
        else Assert.StartsWith("-ERR DEBUG command not allowed.", reply, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(4)]
    [InlineData(16384)]
    public void Populate_makes_keys_that_no_log_repeats_and_leaves_those_that_are_there(int partitions)
    {
        using var fixture = new EngineFixture(partitions, settings => settings.EnableDebugCommand = Allowed.Yes);
        TestClient client = fixture.Connect();
        client.Run("SET key:3 mine");
        fixture.TakeLog();
        Assert.Equal("+OK", client.Run("DEBUG POPULATE 1500"));
        Assert.Equal("+OK", client.Run("DEBUG POPULATE 2 cut 4"));
        Assert.Equal("+OK", client.Run("DEBUG POPULATE 2 long 10"));
        Assert.Equal("", fixture.TakeLog());
        Assert.Equal(":1504", client.Run("DBSIZE"));
        Assert.Equal("$10 value:1499", client.Run("GET key:1499"));
        Assert.Equal("$4 mine", client.Run("GET key:3"));
        Assert.Equal("$4 valu", client.Run("GET cut:1"));
        Assert.Equal("$10 value:1\0\0\0", client.Run("GET long:1"));
    }

    [Fact]
    public void Config_sets_all_or_nothing_and_tells_it()
    {
        using var fixture = new EngineFixture();
        TestClient client = fixture.Connect();
        Assert.Equal("+OK", client.Run("CONFIG SET maxmemory 1mb hz 20"));
        Assert.Equal("*4 $9 maxmemory $7 1048576 $2 hz $2 20", client.Run("CONFIG GET maxmemory hz"));
        Assert.Equal("-ERR CONFIG SET failed (possibly related to argument 'hz') - argument couldn't be parsed into an integer",
            client.Run("CONFIG SET maxmemory 2mb hz x"));
        Assert.Equal("*2 $9 maxmemory $7 1048576", client.Run("CONFIG GET maxmemory"));
        client.Run("HELLO 3");
        Assert.Equal("%1 $2 hz $2 20", client.Run("CONFIG GET hz"));
    }

    [Theory]
    [InlineData("SHUTDOWN", ShutdownRequest.Default)]
    [InlineData("SHUTDOWN NOSAVE", ShutdownRequest.NoSave)]
    [InlineData("SHUTDOWN save now force", ShutdownRequest.Save | ShutdownRequest.Now | ShutdownRequest.Force)]
    public void Shutdown_asks_the_engine_and_says_nothing(string command, ShutdownRequest expected)
    {
        using var fixture = new EngineFixture();
        ShutdownRequest? asked = null;
        fixture.Engine.ShutdownRequested += request => asked = request;
        Assert.Equal("", fixture.Connect().Run(command));
        Assert.Equal(expected, asked);
    }

    [Theory]
    [InlineData("SHUTDOWN SAVE NOSAVE", "-ERR syntax error")]
    [InlineData("SHUTDOWN ABORT NOW", "-ERR syntax error")]
    [InlineData("SHUTDOWN ABORT", "-ERR No shutdown in progress.")]
    public void A_shutdown_that_makes_no_sense_is_refused(string command, string error)
    {
        using var fixture = new EngineFixture();
        fixture.Engine.ShutdownRequested += _ => Assert.Fail("Nobody asked for that.");
        Assert.Equal(error, fixture.Connect().Run(command));
    }

    [Fact]
    public void Memory_of_a_key_grows_with_its_value()
    {
        using var fixture = new EngineFixture();
        TestClient client = fixture.Connect();
        client.Run("SET small 1");
        client.Run("SET", "medium", new string('v', 5000));
        client.Run("SET", "large", new string('v', 500_000));
        Assert.InRange(Usage("small"), 10, 64);
        Assert.InRange(Usage("medium"), 5000, 6500);
        Assert.InRange(Usage("large"), 500_000, 520_000);

        long Usage(string key) => long.Parse(client.Run("MEMORY USAGE " + key)[1..]);
    }
}
