using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using System.Net.Sockets;
using Galley.Conformance.Servers;
using Galley.Conformance.Wire;

namespace Galley.Conformance.Durability;

/// <summary>
/// Kill -9 in the middle of whatever there is, start again on the same folder, and count. With <c>appendfsync always</c>
/// nothing that was acknowledged may be missing; with <c>everysec</c> and <c>no</c> neither, since what a process has written
/// outlives the process. 8 kills for each policy; 1,008 in all with GALLEY_FULL=1, of several servers at once.
/// </summary>
public sealed class KillTests
{
    private const int MomentMsMax = 120;

    /// <summary>A load is over soon.</summary>
    private const int LoadMomentMsMax = 60;

    /// <summary>Keys that are there beside those that are written, so that saving and loading take a while.</summary>
    private const int Ballast = 5_000;

    /// <summary>What goes on when it is killed.</summary>
    private static readonly string[] Activities = ["writes", "writes and rewrites", "writes and saves", "loads"];

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("always")]
    [InlineData("everysec")]
    [InlineData("no")]
    public async Task No_acknowledged_write_is_lost(string fsync)
    {
        Oracle.DemandGalley();
        int kills = Oracle.IsFullRun ? 84 : 8;
        int servers = Oracle.IsFullRun ? 4 : 1;
        var clock = Stopwatch.StartNew();
        var table = new ConcurrentQueue<(string Activity, int Writes)>();
        await Task.WhenAll(Enumerable.Range(0, servers).Select(number => Task.Run(() => KillAsync(fsync, number, kills, table), Cancelled)));
        foreach (IGrouping<string, (string Activity, int Writes)> row in table.GroupBy(static kill => kill.Activity))
        {
            Results.File("kills", string.Create(CultureInfo.InvariantCulture,
                $"appendfsync {fsync,-8}  during {row.Key,-19}  {row.Count(),4} kills  {row.Sum(static kill => kill.Writes),8} acknowledged writes over RESP and HTTP  0 lost"));
        }
        Results.File("kills", string.Create(CultureInfo.InvariantCulture, $"appendfsync {fsync,-8}  {table.Count} kills in {clock.Elapsed.TotalSeconds:F0} s"));
    }

    private static async Task KillAsync(string fsync, int number, int kills, ConcurrentQueue<(string Activity, int Writes)> table)
    {
        // HTTP takes as long to start as all the rest: of several servers one has it.
        string[] arguments = ["--appendonly", "yes", "--appendfsync", fsync];
        using ServerProcess server = number == 0 ? ServerProcess.StartGalleyWithHttp(isAwaited: true, arguments) : ServerProcess.StartGalley(arguments);
        var random = new Random(20 + number);
        for (int kill = 0; kill < kills; kill++)
        {
            string activity = Activities[kill % Activities.Length];
            // Each round starts small, so that starting again stays quick.
            if (kill % Activities.Length == 0) StartAnew(server);
            List<Writer> writers = await WriteUntilKilledAsync(server, kill, activity, random.Next(MomentMsMax));
            if (activity == "loads") KillLoading(server, random.Next(LoadMomentMsMax));
            server.Restart();
            AssertNothingLost(server, writers, $"kill {kill} of {kills}, {fsync}, {activity}");
            table.Enqueue((activity, writers.Sum(static w => w.Acknowledged)));
        }
    }

    private static void StartAnew(ServerProcess server)
    {
        using RespConnection connection = server.Connect(60_000);
        connection.Ask("FLUSHALL");
        for (int first = 0; first < Ballast; first += 1000)
        {
            connection.Ask(["MSET", .. Enumerable.Range(first, 1000).SelectMany(static n =>
                (string[])[string.Create(CultureInfo.InvariantCulture, $"ballast:{n}"), "some value of some length"])]);
        }
    }

    private static void AssertNothingLost(ServerProcess server, List<Writer> writers, string moment)
    {
        using RespConnection connection = server.Connect(60_000);
        string[] lost = [.. writers.SelectMany(w => w.Lost(connection)).Take(20)];
        Assert.True(lost.Length == 0, $"{moment}:\n{string.Join('\n', lost)}\n{server.Log}");
        Assert.All(writers, w => Assert.True(w.Acknowledged > 0, $"{moment}: {w.Name} wrote nothing before: the test tests nothing"));
        Assert.True(connection.Ask("DBSIZE").TryInteger(out long keys) && keys >= Ballast, $"{moment}: {keys} keys are left");
    }

    /// <summary>The log is read, and perhaps mended, when the process ends.</summary>
    private static void KillLoading(ServerProcess server, int momentMs)
    {
        server.RestartLoading();
        Thread.Sleep(momentMs);
        server.Kill();
    }

    private static async Task<List<Writer>> WriteUntilKilledAsync(ServerProcess server, int kill, string activity, int momentMs)
    {
        using var http = new HttpClient { BaseAddress = new Uri($"http://127.0.0.1:{server.HttpPort}") };
        List<Writer> overResp = [.. Enumerable.Range(0, 4).Select(i => new Writer(string.Create(CultureInfo.InvariantCulture, $"resp{i}.{kill}")))];
        List<Writer> overHttp = [.. Enumerable.Range(0, server.HttpPort == 0 ? 0 : 2).Select(i => new Writer(string.Create(CultureInfo.InvariantCulture, $"http{i}.{kill}")))];
        var running = new List<Task>();
        foreach (Writer writer in overResp) running.Add(Begin(() => writer.WriteOverResp(server, pipeline: writer == overResp[0] ? 1 : 8)));
        foreach (Writer writer in overHttp) running.Add(writer.WriteOverHttpAsync(http));

        // Everybody has written something, and then any moment will do.
        List<Writer> all = [.. overResp, .. overHttp];
        for (int waited = 0; all.Exists(w => w.Acknowledged == 0) && waited < 10_000; waited += 5) await Task.Delay(5, Cancelled);
        if (activity == "writes and rewrites") running.Add(Begin(() => Repeat(server, "BGREWRITEAOF")));
        if (activity == "writes and saves") running.Add(Begin(() => Repeat(server, "BGSAVE")));
        await Task.Delay(momentMs, Cancelled);
        server.Kill();
        await Task.WhenAll(running);
        return all;
    }

    private static Task Begin(Action action) =>
        Task.Factory.StartNew(action, Cancelled, TaskCreationOptions.LongRunning, TaskScheduler.Default);

    /// <summary>Asks for it again as soon as it can be had, until the server is gone.</summary>
    private static void Repeat(ServerProcess server, string command)
    {
        try
        {
            using RespConnection connection = server.Connect();
            while (!connection.Ask(command).IsMissing) Thread.Sleep(1);
        }
        catch (SocketException)
        {
            // It was gone before it was asked.
        }
    }
}
