using System.Buffers;
using Galley.Resp.Transport;
using Galley.Store.Commands;
using Galley.Store.Keyspace;
using Galley.Store.Keyspace.Snapshots;
using Galley.Store.Persistence.Files;

namespace Galley.Store.Persistence.Rdb;

/// <summary>One BGSAVE: a snapshot, taken under the gate in turns, and a thread that writes it.</summary>
internal sealed class BackgroundSave : IHugeSink
{
    private readonly QueuedFile _queue;
    private readonly RdbSaveFile _file;
    private readonly RdbSnapshot _snapshot;
    private readonly Action<BackgroundSave, string?> _ended;

    /// <param name="ended">Hears, on the thread that writes, that it is over: null, or what went wrong.</param>
    public BackgroundSave(ServerContext server, IFiles files, RdbSaveFile file, Action<BackgroundSave, string?> ended)
    {
        _file = file;
        _ended = ended;
        _queue = new QueuedFile(files, file.TemporaryPath, new RdbComposer(server.Settings));
        _snapshot = new RdbSnapshot(server, new RdbParts(_queue.Append), () => _queue.BufferedBytes, isLogBase: false);
        StartedMs = server.Databases.Clock.NowMs;
        ChangesBefore = server.Stats.Dirty;
        for (int id = 0; id < server.Databases.Count; id++) EntriesTotal += server.Databases[id].Count;
    }

    public long StartedMs { get; }

    /// <summary>The changes that it has in it.</summary>
    public long ChangesBefore { get; }

    public long EntriesTotal { get; }

    public long Entries => _snapshot.Entries;

    public bool IsBusy => _snapshot.IsBusy;

    public void Take(int databaseId, SnapshotEntry entry)
    {
        if (_queue.Failure is null) _snapshot.Take(databaseId, entry);
    }

    public long HeldBytes => _snapshot.HeldBytes;

    public IHugeValue? Begin(int databaseId, SnapshotEntry entry) =>
        _queue.Failure is null ? _snapshot.Begin(databaseId, entry) : null;

    public IHugeValue? BeginText(int databaseId, SnapshotEntry entry, IMemoryOwner<byte> text) =>
        _queue.Failure is null ? _snapshot.BeginText(databaseId, entry, text) : null;

    public bool TryRelease() => _snapshot.TryRelease();

    public void Start() => new Thread(Run) { IsBackground = true, Name = "galley-save" }.Start();

    /// <summary>The snapshot is whole.</summary>
    public void Complete()
    {
        if (_queue.Failure is null) _snapshot.End();
        _queue.Complete();
    }

    /// <summary>Gives it up: unless its file is in its place already, it never will be.</summary>
    public void Cancel(string reason)
    {
        _queue.Fail(reason);
        _file.GiveUp(reason);
    }

    private void Run()
    {
        // Who holds the gate must not wait for the processor because a file is composed.
        UnixProcess.LetOthersGoFirst();
        _queue.WriteUntilComplete();
        string? failure = _queue.Failure;
        if (failure is null) failure = _file.TryPublish(_queue.Flush);
        _queue.Close();
        if (failure is not null) _file.Discard();
        _ended(this, failure);
    }
}
