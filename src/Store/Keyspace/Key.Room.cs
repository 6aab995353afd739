using System.Buffers.Binary;
using Galley.Store.Memory;
using Galley.Store.Types;

namespace Galley.Store.Keyspace;

/// <content>The block that the entry lies in: made, exchanged for one of another size, freed.</content>
public ref partial struct Key
{
    private void Create(EntryFlags flags, int valueLength)
    {
        bool largeKey = Name.Length > EntryLayout.KeyBytesMax;
        if (largeKey) flags |= EntryFlags.LargeKey;
        _shape = new EntryShape(flags, largeKey ? EntryLayout.LargeReference : Name.Length, valueLength);
        _block = Arena.Allocate(_shape.TotalBytes);
        Span<byte> entry = Arena.Span(_block, _shape.TotalBytes);
        _shape.WriteTo(entry);
        WriteUse(entry, _database.Space.Clock.FirstUse());
        if (largeKey) NewLargeString(Name, Name.Length).WriteTo(entry[_shape.KeyOffset..]);
        else Name.CopyTo(entry[_shape.KeyOffset..]);
        _partition ??= _database.CreatePartition(Name, _hash);
        if (_isBeside) return;
        HashTable<EntryLayout>.Insert(Arena, ref _partition.Table, _database.Space.Hashing, _hash, _block);
        _position = default;
        _database.Count++;
        _database.Space.SizeLedger.OpenNew(_database.KeptSizes, _block, flags, valueLength);
        _database.Space.HasNewKey = true;
    }

    /// <summary>Changes the entry's shape and keeps its key and as much of its value as fits.</summary>
    private void Reshape(EntryShape shape)
    {
        EntryShape old = _shape;
        BlockRef block = _block;
        ReadOnlySpan<byte> from = Arena.Span(block, old.TotalBytes);
        uint use = ReadUse(from);
        long expiresAtMs = ExpiresAtMs;
        int kept = Math.Min(old.ValueLength, shape.ValueLength);
        MakeRoom(shape, keepsKey: false);
        Span<byte> to = Arena.Span(_block, shape.TotalBytes);
        from.Slice(old.KeyOffset, old.KeyLength + kept).CopyTo(to[shape.KeyOffset..]);
        shape.WriteTo(to);
        WriteUse(to, use);
        if (shape.Has(EntryFlags.Expires)) BinaryPrimitives.WriteInt64LittleEndian(to[shape.ExpiryOffset..], expiresAtMs);
        if (IsBeingSaved) Space.Huge.Moved(block, _block);
    }

    private readonly bool IsBeingSaved => Type != KeyType.String && Form.IsBeingSaved;

    /// <summary>
    /// Gives the entry a block of the size that the shape needs: the one it has if that is of the right class.
    /// With <paramref name="keepsKey"/> header and key are written; else the caller moves the parts.
    /// </summary>
    private void MakeRoom(EntryShape shape, bool keepsKey)
    {
        EntryShape old = _shape;
        BlockRef from = _block;
        bool stays = Arena.SizeOf(from) == Arena.RoundUp(shape.TotalBytes);
        if (!stays)
        {
            _block = Arena.Allocate(shape.TotalBytes);
            if (!_isBeside) HashTable<EntryLayout>.Replace(Arena, Position(), _block);
            _database.Space.SizeLedger.Moved(from, _block);
        }
        if (keepsKey && (!stays || old.KeyOffset != shape.KeyOffset))
        {
            Arena.Span(from, old.ValueOffset).Slice(old.KeyOffset, old.KeyLength)
                .CopyTo(Arena.Span(_block, shape.TotalBytes)[shape.KeyOffset..]);
        }
        if (!stays) Arena.Free(from);
        _shape = shape;
        if (keepsKey) shape.WriteTo(Arena.Span(_block, shape.TotalBytes));
    }

    private void RemoveEntry()
    {
        if (_shape.Has(EntryFlags.Expires)) _partition!.Expiry.Forget(_hash, ExpiresAtMs);
        if (HasFieldExpiries) _partition!.Expiry.ForgetFields();
        if (!_isBeside)
        {
            HashTable<EntryLayout>.Remove(Arena, ref _partition!.Table, _hash, Position());
            _database.Count--;
            _database.Space.SizeLedger.Remove(_database.KeptSizes, _block, _shape);
        }
        Arena.Free(_block);
        _block = BlockRef.None;
        _position = default;
    }

    /// <summary>Where the entry is, found again if an insertion has moved it.</summary>
    private TablePosition Position()
    {
        if (_position.Segment.IsNone)
            _position = HashTable<EntryLayout>.Find(Arena, in _partition!.Table, _hash, Name, out _);
        return _position;
    }
}
