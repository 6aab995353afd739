using System.IO.Pipelines;
using System.Text;
using Galley.Store.Commands;
using Galley.Store.Configuration;
using Galley.Store.Tests.Persistence.Files;

namespace Galley.Store.Tests.Persistence.Rdb;

/// <summary>A background save that is given up while its thread still waits for the disk takes nothing with it.</summary>
public sealed class GivenUpSaveTests : IDisposable
{
    private readonly SimulatedFiles _disk = new(1);
    private readonly ManualResetEventSlim _isFlushing = new();
    private readonly ManualResetEventSlim _flushMayEnd = new();

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    public void Dispose()
    {
        _flushMayEnd.Set();
        _isFlushing.Dispose();
    }

    [Fact]
    public async Task The_snapshot_that_has_begun_since_goes_on()
    {
        using FolderFixture server = StartSaving();
        ISnapshotStream? stream = null;
        server.Engine.InTurn(() => stream = server.Engine.Server.Saves.BeginStream(out _));
        Assert.NotNull(stream);
        Assert.Equal("+Background saving cancelled", server.Run("BGSAVE CANCEL"));
        Assert.True(SpinWait.SpinUntil(() => Walk(server), 20_000), "The walk came to no end.");
        Assert.True(stream.Bytes.TryRead(out ReadResult read) && read.IsCompleted, "The reader of the other snapshot waits for ever.");
        Assert.StartsWith("REDIS", Encoding.Latin1.GetString(read.Buffer.FirstSpan), StringComparison.Ordinal);
        stream.Dispose();
    }

    [Fact]
    public void The_file_that_was_written_since_stays_in_its_place()
    {
        using (FolderFixture server = StartSaving())
        {
            Assert.Equal("+OK", server.Run("FLUSHALL"));
            Assert.True(_disk.Exists("/data/dump.rdb"));
            _flushMayEnd.Set();
            Assert.True(SpinWait.SpinUntil(() => _disk.List("/data").Count == 1, 20_000), "The file that was given up is still there.");
        }
        using FolderFixture again = FolderFixture.Start(_disk);
        Assert.Equal(":0", again.Run("DBSIZE"));
    }

    private static bool Walk(FolderFixture server)
    {
        server.Engine.RunCron();
        return !server.Engine.IsSnapshotUnderWay;
    }

    /// <summary>A server whose background save has walked all keys, and waits in its last flush.</summary>
    private FolderFixture StartSaving()
    {
        int flushes = 0;
        _disk.BeforeFlush = path =>
        {
            if (!path.EndsWith(".rdb", StringComparison.Ordinal) || Interlocked.Increment(ref flushes) > 1) return;
            _isFlushing.Set();
            _flushMayEnd.Wait(Cancelled);
        };
        FolderFixture server = FolderFixture.Start(_disk, static s => s.Save = new SavePoints([new(3600, 1000)]));
        server.Run("SET a 1");
        Assert.Equal("+Background saving started", server.Run("BGSAVE"));
        Assert.True(SpinWait.SpinUntil(() => Walk(server) && _isFlushing.IsSet, 20_000), "The save has not come to its flush.");
        return server;
    }
}
