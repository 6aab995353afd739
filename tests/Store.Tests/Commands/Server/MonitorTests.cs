using Galley.Resp.Protocol;
using System.Text.RegularExpressions;
using Galley.Store.Commands;

namespace Galley.Store.Tests.Commands.Server;

public sealed partial class MonitorTests
{
    [Fact]
    public void A_line_tells_when_where_and_what()
    {
        using var fixture = new EngineFixture();
        TestClient monitor = Watch(fixture), client = fixture.Connect(TestConnection.From("10.0.0.1:77"));
        client.Run("SELECT 3");
        client.Run("SET", "k\0\"\\\n\r\t\a\b\x7f\xff é", "");
        long seconds = fixture.Time.NowMs / 1000;
        Assert.Equal(
            [
                $"+{seconds}.000000 [3 10.0.0.1:77] \"SELECT\" \"3\"",
                $"+{seconds}.000000 [3 10.0.0.1:77] \"SET\" \"k\\x00\\\"\\\\\\n\\r\\t\\a\\b\\x7f\\xff \\xe9\" \"\"",
            ],
            monitor.TakePushes());
    }

    [Fact]
    public void What_has_run_is_shown_in_the_order_in_which_it_ran()
    {
        using var fixture = new EngineFixture();
        TestClient monitor = Watch(fixture), client = fixture.Connect();
        foreach (string command in (string[])["MULTI", "SET a 1", "get a", "EXEC", "NOSUCH", "GET", "MULTI", "SET a 2", "DISCARD"])
            client.Run(command);
        Assert.Equal(["MULTI", "SET a 1", "get a", "EXEC", "MULTI", "DISCARD"], Shown(monitor));
    }

    [Fact]
    public void Administrators_and_secrets_are_not_shown()
    {
        using var fixture = new EngineFixture();
        TestClient monitor = Watch(fixture), client = fixture.Connect();
        foreach (string command in (string[])["CONFIG SET requirepass x", "AUTH secret", "HELLO 2 AUTH me secret", "CLIENT LIST", "SLOWLOG LEN", "CLIENT ID"])
            client.Run(command);
        Assert.Equal(["AUTH (redacted)", "HELLO 2 AUTH (redacted) (redacted)", "CLIENT ID"], Shown(monitor));
    }

    [Fact]
    public void A_monitor_asks_once_touches_no_key_and_ends_with_reset()
    {
        using var fixture = new EngineFixture();
        TestClient monitor = Watch(fixture);
        Assert.Equal("", monitor.Run("MONITOR"));
        Assert.Equal("-ERR Replica can't interact with the keyspace", monitor.Run("GET a"));
        Assert.Equal("-ERR Replica can't interact with the keyspace", monitor.Run("PUBLISH a b"));
        Assert.Equal("+PONG", monitor.Run("PING"));
        Assert.Contains(" flags=O ", monitor.Run("CLIENT INFO"), StringComparison.Ordinal);
        Assert.Equal("+RESET", monitor.Run("RESET"));
        monitor.TakePushes();
        Assert.Equal("$-1", monitor.Run("GET a"));
        Assert.Empty(monitor.TakePushes());
        Assert.Equal(0, fixture.Server.Monitors.Count);
    }

    [Fact]
    public void Who_wants_no_replies_gets_no_lines()
    {
        using var fixture = new EngineFixture();
        TestClient monitor = Watch(fixture), client = fixture.Connect();
        monitor.Run("CLIENT REPLY OFF");
        client.Run("SET a 1");
        Assert.Empty(monitor.TakePushes());
        monitor.Run("CLIENT REPLY ON");
        client.Run("SET a 2");
        Assert.Equal(["CLIENT REPLY ON", "SET a 2"], Shown(monitor));
    }

    [Fact]
    public void It_needs_a_connection_of_its_own()
    {
        using var fixture = new EngineFixture();
        var deaf = new Session(99, SessionKind.Http, new OutputBuffer()) { IsAuthenticated = true };
        Assert.Equal("-ERR MONITOR needs a connection of its own", TestClient.Run(fixture.Engine, deaf, "MONITOR"));
        TestClient client = fixture.Connect(TestConnection.From("10.0.0.1:1"));
        client.Run("MULTI");
        client.Run("MONITOR");
        Assert.Equal("*1 -ERR MONITOR isn't allowed for DENY BLOCKING client", client.Run("EXEC"));
        Assert.Equal("+OK", client.Run("MONITOR"));
    }

    [Fact]
    public void A_monitor_that_does_not_read_is_cut_off_though_normal_clients_have_no_limit()
    {
        using var fixture = new EngineFixture();
        TestConnection connection = TestConnection.From("10.0.0.1:1");
        var session = new Session(99, SessionKind.Resp, connection.Output) { Connection = connection, IsAuthenticated = true };
        Assert.Equal("+OK", TestClient.Run(fixture.Engine, session, "MONITOR"));
        TestClient client = fixture.Connect();
        client.Run("CONFIG", "SET", "client-output-buffer-limit", "pubsub 100000 0 0");
        for (int i = 0; i < 9; i++) client.Run("SET", "a", new string('x', 10_000));
        Assert.False(connection.WasAborted);
        client.Run("SET", "a", new string('x', 20_000));
        Assert.True(connection.WasAborted);
        Assert.Equal(1, fixture.Server.Stats.OutputLimitDisconnections);
    }

    private static TestClient Watch(EngineFixture fixture)
    {
        TestClient monitor = fixture.Connect(TestConnection.From("10.0.0.9:9"));
        Assert.Equal("+OK", monitor.Run("MONITOR"));
        return monitor;
    }

    /// <summary>The words of the lines since it was last asked.</summary>
    private static IEnumerable<string> Shown(TestClient monitor) =>
        monitor.TakePushes().Select(line => string.Join(' ', Words().Matches(line).Select(match => match.Groups[1].Value)));

    [GeneratedRegex("\"([^\"]*)\"")]
    private static partial Regex Words();
}
