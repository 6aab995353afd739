using System.Buffers;
using Galley.Store.Memory;

namespace Galley.Store.Keyspace.Snapshots;

/// <summary>Takes the entries of a snapshot, and values too large for one turn element by element.</summary>
internal interface IHugeSink : ISnapshotSink
{
    /// <summary>Bytes that wait in memory until the value that is being written has come to its end.</summary>
    long HeldBytes { get; }

    /// <summary>
    /// The elements of this entry's value are going to come, in turns, as they are now. Null where it is to be had by
    /// <see cref="ISnapshotSink.Take"/> like any other.
    /// </summary>
    IHugeValue? Begin(int databaseId, SnapshotEntry entry);

    /// <summary>
    /// The string of this entry is lent to the sink, which writes it in turns, and disposes of it then. Null where it is to be
    /// had by <see cref="ISnapshotSink.Take"/>.
    /// </summary>
    IHugeValue? BeginText(int databaseId, SnapshotEntry entry, IMemoryOwner<byte> text) => null;

    /// <summary>No value is being written: hands a piece of what was held back on; true when nothing is left of it.</summary>
    bool TryRelease();
}

/// <summary>One value that comes in turns. What comes before it is open is held back.</summary>
internal interface IHugeValue
{
    /// <summary>It is its turn, until <see cref="TryEnd"/> says that it is over: hands a piece of what was held back on; true when nothing is left of it.</summary>
    bool TryOpen();

    /// <summary>Takes elements, or leaves of a list or a stream: the blocks that hold them, which may change afterwards.</summary>
    /// <param name="areInOrder">They come as the walk meets them; else they come before, because they are about to change.</param>
    void Take(ReadOnlySpan<BlockRef> elements, bool areInOrder);

    /// <summary>All elements have come: hands a piece of what is to stand behind them on; true when the value is whole.</summary>
    bool TryEnd();

    /// <summary>It is given up.</summary>
    void Drop() { }
}
