using System.Diagnostics;
using Galley.Store.Observability;

namespace Galley.Store.Tests.Commands.Server;

public sealed class LatencyTests
{
    [Fact]
    public void Slow_commands_are_events_by_their_kind()
    {
        using var fixture = new EngineFixture(configure: settings =>
        {
            settings.EnableDebugCommand = Store.Configuration.Allowed.Yes;
            settings.LatencyMonitorThresholdMs = 10;
        });
        TestClient client = fixture.Connect();
        client.Run("DEBUG SLEEP 0.02");
        Assert.InRange(fixture.Server.Latency.Find(LatencyEvents.Command)!.Latest.LatencyMs, 20, 20_000);
        client.Run("CONFIG SET latency-monitor-threshold 0");
        client.Run("LATENCY RESET");
        client.Run("DEBUG SLEEP 0.02");
        Assert.Equal("*0", client.Run("LATENCY LATEST"));
    }

    [Fact]
    public void Latest_history_and_reset_tell_of_the_samples()
    {
        using EngineFixture fixture = Monitoring();
        TestClient client = fixture.Connect();
        long second = fixture.Time.NowMs / 1000;
        Note(fixture, "command", 300);
        fixture.Time.Advance(2000);
        Note(fixture, "command", 100);
        Note(fixture, "aof-write", 40);
        Assert.Equal($"*2 *4 $7 command :{second + 2} :100 :300 *4 $9 aof-write :{second + 2} :40 :40", client.Run("LATENCY LATEST"));
        Assert.Equal($"*2 *2 :{second} :300 *2 :{second + 2} :100", client.Run("LATENCY HISTORY command"));
        Assert.Equal("*0", client.Run("LATENCY HISTORY COMMAND"));
        Assert.Equal(":1", client.Run("LATENCY RESET command nosuch command"));
        Assert.Equal(":1", client.Run("LATENCY RESET"));
        Assert.Equal("*0", client.Run("LATENCY LATEST"));
    }

    // The drawing that redis-server makes of the same samples.
    [Fact]
    public void The_graph_is_redis_servers()
    {
        using EngineFixture fixture = Monitoring();
        foreach (long latencyMs in (long[])[50, 200, 20, 500])
        {
            Note(fixture, "command", latencyMs);
            fixture.Time.Advance(1000);
        }
        string expected = """
            command - high 500 ms, low 20 ms (all time high 500 ms)
            --------------------------------------------------------------------------------
               #
               |
             o |
            _|_|

            4321
            ssss

            """;
        string graph = fixture.Connect().Run("LATENCY GRAPH command");
        Assert.Equal(Unpadded(expected), Unpadded(graph[(graph.IndexOf(' ', StringComparison.Ordinal) + 1)..] + "\n"));
    }

    [Fact]
    public void A_graph_of_more_than_80_samples_has_two_parts_and_labels_of_all_units()
    {
        using EngineFixture fixture = Monitoring();
        Note(fixture, "command", 7);
        fixture.Time.Advance(3 * 24 * 3_600_000L);
        Note(fixture, "command", 7);
        fixture.Time.Advance(2 * 3_600_000L);
        for (int i = 0; i < 80; i++)
        {
            Note(fixture, "command", 7);
            fixture.Time.Advance(1000);
        }
        string[] rows = fixture.Connect().Run("LATENCY GRAPH command").Split('\n');
        Assert.Equal(new string('_', 80), rows[5]);
        Assert.StartsWith("32111", rows[7], StringComparison.Ordinal);
        Assert.StartsWith("dhmmm", rows[8], StringComparison.Ordinal);
        Assert.Equal("__", rows[^4]);
        Assert.Equal("21", rows[^2]);
        Assert.Equal("ss", rows[^1]);
    }

    [Theory]
    [InlineData("command", "slowlog")]
    [InlineData("fast-command", "processor")]
    [InlineData("aof-write", "disk")]
    [InlineData("aof-fsync-always", "appendfsync everysec")]
    [InlineData("expire-cycle", "large objects")]
    public void The_doctor_advises_for_each_event(string eventName, string advice)
    {
        using EngineFixture fixture = Monitoring();
        Note(fixture, eventName, 100);
        Note(fixture, eventName, 300);
        fixture.Time.Advance(5000);
        string report = fixture.Connect().Run("LATENCY DOCTOR");
        Assert.Contains($"1. {eventName}: 1 latency spikes (average 300ms, mean deviation 0ms, period 5.00 sec). Worst all time event 300ms.",
            report, StringComparison.Ordinal);
        string[] advices = report[report.IndexOf("advices", StringComparison.Ordinal)..].Split("\n- ");
        Assert.Contains(advices[1..], text => text.Contains(advice, StringComparison.Ordinal));
    }

    [Fact]
    public void The_doctor_names_the_threshold_that_the_slow_log_misses()
    {
        using EngineFixture fixture = Monitoring();
        TestClient client = fixture.Connect();
        Note(fixture, "command", 100);
        client.Run("CONFIG SET slowlog-log-slower-than 10000");
        Assert.Contains("'CONFIG SET slowlog-log-slower-than 1000'", client.Run("LATENCY DOCTOR"), StringComparison.Ordinal);
        client.Run("CONFIG SET slowlog-log-slower-than 1000");
        Assert.DoesNotContain("CONFIG SET", client.Run("LATENCY DOCTOR"), StringComparison.Ordinal);
    }

    [Fact]
    public void Histograms_are_told_of_commands_and_of_all_that_a_container_has()
    {
        using var fixture = new EngineFixture();
        TestClient client = fixture.Connect();
        foreach (string command in (string[])["CLIENT ID", "CLIENT GETNAME", "SET a 1", "SET a 1"]) client.Run(command);
        string reply = client.Run("LATENCY HISTOGRAM client SET nosuch GET client|id");
        Assert.StartsWith("*8 $14 client|getname *4 $5 calls :1 $14 histogram_usec *2 :", reply, StringComparison.Ordinal);
        Assert.Contains(" $3 set *4 $5 calls :2 ", reply, StringComparison.Ordinal);
        Assert.Equal(3, reply.Split("client|").Length - 1);
        Assert.StartsWith("*8 ", client.Run("LATENCY HISTOGRAM"), StringComparison.Ordinal);
    }

    /// <summary>The monitor is on, and its events are the test's alone: the commands of the test, however slow, are not watched.</summary>
    private static EngineFixture Monitoring()
    {
        var fixture = new EngineFixture(configure: settings => settings.SlowlogSlowerThanUs = -1);
        fixture.Server.Settings.LatencyMonitorThresholdMs = 1;
        fixture.Server.Latency.ThresholdMs = 1;
        return fixture;
    }

    private static void Note(EngineFixture fixture, string eventName, long latencyMs) =>
        fixture.Server.Latency.Note(eventName, latencyMs * Stopwatch.Frequency / 1000);

    private static IEnumerable<string> Unpadded(string text) => text.Split('\n').Select(line => line.TrimEnd());
}
