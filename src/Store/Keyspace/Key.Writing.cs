using System.Buffers.Binary;
using Galley.Store.Keyspace.Values;
using Galley.Store.Memory;
using Galley.Store.Types;

namespace Galley.Store.Keyspace;

/// <content>What changes a key.</content>
public ref partial struct Key
{
    /// <summary>Headroom of a large string that grows: a quarter of its length, so that appending costs O(1) a byte.</summary>
    private const int HeadroomShare = 4;

    private const EntryFlags StringHead = (EntryFlags)KeyType.String;

    /// <summary>What goes with a value when it moves to another key.</summary>
    private const EntryFlags ValueFlags = EntryFlags.TypeMask | EntryFlags.Edited | EntryFlags.Text | EntryFlags.LargeValue;

    /// <summary>
    /// Writes a string value, whatever was there. The expiry is set to this one: -1 for none,
    /// <see cref="ExpiresAtMs"/> to keep it.
    /// </summary>
    public void PutString(scoped ReadOnlySpan<byte> value, long expiresAtMs)
    {
        if (value.Length > EntryLayout.ValueBytesMax)
        {
            PutLargeString(value, expiresAtMs);
            return;
        }
        Span<byte> place = Place(StringHead, value.Length, expiresAtMs);
        value.CopyTo(place);
    }

    /// <summary>As <see cref="PutString"/>, of a value that OBJECT ENCODING never shows as int (INCRBYFLOAT).</summary>
    public void PutText(scoped ReadOnlySpan<byte> value, long expiresAtMs)
    {
        PutString(value, expiresAtMs);
        MarkString(EntryFlags.Text);
    }

    /// <summary>
    /// The string's bytes, to be written in place, at a new length; bytes beyond the old length are zero. Creates the
    /// key; its expiry stays. OBJECT ENCODING shows the value as raw from then on.
    /// </summary>
    public Span<byte> EditString(int length)
    {
        Span<byte> value = length > EntryLayout.ValueBytesMax ? EditLarge(length) : EditSmall(length);
        MarkString(EntryFlags.Edited);
        return value;
    }

    /// <summary>Deletes the key and its value; false when it was not there.</summary>
    public bool Delete()
    {
        if (!Exists) return false;
        KeepForSnapshot();
        ReleaseParts(EntryFlags.LargeKey | EntryFlags.LargeValue);
        RemoveEntry();
        return true;
    }

    /// <summary>Sets when it expires, in milliseconds since 1970; -1 for never. The key exists.</summary>
    public void SetExpiry(long expiresAtMs)
    {
        KeepForSnapshot();
        long before = ExpiresAtMs;
        bool had = before >= 0, has = expiresAtMs >= 0;
        if (had != has)
        {
            EntryFlags flags = has ? _shape.Flags | EntryFlags.Expires : _shape.Flags & ~EntryFlags.Expires;
            Reshape(new EntryShape(flags, _shape.KeyLength, _shape.ValueLength));
        }
        NoteExpiry(before, expiresAtMs);
    }

    /// <summary>Gives this key's value, type and expiry to another key, whose own value goes; this key is gone then.</summary>
    public void MoveTo(ref Key target, long expiresAtMs)
    {
        KeepForSnapshot();
        CopyEntryTo(ref target, expiresAtMs);
        if (IsBeingSaved) Space.Huge.Moved(_block, target._block);
        target.NoteFieldsDue(Database.NoExpiry, target.FieldsDueMs);
        Find();
        ReleaseParts(EntryFlags.LargeKey);
        RemoveEntry();
    }

    /// <summary>Gives another key a copy of this value; a large string is shared until one of the two is written.</summary>
    public readonly void CopyTo(ref Key target, long expiresAtMs)
    {
        if (_shape.Has(EntryFlags.LargeValue)) Arena.Share(LargeValue.Block);
        CopyEntryTo(ref target, expiresAtMs);
        if (Type == KeyType.String) return;
        if (Form.IsRooted) CopyRootTo(ref target);
        target.NoteFieldsDue(Database.NoExpiry, target.FieldsDueMs);
    }

    private readonly void CopyRootTo(ref Key target)
    {
        Span<byte> root = target.ValueBytes[ValueForm.RootedHeader..];
        target.ValueBytes[0] = Form.WithBeingSaved(false).Value;
        root.Clear();
        RootedValue.Of(Type).Copy(Arena, Hashing, Root, root);
    }

    private readonly LargeString LargeValue =>
        LargeString.Read(Arena.Span(_block, _shape.TotalBytes)[_shape.ValueOffset..]);

    private readonly void CopyEntryTo(ref Key target, long expiresAtMs)
    {
        ReadOnlySpan<byte> entry = Arena.Span(_block, _shape.TotalBytes);
        Span<byte> place = target.Place(_shape.Flags & ValueFlags, _shape.ValueLength, expiresAtMs);
        entry[_shape.ValueOffset..].CopyTo(place);
    }

    /// <summary>
    /// Makes the entry have this type, expiry and room for a value, which the caller writes into the span returned.
    /// The value that was there is released.
    /// </summary>
    private Span<byte> Place(EntryFlags valueFlags, int valueLength, long expiresAtMs)
    {
        long before = Database.NoExpiry;
        EntryFlags flags = valueFlags | _database.Space.Mark | (expiresAtMs >= 0 ? EntryFlags.Expires : EntryFlags.None);
        if (Exists)
        {
            before = ExpiresAtMs;
            if (!_isBeside) _database.Space.SizeLedger.Replace(_database.KeptSizes, _block, _shape, flags, valueLength);
            KeepForSnapshot();
            if (HasFieldExpiries) _partition!.Expiry.ForgetFields();
            ReleaseParts(EntryFlags.LargeValue);
            flags |= _shape.Flags & EntryFlags.LargeKey;
            var shape = new EntryShape(flags, _shape.KeyLength, valueLength);
            uint use = _database.Space.Clock.CountsUses ? Use : _database.Space.Clock.FirstUse();
            MakeRoom(shape, keepsKey: true);
            WriteUse(Arena.Span(_block, EntryLayout.NarrowHeader), use);
        }
        else
        {
            Create(flags, valueLength);
        }
        Span<byte> entry = Arena.Span(_block, _shape.TotalBytes);
        if (before >= 0 || expiresAtMs >= 0) NoteExpiry(before, expiresAtMs);
        return entry[_shape.ValueOffset..];
    }

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

    private Span<byte> EditSmall(int length)
    {
        if (!Exists)
        {
            Span<byte> fresh = Place(StringHead, length, Database.NoExpiry);
            fresh.Clear();
            return fresh;
        }
        if (_shape.Has(EntryFlags.LargeValue)) return ShrinkLarge(length);
        BeforeChange();
        int old = _shape.ValueLength;
        if (length != old) Reshape(new EntryShape(_shape.Flags, _shape.KeyLength, length));
        Span<byte> value = Arena.Span(_block, _shape.TotalBytes)[_shape.ValueOffset..];
        if (length > old) value[old..].Clear();
        return value;
    }

    private Span<byte> ShrinkLarge(int length)
    {
        byte[] kept = String[..length].ToArray();
        PutString(kept, ExpiresAtMs);
        return Arena.Span(_block, _shape.TotalBytes)[_shape.ValueOffset..];
    }

    private void PutLargeString(scoped ReadOnlySpan<byte> value, long expiresAtMs)
    {
        LargeString fresh = NewLargeString(value, value.Length);
        Span<byte> place = Place(StringHead | EntryFlags.LargeValue, EntryLayout.LargeReference, expiresAtMs);
        fresh.WriteTo(place);
    }

    private Span<byte> EditLarge(int length)
    {
        int capacity = (int)Math.Min(length + (long)length / HeadroomShare, int.MaxValue);
        if (!Exists || !_shape.Has(EntryFlags.LargeValue))
        {
            LargeString fresh = NewLargeString(String, Exists ? capacity : length) with { Length = length };
            Arena.Span(fresh.Block, length)[String.Length..].Clear();
            fresh.WriteTo(Place(StringHead | EntryFlags.LargeValue, EntryLayout.LargeReference, ExpiresAtMs));
            return Arena.Span(fresh.Block, length);
        }
        BeforeChange();
        LargeString old = LargeValue;
        LargeString now = Unshared(old, length, capacity);
        now.WriteTo(Arena.Span(_block, _shape.TotalBytes)[_shape.ValueOffset..]);
        Span<byte> value = Arena.Span(now.Block, length);
        if (length > old.Length) value[old.Length..].Clear();
        return value;
    }

    /// <summary>A large string that is this entry's alone and has room for the length.</summary>
    private readonly LargeString Unshared(LargeString old, int length, int capacity)
    {
        if (Arena.ShareCount(old.Block) > 1)
        {
            ReadOnlySpan<byte> kept = Arena.Span(old.Block, Math.Min(old.Length, length));
            LargeString copy = NewLargeString(kept, capacity) with { Length = length };
            Arena.Release(old.Block);
            return copy;
        }
        return length <= old.Capacity
            ? old with { Length = length }
            : new LargeString(Arena.ResizeLarge(old.Block, Math.Max(capacity, Arena.LargeBytesMin)), length, capacity);
    }

    private readonly LargeString NewLargeString(scoped ReadOnlySpan<byte> content, int capacity)
    {
        BlockRef block = Arena.AllocateLarge(Math.Max(capacity, Arena.LargeBytesMin));
        content.CopyTo(Arena.Span(block, content.Length));
        return new LargeString(block, content.Length, capacity);
    }

    /// <summary>Releases what these parts of the entry refer to: large blocks, the structure of a collection.</summary>
    private readonly void ReleaseParts(EntryFlags parts)
    {
        if (Type != KeyType.String || (_shape.Flags & parts) != EntryFlags.None)
            EntryMemory.Release(Arena, _block, _shape, parts, _database.Space.Graveyard);
    }

    private void RemoveEntry()
    {
        if (_shape.Has(EntryFlags.Expires)) _partition!.Expiry.Forget(ExpiresAtMs);
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

    /// <summary>Writes the new expiry into the entry and tells the index of it.</summary>
    private readonly void NoteExpiry(long before, long after)
    {
        if (after >= 0)
        {
            Span<byte> head = Arena.Span(_block, _shape.KeyOffset);
            BinaryPrimitives.WriteInt64LittleEndian(head[_shape.ExpiryOffset..], after);
        }
        _partition!.Expiry.Set(_hash, before, after, _database.Space.Clock.NowMs);
    }

    /// <summary>The entry is about to change: a snapshot that has not seen it yet takes it as it is, and its size is noted.</summary>
    private void BeforeChange()
    {
        if (!_isBeside) _database.Space.SizeLedger.Open(_database.KeptSizes, _block, _shape);
        KeepForSnapshot();
    }

    /// <summary>The same where the size stays, or is counted otherwise.</summary>
    private void KeepForSnapshot()
    {
        EntryFlags mark = _database.Space.Mark;
        if ((_shape.Flags & EntryFlags.Mark) == mark) return;
        _database.Space.Snapshot?.Keep(_partition!, _block);
        EntryFlags flags = (_shape.Flags & ~EntryFlags.Mark) | mark;
        _shape = new EntryShape(flags, _shape.KeyLength, _shape.ValueLength);
        _shape.WriteTo(Arena.Span(_block, _shape.TotalBytes));
    }

    private void MarkString(EntryFlags how)
    {
        _shape = new EntryShape(_shape.Flags | how, _shape.KeyLength, _shape.ValueLength);
        _shape.WriteTo(Arena.Span(_block, _shape.TotalBytes));
    }
}
