using Galley.Store.Commands;
using Galley.Store.Observability;

namespace Galley.Store.Tests.Commands.Server;

public sealed class CommandStatsTests
{
    [Fact]
    public void Calls_failures_and_refusals_are_counted_apart()
    {
        using var fixture = new EngineFixture();
        TestClient client = fixture.Connect();
        foreach (string command in (string[])["SET a x", "SET b 1", "INCR a", "INCR b", "INCR", "GET a", "CLIENT ID", "CLIENT NOSUCH", "NOSUCH"])
            client.Run(command);
        Assert.Equal((2, 0, 0), Of(fixture, "set"));
        Assert.Equal((2, 1, 1), Of(fixture, "incr"));
        Assert.Equal((1, 0, 0), Of(fixture, "get"));
        Assert.Equal((1, 0, 0), Of(fixture, "client|id"));
        Assert.Equal((0, 0, 0), Of(fixture, "client"));
        Assert.Equal(6, fixture.Server.Stats.Commands);
        Assert.Equal(4, fixture.Server.Stats.ErrorReplies);
    }

    [Fact]
    public void What_a_transaction_runs_is_counted_as_its_own_and_its_errors_once()
    {
        using var fixture = new EngineFixture();
        TestClient client = fixture.Connect();
        foreach (string command in (string[])["SET a x", "MULTI", "INCR a", "INCR b", "GET", "DISCARD", "MULTI", "INCR a", "INCR b", "EXEC"])
            client.Run(command);
        Assert.Equal((2, 1, 0), Of(fixture, "incr"));
        Assert.Equal((1, 0, 0), Of(fixture, "exec"));
        Assert.Equal((0, 0, 1), Of(fixture, "get"));
        Assert.Equal(2, fixture.Server.Stats.ErrorReplies);
        client.Run("EXEC");
        Assert.Equal((2, 1, 0), Of(fixture, "exec"));
    }

    [Fact]
    public void A_call_takes_time_and_has_its_place_in_the_histogram()
    {
        using var fixture = new EngineFixture(configure: settings => settings.EnableDebugCommand = Store.Configuration.Allowed.Yes);
        TestClient client = fixture.Connect();
        client.Run("DEBUG SLEEP 0.02");
        int index = IndexOf(fixture, "debug");
        Assert.InRange(fixture.Server.CommandStats[index].MicrosecondsPerCall, 20_000, 10_000_000);
        Assert.InRange(fixture.Server.CommandStats.LatenciesOf(index)!.PercentileMicroseconds(50), 20_000, 1_100_000);
        client.Run("CONFIG SET latency-tracking no");
        client.Run("DEBUG SLEEP 0");
        Assert.Equal(1, fixture.Server.CommandStats.LatenciesOf(index)!.Count);
        Assert.Equal(2, fixture.Server.CommandStats[index].Calls);
    }

    [Fact]
    public void Resetstat_forgets_and_counts_itself()
    {
        using var fixture = new EngineFixture();
        TestClient client = fixture.Connect();
        client.Run("SET a 1");
        client.Run("CONFIG RESETSTAT");
        Assert.True(fixture.Server.CommandStats[IndexOf(fixture, "set")].IsEmpty);
        Assert.Null(fixture.Server.CommandStats.LatenciesOf(IndexOf(fixture, "set")));
        Assert.Equal((1, 0, 0), Of(fixture, "config|resetstat"));
    }

    [Fact]
    public void A_flood_of_error_codes_empties_their_table_until_it_is_reset()
    {
        var stats = new ServerStats();
        for (int i = 0; i < 128; i++) stats.CountError($"E{i}");
        stats.CountError("E0");
        Assert.Equal(128, stats.ErrorsByCode.Count);
        Assert.Equal(2, stats.ErrorsByCode["E0"]);
        stats.CountError("one more");
        stats.CountError("E0");
        Assert.Equal([KeyValuePair.Create("ERRORSTATS_DISABLED", 1L)], stats.ErrorsByCode);
        Assert.Equal(131, stats.ErrorReplies);
        stats.Reset();
        stats.CountError("E0");
        Assert.Equal([KeyValuePair.Create("E0", 1L)], stats.ErrorsByCode);
    }

    private static (long Calls, long Failed, long Rejected) Of(EngineFixture fixture, string command)
    {
        CommandFigures figures = fixture.Server.CommandStats[IndexOf(fixture, command)];
        return (figures.Calls, figures.Failed, figures.Rejected);
    }

    private static int IndexOf(EngineFixture fixture, string command)
    {
        Assert.True(fixture.Server.Commands.TryFindFullName(System.Text.Encoding.ASCII.GetBytes(command), out CommandInfo? info));
        return info.Index;
    }
}
