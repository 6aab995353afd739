using System.Diagnostics;
using System.Net.Sockets;
using Galley.Conformance.Servers;
using Galley.Conformance.Wire;

namespace Galley.Conformance.Configuration;

/// <summary>What CONFIG SET changes of a server that runs, beside redis-server where it can be.</summary>
public sealed class RunTimeTests
{
    private const string Quiet = "save \"\"\nappendonly no\nbind 127.0.0.1\n";
    private const int LimitMs = 20_000;

    [Fact]
    public void The_door_moves_and_what_cannot_be_is_refused_in_the_words_of_redis()
    {
        Oracle.DemandRedis();
        Oracle.DemandGalley();
        using ServerProcess redis = ServerProcess.StartRedisOn(Quiet);
        using ServerProcess galley = ServerProcess.StartGalleyOn(Quiet);
        Assert.Equal(Moves(redis, taken: galley.Port), Moves(galley, taken: redis.Port));
    }

    [Fact]
    public void A_log_that_is_turned_on_holds_what_was_there_before_and_after()
    {
        Oracle.DemandGalley();
        using ServerProcess galley = ServerProcess.StartGalleyOn(Quiet + "appendfsync always\n");
        using (RespConnection connection = galley.Connect())
        {
            for (int i = 0; i < 1000; i++) connection.Ask("SET", $"before:{i}", "1");
            Assert.Equal("OK", connection.Ask("CONFIG", "SET", "appendonly", "yes").Text);
            for (int i = 0; i < 1000; i++) connection.Ask("SET", $"after:{i}", "1");
            Assert.Equal("OK", connection.Ask("CONFIG", "REWRITE").Text);
            AwaitRewrite(connection);
            connection.Ask("SET", "last", "1");
        }
        galley.Restart();
        using (RespConnection connection = galley.Connect())
        {
            Assert.Equal("2001", connection.Ask("DBSIZE").Text);
            Assert.Equal("OK", connection.Ask("CONFIG", "SET", "appendonly", "no").Text);
            Assert.Contains("aof_enabled:0", connection.Ask("INFO", "persistence").Text, StringComparison.Ordinal);
            connection.Ask("SET", "unlogged", "1");
            Assert.Equal("OK", connection.Ask("CONFIG", "SET", "appendonly", "yes").Text);
            Assert.Equal("OK", connection.Ask("CONFIG", "SET", "appendonly", "no").Text);
            connection.Ask("FLUSHALL");
            connection.Ask("SET", "new", "1");
            TurnOn(connection);
            AwaitRewrite(connection);
        }
        galley.Restart();
        using RespConnection end = galley.Connect();
        Assert.Equal("1", end.Ask("GET", "new").Text);
        Assert.Equal("1", end.Ask("DBSIZE").Text);
    }

    [Fact]
    public void A_log_is_turned_on_and_off_while_clients_write()
    {
        Oracle.DemandGalley();
        using ServerProcess galley = ServerProcess.StartGalleyOn(Quiet);
        bool isStopping = false;
        var writers = new List<Thread>();
        int written = 0;
        for (int w = 0; w < 3; w++)
        {
            string name = $"w{w}";
            var writer = new Thread(() =>
            {
                using RespConnection connection = galley.Connect(60_000);
                while (!Volatile.Read(ref isStopping))
                {
                    Assert.Equal("OK", connection.Ask("SET", name, "1").Text);
                    Interlocked.Increment(ref written);
                }
            });
            writer.Start();
            writers.Add(writer);
        }
        using (RespConnection connection = galley.Connect(60_000))
        {
            for (int i = 0; i < 10; i++)
            {
                TurnOn(connection);
                AwaitRewrite(connection);
                Assert.Equal("OK", connection.Ask("CONFIG", "SET", "appendfsync", i % 2 == 0 ? "always" : "everysec").Text);
                Assert.Equal("OK", connection.Ask("CONFIG", "SET", "appendonly", "no").Text);
            }
            Volatile.Write(ref isStopping, true);
            foreach (Thread writer in writers) writer.Join();
            Assert.Equal("PONG", connection.Ask("PING").Text);
        }
        Assert.True(written > 100, $"{written} writes are too few to say anything");
        Assert.False(galley.HasExited);
    }

    [Fact]
    public void Resetstat_resets_what_redis_resets()
    {
        Oracle.DemandRedis();
        Oracle.DemandGalley();
        using ServerProcess redis = ServerProcess.StartRedisOn(Quiet);
        using ServerProcess galley = ServerProcess.StartGalleyOn(Quiet);
        Dictionary<string, string> expected = StatisticsAfterReset(redis);
        Dictionary<string, string> actual = StatisticsAfterReset(galley);

        Assert.DoesNotContain(actual,
            field => expected.TryGetValue(field.Key, out string? value) && value is "0" or "0.00" && field.Value != value);
        Assert.Equal(expected["total_commands_processed"], actual["total_commands_processed"]);
    }

    private static Dictionary<string, string> StatisticsAfterReset(ServerProcess server)
    {
        using RespConnection connection = server.Connect();
        foreach (string command in (string[])["SET a 1", "GET a", "GET b", "SET c 1 PX 1", "NOSUCH", "GET", "LPUSH a 1", "PUBLISH a b", "WATCH a"])
            connection.AskLine(command);
        Thread.Sleep(20);
        connection.Ask("GET", "c");
        Assert.Equal("OK", connection.Ask("CONFIG", "RESETSTAT").Text);
        string info = connection.Ask("INFO", "stats").Text;
        Assert.DoesNotContain("errorstat_", connection.Ask("INFO", "errorstats").Text, StringComparison.Ordinal);
        return info.Split("\r\n").Where(line => line.Contains(':', StringComparison.Ordinal)).ToDictionary(
            line => line[..line.IndexOf(':', StringComparison.Ordinal)], line => line[(line.IndexOf(':', StringComparison.Ordinal) + 1)..]);
    }

    private static List<string> Moves(ServerProcess server, int taken)
    {
        int next = ServerProcess.FreePort();
        var said = new List<string>();
        using RespConnection connection = server.Connect();
        Say("SET port", connection.Ask("CONFIG", "SET", "port", $"{taken}").Text);
        Say("GET port", connection.Ask("CONFIG", "GET", "port").Items[1].Text == $"{server.Port}");
        Say("both", connection.Ask("CONFIG", "SET", "timeout", "77", "port", $"{taken}").Text);
        Say("GET timeout", connection.Ask("CONFIG", "GET", "timeout").Items[1].Text);
        Say("SET next", connection.Ask("CONFIG", "SET", "port", $"{next}").Text);
        Say("old door", IsOpen(server.Port));
        Say("new door", IsOpen(next));
        Say("inside", connection.Ask("PING").Text);
        foreach (string bind in (string[])["*", "127.0.0.1 127.0.0.1", "1.2.3.4", "-1.2.3.4 127.0.0.1", "* 127.0.0.1", "nosuch.invalid", "127.0.0.1"])
        {
            Say($"bind {bind}", connection.Ask("CONFIG", "SET", "bind", bind).Text);
            Say("GET bind", connection.Ask("CONFIG", "GET", "bind").Items[1].Text);
            Say("open", IsOpen(next));
        }
        Say("too many", connection.Ask("CONFIG", "SET", "bind", "a b c d e f g h i j k l m n o p q").Text);
        Say("bind and port", connection.Ask("CONFIG", "SET", "bind", "*", "port", $"{server.Port}").Text);
        Say("home again", IsOpen(server.Port));
        Say("port 0", connection.Ask("CONFIG", "SET", "port", "0").Text);
        Say("shut", IsOpen(server.Port));
        Say("and open", connection.Ask("CONFIG", "SET", "port", $"{server.Port}").Text);
        Say("again", IsOpen(server.Port));
        Say("clients", connection.Ask("CONFIG", "SET", "maxclients", "1000000").Text);
        return said;

        void Say(string what, object answer) => said.Add($"{what}: {answer}");
    }

    /// <summary>A door that was shut may take a moment to close.</summary>
    private static bool IsOpen(int port)
    {
        for (int i = 0; i < 2; i++)
        {
            try
            {
                using var connection = new RespConnection(port);
                return connection.Ask("PING").Text == "PONG";
            }
            catch (SocketException)
            {
                Thread.Sleep(50);
            }
        }
        return false;
    }

    /// <summary>The rewrite of an earlier turn may have to end first.</summary>
    private static void TurnOn(RespConnection connection)
    {
        var clock = Stopwatch.StartNew();
        while (connection.Ask("CONFIG", "SET", "appendonly", "yes").Text != "OK")
        {
            Assert.True(clock.ElapsedMilliseconds < LimitMs, "the log could not be turned on");
            Thread.Sleep(20);
        }
    }

    private static void AwaitRewrite(RespConnection connection)
    {
        var clock = Stopwatch.StartNew();
        while (!IsRewritten(connection.Ask("INFO", "persistence").Text))
        {
            Assert.True(clock.ElapsedMilliseconds < LimitMs, "the rewrite did not end");
            Thread.Sleep(20);
        }

        static bool IsRewritten(string info) => info.Contains("aof_rewrite_in_progress:0", StringComparison.Ordinal)
            && info.Contains("aof_rewrite_scheduled:0", StringComparison.Ordinal) && !info.Contains("aof_base_size:0", StringComparison.Ordinal);
    }
}
