using System.Text;
using Galley.Store.Observability;

namespace Galley.Store.Tests.Commands.Server;

public sealed class SlowLogTests
{
    [Fact]
    public void An_entry_tells_who_did_what_and_when()
    {
        using EngineFixture fixture = Watching();
        TestClient client = fixture.Connect(TestConnection.From("10.0.0.1:77"));
        client.Run("CLIENT SETNAME me");
        client.Run("SET a 1");
        CommandLogEntry entry = fixture.Server.SlowLog.Entries.First();
        Assert.Equal("SET a 1", Words(entry));
        Assert.Equal(fixture.Time.NowMs / 1000, entry.TimeSeconds);
        Assert.Equal("10.0.0.1:77", entry.Address);
        Assert.Equal("me"u8, entry.ClientName);
        string reply = client.Run("SLOWLOG GET 1");
        Assert.StartsWith($"*1 *6 :{entry.Id} :{entry.TimeSeconds} :{entry.Amount} *3 $3 SET $1 a $1 1 $11 10.0.0.1:77 $2 me", reply, StringComparison.Ordinal);
    }

    [Fact]
    public void Long_arguments_and_long_commands_are_trimmed()
    {
        using EngineFixture fixture = Watching();
        TestClient client = fixture.Connect();
        client.Run("SET", "a", new string('x', 128));
        Assert.Equal("SET a " + new string('x', 128), Words(fixture.Server.SlowLog.Entries.First()));
        client.Run("SET", "a", new string('x', 131));
        Assert.Equal($"SET a {new string('x', 128)}... (3 more bytes)", Words(fixture.Server.SlowLog.Entries.First()));
        client.Run(["DEL", .. Enumerable.Range(1, 31).Select(i => $"k{i}")]);
        Assert.EndsWith(" k30 k31", Words(fixture.Server.SlowLog.Entries.First()), StringComparison.Ordinal);
        client.Run(["DEL", .. Enumerable.Range(1, 40).Select(i => $"k{i}")]);
        CommandLogEntry entry = fixture.Server.SlowLog.Entries.First();
        Assert.Equal(32, entry.Arguments.Length);
        Assert.EndsWith(" k30 ... (10 more arguments)", Words(entry), StringComparison.Ordinal);

        client.Run("CONFIG SET slowlog-entry-max-argc 3 slowlog-entry-max-string-len 2");
        client.Run("DEL k100 k200 k3 k4");
        Assert.Equal("DE... (1 more bytes) k1... (2 more bytes) ... (3 more arguments)", Words(fixture.Server.SlowLog.Entries.First()));
    }

    [Theory]
    [InlineData("AUTH secret", "AUTH (redacted)")]
    [InlineData("AUTH me secret", "AUTH (redacted) (redacted)")]
    [InlineData("HELLO 2 SETNAME a AUTH me secret", "HELLO 2 SETNAME a AUTH (redacted) (redacted)")]
    [InlineData("CONFIG SET maxmemory 0 REQUIREPASS secret timeout 0", "CONFIG SET maxmemory 0 REQUIREPASS (redacted) timeout 0")]
    [InlineData("CONFIG SET http-token secret", "CONFIG SET http-token (redacted)")]
    public void Secrets_are_not_kept(string command, string shown)
    {
        using EngineFixture fixture = Watching();
        fixture.Connect().Run(command);
        Assert.Equal(shown, Words(fixture.Server.SlowLog.Entries.First()));
    }

    [Fact]
    public void Commands_of_a_transaction_stand_for_it()
    {
        using EngineFixture fixture = Watching();
        TestClient client = fixture.Connect();
        foreach (string command in (string[])["MULTI", "SET a 1", "GET a", "EXEC", "NOSUCH", "GET"]) client.Run(command);
        Assert.Equal(["GET a", "SET a 1", "MULTI"], fixture.Server.SlowLog.Entries.Select(Words));
    }

    [Fact]
    public void Only_slow_commands_are_noted_and_none_when_that_is_off()
    {
        using var fixture = new EngineFixture(configure: settings => settings.EnableDebugCommand = Store.Configuration.Allowed.Yes);
        TestClient client = fixture.Connect();
        client.Run("CONFIG SET slowlog-log-slower-than 500000");
        client.Run("GET a");
        Assert.Equal(0, fixture.Server.SlowLog.Count);
        client.Run("CONFIG SET slowlog-log-slower-than 15000");
        client.Run("DEBUG SLEEP 0.02");
        Assert.InRange(fixture.Server.SlowLog.Entries.First().Amount, 20_000, 20_000_000);
        Assert.Equal("DEBUG SLEEP 0.02", Words(fixture.Server.SlowLog.Entries.First()));
        client.Run("CONFIG SET slowlog-log-slower-than -1");
        client.Run("SLOWLOG RESET");
        client.Run("DEBUG SLEEP 0.02");
        Assert.Equal(":0", client.Run("SLOWLOG LEN"));
    }

    [Fact]
    public void The_log_keeps_its_newest_and_its_numbers()
    {
        using EngineFixture fixture = Watching();
        TestClient client = fixture.Connect();
        for (int i = 0; i < 200; i++) client.Run("GET " + i);
        Assert.Equal(":128", client.Run("SLOWLOG LEN"));
        long id = fixture.Server.SlowLog.Entries.First().Id;
        client.Run("CONFIG SET slowlog-max-len 3");
        Assert.Equal(["CONFIG SET slowlog-max-len 3", "SLOWLOG LEN", "GET 199"], fixture.Server.SlowLog.Entries.Select(Words));
        client.Run("SLOWLOG RESET");
        Assert.Equal(id + 2, fixture.Server.SlowLog.Entries.Single().Id);
        client.Run("CONFIG SET slowlog-max-len 0");
        Assert.Equal(":0", client.Run("SLOWLOG LEN"));
    }

    private static EngineFixture Watching() => new(configure: settings => settings.SlowlogSlowerThanUs = 0);

    private static string Words(CommandLogEntry entry) => string.Join(' ', entry.Arguments.Select(Encoding.Latin1.GetString));
}
