using Galley.Store.Persistence;
using Galley.Store.Persistence.Aof;
using Galley.Store.Tests.Persistence.Files;
using Xunit;
using static Galley.Store.Tests.Persistence.Files.SimulatedFiles;

namespace Galley.Store.Tests.Persistence.Aof;

/// <summary>A rewrite wants another increment, and the disk fails, or the log ends, before it has it.</summary>
public class SpoiledRotationTests
{
    private static readonly byte[] Set = Commands.Of("SET", "a", "1");

    private readonly SimulatedFiles _disk = new(1);
    private long _offset;
    private int _flushes;

    [Fact]
    public void To_flush_everything_mends_the_increment_turns_to_the_next_and_ends()
    {
        using AppendOnlyFile log = Open();
        AofRewrite rewrite = log.BeginRewriteWithoutThread();
        Accept(log);
        FailFirstFlush();
        log.FlushNow();
        Assert.True(rewrite.IsRotated);
        Assert.Null(rewrite.Failure);
        Assert.Equal(_offset, log.DurableOffset);
        Assert.Equal(["0: SET a 1", "0: SET a 1"], Load(_disk.PowerCut()));
    }

    [Fact]
    public void A_seal_lists_the_increments_that_hold_the_log()
    {
        using AppendOnlyFile log = Open();
        FailFirstFlush();
        AofManifest sealedSet = log.Seal();
        Assert.NotEmpty(sealedSet.Increments);
        Accept(log);
        Assert.DoesNotContain(log.Manifest.Increments[^1], sealedSet.Increments);
    }

    [Fact]
    public void A_log_that_is_closed_waits_for_no_rotation()
    {
        AppendOnlyFile log = Open();
        AofRewrite rewrite = log.BeginRewriteWithoutThread();
        _disk.Fault = static (_, _) => throw new IOException("No space left on device");
        log.Dispose();
        rewrite.Finish();
        Assert.False(log.IsRewriting);
    }

    [Fact]
    public void What_a_rewrite_replaced_is_deleted_before_another_set_may_begin()
    {
        using AppendOnlyFile log = Open();
        AofRewrite rewrite = log.BeginRewriteWithoutThread();
        log.Flusher.Pass(isPeriodOver: false);
        var seen = new List<bool>();
        _disk.Fault = (call, path) =>
        {
            if (call == Call.Delete && !path.Contains("temp-", StringComparison.Ordinal)) seen.Add(log.IsRewriting);
        };
        rewrite.Finish();
        Assert.Equal([true, true], seen);
        Assert.False(log.IsRewriting);
    }

    /// <summary>A log with one command that was written and not flushed.</summary>
    private AppendOnlyFile Open()
    {
        AppendOnlyFile log = AppendOnlyFile.OpenWithoutThread(SimulatedServer.OptionsOn(_disk, FsyncPolicy.No));
        Accept(log);
        return log;
    }

    private void Accept(AppendOnlyFile log)
    {
        log.Accept(Set, _offset += Set.Length);
        log.Commit(mayFlush: false);
    }

    private void FailFirstFlush() => _disk.Fault = (call, path) =>
    {
        if (call != Call.Flush || !path.EndsWith(".incr.aof", StringComparison.Ordinal)) return;
        // Whoever goes round for ever is stopped, too.
        if (++_flushes is 1 or > 50) throw new IOException("Input/output error");
    };

    private static List<string> Load(SimulatedFiles disk)
    {
        var target = new RecordingTarget();
        AofLoader.Load(SimulatedServer.OptionsOn(disk, FsyncPolicy.Always), target);
        return target.Applied;
    }
}
