using Galley.Store.Commands;
using Galley.Store.Configuration;

namespace Galley.Store.Tests.Commands.Declaration;

/// <summary>rename-command: the names change, and what a command is does not.</summary>
public sealed class CommandRenamingTests
{
    private const string FortyDigits = "b840fc02d524045429941cc15f59e41cb7be6c52";

    [Fact]
    public void A_renamed_command_answers_to_its_new_name_alone_and_calls_itself_by_the_old_one()
    {
        using EngineFixture fixture = Renamed(("get", "Give"), ("CONFIG", FortyDigits), ("flushall", ""));
        TestClient client = fixture.Connect();
        client.Run("SET a 1");

        Assert.Equal("$1 1", client.Run("gIVE a"));
        Assert.Equal("-ERR wrong number of arguments for 'get' command", client.Run("GIVE"));
        Assert.Equal("-ERR unknown command 'GET', with args beginning with: 'a'", client.Run("GET a"));
        Assert.Equal("-ERR unknown command 'FLUSHALL', with args beginning with:", client.Run("FLUSHALL"));
        Assert.Equal("*2 $2 hz $2 10", client.Run(FortyDigits.ToUpperInvariant() + " GET hz"));
        Assert.Equal($"-ERR unknown subcommand 'x'. Try {FortyDigits.ToUpperInvariant()} HELP.", client.Run(FortyDigits + " x"));
        Assert.Equal("*0", client.Run("COMMAND LIST FILTERBY PATTERN flushall"));
        Assert.StartsWith("*1 *10 $3 get", client.Run("COMMAND INFO give"), StringComparison.Ordinal);
    }

    [Fact]
    public void The_log_holds_the_commands_by_their_own_names()
    {
        using EngineFixture fixture = Renamed(("SET", "put"), ("MULTI", ""), ("INCR", "get-more"), ("GET", "SET"));
        TestClient client = fixture.Connect();

        client.Run("put a 1");
        client.Run("get-more a");

        Assert.Equal("$1 2", client.Run("SET a"));
        Assert.Equal("SELECT 0; SET a 1; INCR a", fixture.TakeLog());
    }

    [Theory]
    [InlineData("No such command in rename-command", "nosuch", "x")]
    [InlineData("No such command in rename-command", "config|get", "x")]
    [InlineData("Target command name already exists", "config", "GET")]
    public void A_line_that_cannot_be_followed_stops_the_start(string error, string name, string newName) =>
        Assert.Contains(error, Assert.Throws<ConfigurationException>(() => Renamed((name, newName))).Message, StringComparison.Ordinal);

    [Fact]
    public void A_name_that_was_given_up_may_be_taken() =>
        Assert.Equal("+PONG", Run(Renamed(("GET", "x"), ("PING", "GET")), "GET"));

    private static string Run(EngineFixture fixture, string command)
    {
        using (fixture) return fixture.Connect().Run(command);
    }

    private static EngineFixture Renamed(params (string Name, string NewName)[] lines) => new(configure: settings =>
    {
        foreach ((string name, string newName) in lines)
            new Directive("rename-command", [name, newName], "rename-command ...", "a test").ApplyTo(settings);
    });
}
