using System.Text.RegularExpressions;
using Galley.Conformance.Servers;
using Galley.Conformance.Wire;

namespace Galley.Conformance;

/// <summary>The lines of MONITOR, beside redis-server's: the same but for the time, and for the port from which the client came.</summary>
public sealed partial class MonitorTests(Fleet fleet)
{
    private static readonly string[] Commands =
    [
        "SET k v", "get k", "SET \"k\\x00\\\"\\n\\r\\t\\a\\b\\x7f\\xff \\xe9\\\\'\" \"\"", "SET big <<x*5000>>",
        "auth x", "AUTH u p", "hello 2 AUTH default x", "HELLO 2 SETNAME n", "HELLO 2 AUTH u p",
        "CONFIG GET port", "CONFIG SET requirepass \"\"", "CLIENT LIST", "CLIENT ID", "client setname abc", "CLIENT NOSUCH",
        "CLIENT KILL ID 999999999", "SLOWLOG LEN", "LATENCY LATEST", "DEBUG SLEEP 0", "NOSUCH", "GET", "MONITOR x",
        "MULTI", "SET a 1", "GET a", "CONFIG GET x", "MULTI", "EXEC", "MULTI", "NOSUCH", "EXEC", "EXEC", "MULTI", "set a 2", "DISCARD",
        "WATCH a", "UNWATCH", "INFO server", "PING", "ECHO hi", "COMMAND COUNT", "PUBLISH a b", "SUBSCRIBE c", "UNSUBSCRIBE c",
        "SELECT 3", "GET x", "SELECT 0", "OBJECT HELP", "FLUSHALL", "TIME", "RESET", "QUIT",
    ];

    [Theory]
    [InlineData("2")]
    [InlineData("3")]
    public void Every_line_is_redis_servers(string resp)
    {
        ServerProcess redis = fleet.Redis;
        ServerProcess galley = fleet.Galley();
        Assert.Equal(Lines(redis.Port, resp), Lines(galley.Port, resp));
    }

    private static List<string> Lines(int port, string resp)
    {
        using var monitor = new RespConnection(port);
        using var client = new RespConnection(port);
        monitor.Ask("HELLO", resp);
        Assert.Equal("OK", monitor.Ask("MONITOR").Text);
        foreach (string command in Commands) client.AskLine(command);
        // What comes before the answer to this is all that there was to be shown.
        monitor.Send(CommandLine.Encode("ECHO", "end of the lines"));
        var lines = new List<string>();
        while (true)
        {
            Reply reply = monitor.Read();
            if (reply.IsMissing || reply.Type == '$') return lines;
            Assert.Equal('+', reply.Type);
            lines.Add(Moment().Replace(reply.Text, "TIME [$1 ADDRESS]"));
        }
    }

    [GeneratedRegex(@"^\d{10}\.\d{6} \[(\d+) 127\.0\.0\.1:\d+\]")]
    private static partial Regex Moment();
}
