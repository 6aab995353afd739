using System.Buffers;
using Galley.Store.Keyspace;
using Galley.Store.Keyspace.Rdb;
using Galley.Store.Keyspace.Snapshots;
using Galley.Store.Persistence.Files;

namespace Galley.Store.Persistence.Rdb;

/// <summary>Writes the entries of a snapshot as an RDB file, which takes them as fast as its disk does.</summary>
internal sealed class RdbSnapshot : IHugeSink
{
    /// <summary>Bytes on their way to the file beyond which the walk waits for the disk.</summary>
    private const long BufferedBytesMax = 32L << 20;

    private readonly Func<long> _bufferedBytes;
    private readonly RdbFileWriter _writer;

    /// <param name="bufferedBytes">What the output has not written yet.</param>
    public RdbSnapshot(Commands.ServerContext server, IRdbFile file, Func<long> bufferedBytes, bool isLogBase)
    {
        _bufferedBytes = bufferedBytes;
        _writer = new RdbFileWriter(server, file);
        _writer.Begin(isLogBase);
    }

    public bool IsBusy => _bufferedBytes() > BufferedBytesMax;

    public long Entries => _writer.Entries;

    public long HeldBytes => _writer.HeldBytes;

    public void Take(int databaseId, SnapshotEntry entry) => _writer.Write(databaseId, in entry);

    public IHugeValue Begin(int databaseId, SnapshotEntry entry) => _writer.Begin(databaseId, in entry);

    public IHugeValue BeginText(int databaseId, SnapshotEntry entry, IMemoryOwner<byte> text) => _writer.BeginText(databaseId, in entry, text);

    public bool TryRelease() => _writer.TryRelease();

    /// <summary>Hands on what has gathered.</summary>
    public void Flush() => _writer.Flush();

    /// <summary>The snapshot is whole.</summary>
    public void End() => _writer.End();
}

/// <summary>A queued file, a rewrite of the log, or anything else that bytes are appended to.</summary>
internal sealed class AppendingOutput(AppendBytes append) : IRdbOutput
{
    public void Write(ReadOnlySpan<byte> bytes) => append(bytes);
}

internal delegate void AppendBytes(ReadOnlySpan<byte> bytes);
