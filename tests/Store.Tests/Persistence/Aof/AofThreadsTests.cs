using System.Globalization;
using Galley.Store.Persistence.Aof;
using Galley.Store.Tests.Persistence.Files;
using Xunit;

namespace Galley.Store.Tests.Persistence.Aof;

/// <summary>
/// The append-only file as the engine uses it: several threads behind one gate, and a flusher of its own.
/// </summary>
public class AofThreadsTests
{
    private const int Threads = 4;
    private const int TurnsOfOne = 500;
    private const int WaitMsMax = 20_000;

    [Theory]
    [InlineData(FsyncPolicy.Always, 0)]
    [InlineData(FsyncPolicy.EverySecond, 0)]
    [InlineData(FsyncPolicy.No, 0)]
    [InlineData(FsyncPolicy.Always, 1)]
    [InlineData(FsyncPolicy.EverySecond, 1)]
    public void Every_turn_is_released_and_loaded_in_order(FsyncPolicy policy, int flushMs)
    {
        var disk = new SimulatedFiles(7)
        {
            Fault = (call, _) =>
            {
                if (call == SimulatedFiles.Call.Flush && flushMs > 0) Thread.Sleep(flushMs);
            },
        };
        var options = new AofOptions { Files = disk, Directory = "/data", Policy = policy, FlushAheadBytes = 500, UnflushedBytesMax = 2000 };
        var server = new ThreadedServer();
        using (AppendOnlyFile log = AppendOnlyFile.Open(options))
        {
            server.Attach(log);
            var threads = Enumerable.Range(0, Threads).Select(_ => new Thread(server.RunTurns) { IsBackground = true }).ToList();
            threads.ForEach(static thread => thread.Start());
            server.Rewrite();
            threads.ForEach(static thread => Assert.True(thread.Join(WaitMsMax), "A turn was never released."));
            Assert.Null(server.Trouble);
            log.FlushNow();
        }

        var target = new RecordingTarget();
        AofLoader.Load(options, target);
        Assert.Equal(Enumerable.Range(0, Threads * TurnsOfOne).Select(static n => string.Create(CultureInfo.InvariantCulture, $"0: ADD {n}")), target.Applied);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    [InlineData(5)]
    [InlineData(6)]
    [InlineData(7)]
    [InlineData(8)]
    public void A_power_cut_among_threads_loses_nothing_released(int seed)
    {
        var random = new Random(seed);
        var disk = new SimulatedFiles(seed);
        var options = new AofOptions { Files = disk, Directory = "/data", Policy = FsyncPolicy.Always };
        var server = new ThreadedServer();
        AppendOnlyFile log = AppendOnlyFile.Open(options);
        server.Attach(log);
        disk.PowerFailsAt = disk.Operations + random.Next(10, 300);
        var threads = Enumerable.Range(0, Threads).Select(_ => new Thread(server.RunTurns) { IsBackground = true }).ToList();
        threads.ForEach(static thread => thread.Start());
        server.Rewrite();
        SpinWait.SpinUntil(() => disk.IsOff || threads.TrueForAll(static thread => !thread.IsAlive), WaitMsMax);

        SimulatedFiles left = disk.PowerCut();
        int released = server.CommandsUpTo(log.ReleasedOffset);
        server.Stop();
        log.Dispose();
        threads.ForEach(static thread => thread.Join());

        var target = new RecordingTarget();
        AofLoader.Load(new AofOptions { Files = left, Directory = "/data" }, target);
        Assert.InRange(target.Applied.Count, released, Threads * TurnsOfOne);
        Assert.Equal(Enumerable.Range(0, target.Applied.Count).Select(static n => string.Create(CultureInfo.InvariantCulture, $"0: ADD {n}")), target.Applied);
    }

    /// <summary>A gate, a counter, and clients that wait for their release before they go on.</summary>
    private sealed class ThreadedServer
    {
        private readonly Lock _gate = new();
        private readonly object _releases = new();
        private readonly List<long> _ends = [];
        private AppendOnlyFile? _log;
        private volatile bool _isStopped;

        public string? Trouble { get; private set; }

        public void Attach(AppendOnlyFile log)
        {
            _log = log;
            log.Released += Pulse;
        }

        public int CommandsUpTo(long offset)
        {
            lock (_gate) return _ends.Count(end => end <= offset);
        }

        public void Stop()
        {
            _isStopped = true;
            Pulse();
        }

        public void RunTurns()
        {
            for (int i = 0; i < TurnsOfOne && !_isStopped; i++)
            {
                long end = Turn();
                _log!.Commit(mayFlush: i % 2 == 0);
                AwaitRelease(end);
            }
        }

        /// <summary>A rewrite in the middle of it, with the data at its beginning as the base.</summary>
        public void Rewrite()
        {
            SpinWait.SpinUntil(() => CommandsUpTo(long.MaxValue) > 100, 100);
            AofRewrite rewrite;
            int commands;
            lock (_gate)
            {
                rewrite = _log!.BeginRewrite();
                commands = _ends.Count;
            }
            for (int i = 0; i < commands; i++) rewrite.Append(Command(i));
            rewrite.Complete(failure => Trouble = failure);
        }

        private long Turn()
        {
            lock (_gate)
            {
                byte[] command = Command(_ends.Count);
                long end = (_ends.Count == 0 ? 0 : _ends[^1]) + command.Length;
                _ends.Add(end);
                _log!.Accept(command, end);
                return end;
            }
        }

        private void AwaitRelease(long end)
        {
            lock (_releases)
            {
                // No time limit: a release that nobody tells of must show as a hanging test, not as a slow one.
                while (_log!.ReleasedOffset < end && !_isStopped) Monitor.Wait(_releases);
            }
        }

        private void Pulse()
        {
            lock (_releases) Monitor.PulseAll(_releases);
        }

        private static byte[] Command(int number) => Commands.Of("ADD", number.ToString(CultureInfo.InvariantCulture));
    }
}
