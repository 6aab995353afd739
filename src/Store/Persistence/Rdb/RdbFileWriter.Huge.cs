using Galley.Store.Keyspace;
using Galley.Store.Keyspace.Rdb;
using Galley.Store.Keyspace.Snapshots;
using Galley.Store.Memory;

namespace Galley.Store.Persistence.Rdb;

/// <content>
/// Values that come element by element. The file takes one value at a time, so while one is open other entries wait behind
/// it, in memory; and what comes of a value that is not open waits for its turn.
/// <code>
///   the file  ... entries | head, elements of the open value ...          ^ then what waits behind it, then the next value
/// </code>
/// </content>
internal sealed partial class RdbFileWriter
{
    private readonly TargetedOutput _target;
    private readonly HeldTotal _held = new();
    private HeldOutput? _laterEntries;
    private IHugeValue? _open;

    /// <summary>Bytes that wait in memory for their turn.</summary>
    public long HeldBytes => _held.Bytes;

    private HeldOutput Later => _laterEntries ??= new HeldOutput(_held);

    private bool IsHolding => _open is not null || _laterEntries is { IsEmpty: false };

    /// <summary>The elements of this entry's value are going to come.</summary>
    public IHugeValue Begin(int databaseId, in SnapshotEntry entry)
    {
        RdbType type = RdbType.Of(entry.Type);
        var held = new HeldOutput(_held);
        WriteTo(held);
        WriteHead(in entry);
        WriteKey(_writer, in entry);
        long head = type.WriteHead(_writer, in entry);
        return new HugeValue(this, databaseId, type, head, held, TailOf(type, in entry))
        {
            // Whoever reads it finds the places of those in order without a search, so the others come last.
            Late = entry.Type == KeyType.SortedSet ? new HeldOutput(_held) : null,
        };
    }

    /// <summary>Hands a piece of what has waited on; true when nothing is left of it. No value is open.</summary>
    public bool TryRelease() => _laterEntries is null || TryRelease(_laterEntries);

    private bool TryRelease(HeldOutput held)
    {
        WriteTo(_output);
        if (held.TryTake(out ReadOnlySpan<byte> piece)) _writer.Raw(piece);
        return held.IsEmpty;
    }

    /// <summary>The file takes this value from here on, unless it does already.</summary>
    private void Open(IHugeValue value, int databaseId)
    {
        if (_open is not null) return;
        _open = value;
        WriteTo(_output);
        if (databaseId != _database) Select(databaseId);
    }

    private void Close()
    {
        Entries++;
        _open = null;
    }

    /// <summary>What comes behind the elements is as it is now, too.</summary>
    private byte[] TailOf(RdbType type, in SnapshotEntry entry)
    {
        var tail = new RdbWriter(_server.Settings);
        type.WriteTail(tail, in entry);
        if (!StreamExtras.IsNeeded(in entry)) return tail.Written.ToArray();
        var extras = new RdbWriter(_server.Settings);
        StreamExtras.Write(extras, in entry);
        tail.Byte((byte)RdbOpcode.Auxiliary);
        tail.String(StreamExtras.FieldName);
        tail.String(extras.Written);
        return tail.Written.ToArray();
    }

    /// <summary>What is written from here on goes there.</summary>
    private void WriteTo(IRdbOutput target)
    {
        if (_target.Target == target) return;
        _writer.Flush();
        _target.Target = target;
    }

    private sealed class HugeValue(RdbFileWriter file, int databaseId, RdbType type, long head, HeldOutput held, byte[] tail) : IHugeValue
    {
        private bool _isDirect;

        /// <summary>Where elements wait that do not come in their order; null where there is none.</summary>
        public HeldOutput? Late { get; init; }

        public bool TryOpen()
        {
            file.Open(this, databaseId);
            return _isDirect = file.TryRelease(held);
        }

        public void Take(ReadOnlySpan<BlockRef> elements, bool areInOrder)
        {
            if (!areInOrder && Late is not null) file.WriteTo(Late);
            else file.WriteTo(_isDirect ? file._output : held);
            foreach (BlockRef element in elements) type.WriteElement(file._writer, file._server.Databases.Arena, element, head);
        }

        public bool TryEnd()
        {
            if (Late is not null && !file.TryRelease(Late)) return false;
            file.WriteTo(file._output);
            file._writer.Raw(tail);
            file.Close();
            return true;
        }
    }

    private sealed class TargetedOutput : IRdbOutput
    {
        public required IRdbOutput Target { get; set; }

        public void Write(ReadOnlySpan<byte> bytes) => Target.Write(bytes);
    }
}
