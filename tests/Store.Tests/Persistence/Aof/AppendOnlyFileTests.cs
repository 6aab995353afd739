using System.Globalization;
using Galley.Store.Persistence;
using Galley.Store.Persistence.Aof;
using Galley.Store.Tests.Keyspace;
using Galley.Store.Tests.Persistence.Files;
using Xunit;
using static Galley.Store.Tests.Persistence.Files.SimulatedFiles;

namespace Galley.Store.Tests.Persistence.Aof;

/// <summary>Single steps of the append-only file; the flusher runs when the test says so.</summary>
public class AppendOnlyFileTests
{
    private const string Folder = "/data/appendonlydir/";
    private static readonly byte[] Set = Commands.Of("SET", "a", "1");

    private readonly SimulatedFiles _disk = new(1);
    private long _offset;

    [Fact]
    public void Under_everysec_a_commit_writes_and_releases_at_once()
    {
        using AppendOnlyFile log = Open(FsyncPolicy.EverySecond);
        int heard = 0;
        log.Released += () => heard++;

        Append(log, Set);

        Assert.Equal(_offset, log.ReleasedOffset);
        Assert.Equal(Set, _disk.Content(Folder + "appendonly.aof.1.incr.aof"));
        Assert.Equal(1, heard);
    }

    [Fact]
    public void With_timestamps_a_line_a_second_stands_before_what_is_written()
    {
        var time = new ManualTime();
        bool isOn = true;
        using AppendOnlyFile log = AppendOnlyFile.OpenWithoutThread(
            new AofOptions { Files = _disk, Directory = "/data", Time = time, WritesTimestamps = () => isOn });
        long now = time.GetUtcNow().ToUnixTimeSeconds();
        byte[] Line(long seconds) => System.Text.Encoding.ASCII.GetBytes($"#TS:{seconds}\r\n");

        Append(log, Set);
        Append(log, Set);
        time.Advance(5000);
        Append(log, Set);
        isOn = false;
        time.Advance(5000);
        Append(log, Set);

        byte[] expected = [.. Line(now), .. Set, .. Set, .. Line(now + 5), .. Set, .. Set];
        Assert.Equal(expected, _disk.Content(Folder + "appendonly.aof.1.incr.aof"));
        Assert.Equal(_offset, log.ReleasedOffset);
    }

    [Fact]
    public void Under_always_a_commit_releases_nothing_before_the_flush_and_one_flush_serves_all()
    {
        using AppendOnlyFile log = Open(FsyncPolicy.Always);
        int heard = 0, flushes = 0;
        log.Released += () => heard++;
        _disk.Fault = (call, _) => flushes += call == Call.Flush ? 1 : 0;

        for (int i = 0; i < 50; i++) Append(log, Set);
        Assert.Equal(0, log.ReleasedOffset);

        log.Flusher.Pass(isPeriodOver: false);
        Assert.Equal((_offset, 1, 1), (log.ReleasedOffset, heard, flushes));
        log.Flusher.Pass(isPeriodOver: true);
        Assert.Equal((1, 1), (heard, flushes));
    }

    [Fact]
    public void Under_always_whoever_may_flush_does_so_while_the_disk_is_quick_and_nothing_is_to_be_mended()
    {
        using AppendOnlyFile log = Open(FsyncPolicy.Always);
        int heard = 0, flushes = 0, slowMs = 0;
        log.Released += () => heard++;
        _disk.Fault = (call, _) =>
        {
            if (call != Call.Flush) return;
            flushes++;
            SpinWait.SpinUntil(static () => false, slowMs);
        };

        Append(log, Set, mayFlush: true);
        Assert.Equal((_offset, _offset, 1, 1), (log.ReleasedOffset, log.DurableOffset, heard, flushes));
        log.Commit(mayFlush: true);
        Assert.Equal((1, 1), (heard, flushes));

        slowMs = 40;
        Append(log, Set, mayFlush: true);
        long released = _offset;
        Append(log, Set, mayFlush: true);
        Assert.Equal((released, 2), (log.ReleasedOffset, flushes));

        slowMs = 0;
        for (int i = 0; i < 100; i++)
        {
            log.Flusher.Pass(isPeriodOver: false);
            Append(log, Set);
        }
        Append(log, Set, mayFlush: true);
        Assert.Equal(_offset, log.ReleasedOffset);

        _disk.Fault = static (call, _) => { if (call == Call.Write) throw new IOException("No space left on device"); };
        released = _offset;
        Append(log, Set, mayFlush: true);
        _disk.Fault = null;
        log.Commit(mayFlush: true);
        Assert.Equal(released, log.ReleasedOffset);
        Assert.NotNull(log.Failure);
        log.Flusher.Pass(isPeriodOver: false);
        Assert.Equal(_offset, log.ReleasedOffset);
    }

    [Fact]
    public void Under_everysec_one_flush_a_second_and_only_if_there_is_something()
    {
        using AppendOnlyFile log = Open(FsyncPolicy.EverySecond);
        int flushes = 0;
        _disk.Fault = (call, _) => flushes += call == Call.Flush ? 1 : 0;

        Append(log, Set);
        log.Flusher.Pass(isPeriodOver: false);
        Assert.Equal(0, flushes);
        log.Flusher.Pass(isPeriodOver: true);
        log.Flusher.Pass(isPeriodOver: true);
        Assert.Equal(1, flushes);
    }

    [Fact]
    public void Under_no_nothing_is_flushed_until_somebody_waits_for_it()
    {
        using AppendOnlyFile log = Open(FsyncPolicy.No);
        int flushes = 0;
        _disk.Fault = (call, _) => flushes += call == Call.Flush ? 1 : 0;

        Append(log, Set);
        log.Flusher.Pass(isPeriodOver: true);
        Assert.Equal((_offset, 0), (log.ReleasedOffset, flushes));
        Assert.True(log.DurableOffset < _offset);
        log.AskForFlush();
        log.Flusher.Pass(isPeriodOver: false);
        Assert.Equal((_offset, 1), (log.DurableOffset, flushes));
        Append(log, Set);
        log.FlushNow();
        Assert.Equal(2, flushes);
    }

    [Fact]
    public void A_switch_to_always_flushes_what_the_other_policies_left()
    {
        using AppendOnlyFile log = Open(FsyncPolicy.No);
        Append(log, Set);
        log.Policy = FsyncPolicy.Always;
        Append(log, Set);

        log.Flusher.Pass(isPeriodOver: false);

        Assert.Equal(_offset, log.ReleasedOffset);
        Assert.Equal([.. Set, .. Set], _disk.PowerCut().Content(Folder + "appendonly.aof.1.incr.aof"));
    }

    [Theory]
    [InlineData(FsyncPolicy.Always)]
    [InlineData(FsyncPolicy.EverySecond)]
    [InlineData(FsyncPolicy.No)]
    public void A_full_disk_sets_Failure_in_the_words_of_redis_server_and_is_retried(FsyncPolicy policy)
    {
        using AppendOnlyFile log = Open(policy);
        Append(log, Set);
        log.Flusher.Pass(isPeriodOver: true);
        _disk.Fault = static (call, _) =>
        {
            if (call == Call.Write) throw new IOException("No space left on device : '/data'");
        };
        long before = _offset;

        Append(log, Set);
        log.Flusher.Pass(isPeriodOver: true);

        Assert.Equal("Errors writing to the AOF file: No space left on device", log.Failure);
        Assert.False(log.Status.LastWriteSucceeded);
        // redis-server has answered by then, except under always.
        Assert.Equal(policy == FsyncPolicy.Always ? before : _offset, log.ReleasedOffset);

        _disk.Fault = null;
        log.Flusher.Pass(isPeriodOver: true);
        Assert.Null(log.Failure);
        Assert.Equal(_offset, log.ReleasedOffset);
        Assert.Equal([.. Set, .. Set], _disk.Content(Folder + "appendonly.aof.1.incr.aof"));
    }

    [Theory]
    [InlineData(FsyncPolicy.Always)]
    [InlineData(FsyncPolicy.EverySecond)]
    public void A_failed_flush_is_never_repeated_on_its_file_and_its_tail_goes_to_another(FsyncPolicy policy)
    {
        using AppendOnlyFile log = Open(policy);
        Append(log, Commands.Of("SELECT", "7"));
        log.Flusher.Pass(isPeriodOver: true);
        int flushesOfFirst = 0;
        _disk.Fault = (call, path) =>
        {
            if (call != Call.Flush || !path.EndsWith("1.incr.aof", StringComparison.Ordinal)) return;
            flushesOfFirst++;
            throw new IOException("Input/output error");
        };

        Append(log, Set);
        log.Flusher.Pass(isPeriodOver: true);
        Append(log, Set);
        log.Flusher.Pass(isPeriodOver: true);

        Assert.Equal(1, flushesOfFirst);
        Assert.Null(log.Failure);
        Assert.Equal(_offset, log.ReleasedOffset);
        SimulatedFiles left = _disk.PowerCut();
        Assert.Equal([.. Commands.Of("SELECT", "7"), .. Set, .. Set], left.Content(Folder + "appendonly.aof.2.incr.aof"));
        var target = new RecordingTarget();
        AofLoader.Load(SimulatedServer.OptionsOn(left, policy), target);
        Assert.Equal(["7: SET a 1", "7: SET a 1"], target.Applied);
    }

    [Fact]
    public void A_disk_that_does_not_follow_holds_replies_back_and_not_threads()
    {
        using AppendOnlyFile log = Open(FsyncPolicy.EverySecond);
        byte[] big = Commands.Of("SET", "a", new string('x', 3000));
        Append(log, big);
        long released = log.ReleasedOffset;
        Append(log, big);
        Assert.Equal(released, log.ReleasedOffset);

        log.Flusher.Pass(isPeriodOver: false);

        Assert.Equal(_offset, log.ReleasedOffset);
    }

    [Fact]
    public void A_rewrite_that_fails_leaves_the_log_going_on()
    {
        using AppendOnlyFile log = Open(FsyncPolicy.Always);
        Append(log, Set);
        AofRewrite rewrite = log.BeginRewriteWithoutThread();
        Append(log, Set);
        _disk.Fault = static (call, path) =>
        {
            if (call == Call.Create && path.EndsWith("2.incr.aof", StringComparison.Ordinal)) throw new IOException("Disk quota exceeded");
        };

        log.Flusher.Pass(isPeriodOver: false);
        rewrite.Finish();

        Assert.Equal("Disk quota exceeded", rewrite.Failure);
        Assert.Equal(_offset, log.ReleasedOffset);
        Assert.Null(log.Failure);
        Assert.Equal((false, false, 1L), (log.Status.LastRewriteSucceeded, log.Status.RewriteInProgress, log.Status.ConsecutiveRewriteFailures));
        _disk.Fault = null;
        Assert.NotNull(log.BeginRewriteWithoutThread());
        Assert.Throws<InvalidOperationException>(() => log.BeginRewriteWithoutThread());
    }

    /// <summary>A folder that could not be synced can come back with the manifest from before the rewrite.</summary>
    [Fact]
    public void A_rewrite_deletes_what_it_replaced_only_when_its_manifest_lasts()
    {
        using AppendOnlyFile log = Open(FsyncPolicy.Always);
        AofRewrite rewrite = log.BeginRewriteWithoutThread();
        log.Flusher.Pass(isPeriodOver: false);
        int syncs = 0;
        _disk.Fault = (call, _) =>
        {
            if (call == Call.SyncFolder && ++syncs == 2) throw new IOException("Input/output error");
        };

        rewrite.Finish();

        Assert.Null(rewrite.Failure);
        Assert.True(_disk.Exists(Folder + "appendonly.aof.1.base.aof"));
        Assert.True(_disk.Exists(Folder + "appendonly.aof.1.incr.aof"));
        Append(log, Set);
        log.Flusher.Pass(isPeriodOver: false);
        Assert.Equal(_offset, log.ReleasedOffset);
        Assert.Contains("2.base.aof", System.Text.Encoding.ASCII.GetString(_disk.PowerCut().Content(Folder + "appendonly.aof.manifest")),
            StringComparison.Ordinal);
    }

    [Fact]
    public void Status_counts_the_files_as_INFO_does()
    {
        using AppendOnlyFile log = Open(FsyncPolicy.EverySecond);
        Append(log, Set);
        Assert.Equal((Set.Length, 0, 0), (log.Status.CurrentSizeBytes, log.Status.BaseSizeBytes, log.Status.BufferedBytes));
        AofRewrite rewrite = log.BeginRewriteWithoutThread();
        Assert.True(log.Status.RewriteInProgress);
        rewrite.Append("*1\r\n$4\r\nPING\r\n"u8);
        log.Flusher.Pass(isPeriodOver: false);
        rewrite.Finish();
        Append(log, Set);

        Assert.Equal((14 + Set.Length, 14), (log.Status.CurrentSizeBytes, log.Status.BaseSizeBytes));
        Assert.Equal((1, true, false), (log.Status.Rewrites, log.Status.LastRewriteSucceeded, log.Status.RewriteInProgress));
    }

    [Fact]
    public void A_gap_in_the_log_is_refused() =>
        Assert.Throws<ArgumentException>(() => Open(FsyncPolicy.Always).Accept(Set, Set.Length + 1));

    [Fact]
    public void A_turn_allocates_nothing()
    {
        using AppendOnlyFile log = AppendOnlyFile.OpenWithoutThread(new AofOptions { Files = new SinkFiles(_disk), Directory = "/data" });
        for (int i = 0; i < 1000; i++) Append(log, Set);
        long before = GC.GetAllocatedBytesForCurrentThread();

        for (int i = 0; i < 1000; i++) Append(log, Set);

        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
    }

    [Fact]
    public void A_folder_without_increments_or_with_an_ended_one_gets_a_new_one()
    {
        _disk.Place(Folder + "a.aof", Set);
        _disk.Place(Folder + "appendonly.aof.manifest",
            System.Text.Encoding.ASCII.GetBytes(string.Create(CultureInfo.InvariantCulture, $"file a.aof seq 4 type i length {Set.Length}\n")));

        using AppendOnlyFile log = Open(FsyncPolicy.Always);
        Append(log, Set);
        log.FlushNow();

        Assert.Equal(Set, _disk.Content(Folder + "appendonly.aof.5.incr.aof"));
        Assert.Equal(Set, _disk.Content(Folder + "a.aof"));
    }

    private AppendOnlyFile Open(FsyncPolicy policy) => AppendOnlyFile.OpenWithoutThread(SimulatedServer.OptionsOn(_disk, policy));

    private void Append(AppendOnlyFile log, byte[] commands, bool mayFlush = false)
    {
        _offset += commands.Length;
        log.Accept(commands, _offset);
        log.Commit(mayFlush);
    }
}
