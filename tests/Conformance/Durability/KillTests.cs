using System.Globalization;
using Galley.Conformance.Servers;
using Galley.Conformance.Wire;

namespace Galley.Conformance.Durability;

/// <summary>
/// Kill -9 in the middle of writes, start again on the same folder, and count. With <c>appendfsync always</c> nothing that was
/// acknowledged may be missing; with <c>everysec</c> neither, since what a process has written outlives the process.
/// </summary>
public sealed class KillTests
{
    private const int MomentMinMs = 30;
    private const int MomentMaxMs = 500;

    [Theory]
    [InlineData("always")]
    [InlineData("everysec")]
    public async Task No_acknowledged_write_is_lost(string fsync)
    {
        Oracle.DemandGalley();
        using var server = ServerProcess.StartGalleyWithHttp(isAwaited: true, "--appendonly", "yes", "--appendfsync", fsync);
        int kills = Oracle.IsFullRun ? 50 : 5;
        var random = new Random(20);
        int written = 0;
        for (int kill = 0; kill < kills; kill++)
        {
            List<Writer> writers = await WriteUntilKilledAsync(server, kill, random.Next(MomentMinMs, MomentMaxMs));
            server.Restart();
            using RespConnection connection = server.Connect(60_000);
            string[] lost = [.. writers.SelectMany(w => w.Lost(connection)).Take(20)];
            Assert.True(lost.Length == 0, $"kill {kill} of {kills}, {fsync}:\n{string.Join('\n', lost)}\n{server.Log}");
            Assert.All(writers, w => Assert.True(w.Acknowledged > 0, $"{w.Name} wrote nothing before kill {kill}: the test tests nothing"));
            written += writers.Sum(w => w.Acknowledged);

            // Each kill starts small, so that starting again stays quick; one in five goes on with what is there.
            if (kill % 5 != 4) connection.Ask("FLUSHALL");
        }
        Results.File("kills", $"appendfsync {fsync}: {kills} kills, {written} acknowledged writes over RESP and HTTP, 0 lost.");
    }

    private static async Task<List<Writer>> WriteUntilKilledAsync(ServerProcess server, int kill, int momentMs)
    {
        using var http = new HttpClient { BaseAddress = new Uri($"http://127.0.0.1:{server.HttpPort}") };
        List<Writer> overResp = [.. Enumerable.Range(0, 4).Select(i => new Writer(string.Create(CultureInfo.InvariantCulture, $"resp{i}.{kill}")))];
        List<Writer> overHttp = [.. Enumerable.Range(0, 2).Select(i => new Writer(string.Create(CultureInfo.InvariantCulture, $"http{i}.{kill}")))];
        CancellationToken cancelled = TestContext.Current.CancellationToken;
        var running = new List<Task>();
        foreach (Writer writer in overResp)
            running.Add(Task.Factory.StartNew(() => writer.WriteOverResp(server, pipeline: writer == overResp[0] ? 1 : 8), cancelled, TaskCreationOptions.LongRunning, TaskScheduler.Default));
        foreach (Writer writer in overHttp) running.Add(writer.WriteOverHttpAsync(http));

        // Everybody has written something, and then any moment will do.
        List<Writer> all = [.. overResp, .. overHttp];
        for (int waited = 0; all.Exists(w => w.Acknowledged == 0) && waited < 10_000; waited += 5) await Task.Delay(5, cancelled);
        await Task.Delay(momentMs, cancelled);
        server.Kill();
        await Task.WhenAll(running);
        return all;
    }
}
