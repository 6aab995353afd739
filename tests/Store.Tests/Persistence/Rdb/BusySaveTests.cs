using Galley.Store.Commands;
using Galley.Store.Configuration;
using Galley.Store.Engine;
using Galley.Store.Tests.Commands;
using Galley.Store.Tests.Persistence.Files;

namespace Galley.Store.Tests.Persistence.Rdb;

/// <summary>In the midst of a script that has written no file begins that would have half of it.</summary>
public sealed class BusySaveTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly SimulatedFiles _disk = new(1);

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact]
    public async Task The_save_for_the_end_has_nothing_of_a_script_that_can_be_undone()
    {
        using (FolderFixture server = Start(TimeoutAction.Rollback))
        {
            TestClient caller = RunBusy(server, "redis.call('set', 'k', 'half') while true do end", out Task run);
            Assert.True(await server.Engine.TryShutdownAsync(ShutdownRequest.Default).WaitAsync(Patience, Cancelled));
            await run.WaitAsync(Patience, Cancelled);
            Assert.Contains("because the server ends", caller.TakeReply(), StringComparison.Ordinal);
        }
        using FolderFixture again = FolderFixture.Start(_disk);
        Assert.Equal("*2 $3 all $-1", again.Run("MGET a k"));
    }

    [Fact]
    public async Task It_waits_for_one_that_cannot()
    {
        using (FolderFixture server = Start(TimeoutAction.Kill))
        {
            RunBusy(server, "redis.call('set', 'k', 'half') local t = os.clock() while os.clock() - t < 0.5 do end redis.call('set', 'k', 'all')",
                out Task run);
            Assert.True(await server.Engine.TryShutdownAsync(ShutdownRequest.Default).WaitAsync(Patience, Cancelled));
            await run.WaitAsync(Patience, Cancelled);
        }
        using FolderFixture again = FolderFixture.Start(_disk);
        Assert.Equal("*2 $3 all $3 all", again.Run("MGET a k"));
    }

    [Fact]
    public async Task Who_does_not_wait_and_cuts_it_off_saves_nothing_of_it()
    {
        using (FolderFixture server = Start(TimeoutAction.Kill))
        {
            RunBusy(server, "redis.call('set', 'k', 'half') while true do end", out Task run);
            Task<bool> end = server.Engine.TryShutdownAsync(ShutdownRequest.Default);
            Task nosave = server.Client.Start("SHUTDOWN NOSAVE");
            await Task.WhenAll(end, nosave, run).WaitAsync(Patience, Cancelled);
            Assert.True(await end);
        }
        using FolderFixture again = FolderFixture.Start(_disk);
        Assert.Equal("*2 $-1 $-1", again.Run("MGET a k"));
    }

    [Fact]
    public async Task No_backup_begins_there()
    {
        using FolderFixture server = Start(TimeoutAction.Kill);
        RunBusy(server, "redis.call('set', 'k', 'half') while true do end", out Task run);
        (ISnapshotStream? stream, string error) = await server.Engine.BeginStreamAsync(Cancelled).WaitAsync(Patience, Cancelled);
        Assert.Null(stream);
        Assert.StartsWith("BUSY Redis is busy running a script.", error, StringComparison.Ordinal);
        server.Engine.Interrupt();
        await run.WaitAsync(Patience, Cancelled);
    }

    private FolderFixture Start(TimeoutAction onTimeout)
    {
        FolderFixture server = FolderFixture.Start(_disk, s => (s.Save, s.OnTimeout) = (new SavePoints([new(3600, 1)]), onTimeout));
        server.Run("SET a all");
        return server;
    }

    /// <summary>A client whose script runs, on another thread, and makes others hear BUSY.</summary>
    private static TestClient RunBusy(FolderFixture server, string script, out Task run)
    {
        var caller = new TestClient(server.Engine);
        run = Task.Run(() => caller.Start("EVAL", script, "0"), Cancelled);
        Task running = run;
        bool isBusy = SpinWait.SpinUntil(() =>
        {
            server.Time.Advance(10_000);
            return server.Engine.BusyWith == LongWork.Script || running.IsCompleted;
        }, Patience);
        Assert.True(isBusy, "The script makes nobody wait.");
        return caller;
    }
}
