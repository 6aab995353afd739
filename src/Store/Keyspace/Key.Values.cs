using System.Buffers.Binary;
using Galley.Store.Keyspace.Values;
using Galley.Store.Memory;

namespace Galley.Store.Keyspace;

/// <content>
/// Collections. A small one is packed into the entry itself; a large one is a structure whose root is there. What the
/// bytes mean, the types' own facades in Values/ know; they are the only callers.
/// </content>
public ref partial struct Key
{
    /// <summary>How the collection lies in memory; only when it exists and is no string.</summary>
    internal readonly ValueForm Form => new(Value[0]);

    /// <summary>The elements of a packed collection.</summary>
    internal readonly ReadOnlySpan<byte> Packed => Value[ValueForm.PackedHeader..];

    /// <summary>How many elements a packed collection has.</summary>
    internal readonly int PackedCount => BinaryPrimitives.ReadUInt16LittleEndian(Value[ValueForm.RootedHeader..]);

    /// <summary>The collection, to be read.</summary>
    internal readonly CollectionView View => new(Arena, Value);

    /// <summary>The root of a collection that is a structure of its own, to be read.</summary>
    internal readonly ReadOnlySpan<byte> Root => Value[ValueForm.RootedHeader..];

    /// <summary>Where the key, and what is made for it, lives.</summary>
    internal readonly Databases Space => _database.Space;

    /// <summary>The arena in which the structure lies.</summary>
    internal readonly Arena Memory => Arena;

    /// <summary>The secret by which elements are hashed.</summary>
    internal readonly Types.KeyedHash Hashing => _database.Space.Hashing;

    /// <summary>What compresses the leaves of lists.</summary>
    internal readonly Types.ListCompressor ListCompressor => _database.Space.ListCompressor;

    /// <summary>The thresholds of encodings.</summary>
    internal readonly Configuration.Settings Settings => _database.Space.Settings;

    /// <summary>Fields that expire up to this time are not there any more; none is, while the log is read.</summary>
    internal readonly long FieldsPastMs => _database.Space.IsLoading ? long.MinValue : _database.Space.Clock.NowMs;

    /// <summary>When the first field of a hash expires, in milliseconds since 1970, or -1.</summary>
    internal readonly long FieldsDueMs => HasFieldExpiries ? HashValue.NextDueMs(View) : Database.NoExpiry;

    /// <summary>It is a hash of which some field expires.</summary>
    internal readonly bool HasFieldExpiries => Exists && Type == KeyType.Hash && HashValue.HasExpiries(Form);

    /// <summary>
    /// The root, to be changed: whoever changes the structure takes it from here, first, each time a command begins to.
    /// It stays where it is until this entry is written or given another expiry.
    /// </summary>
    internal Span<byte> EditRoot()
    {
        BeforeChange();
        return ValueBytes[ValueForm.RootedHeader..];
    }

    /// <summary>As <see cref="EditRoot()"/>, to change this element of a table or tree, or to take it out.</summary>
    internal Span<byte> EditRoot(BlockRef element)
    {
        BeforeChange();
        Span<byte> value = ValueBytes;
        if (new ValueForm(value[0]).IsBeingSaved) Space.Huge.BeforeChange(_block, element);
        return value[ValueForm.RootedHeader..];
    }

    /// <summary>As <see cref="EditRoot()"/>, to add an element of this name, which is not there.</summary>
    internal Span<byte> EditRoot(scoped ReadOnlySpan<byte> added)
    {
        BeforeChange();
        Span<byte> value = ValueBytes;
        if (new ValueForm(value[0]).IsBeingSaved) Space.Huge.BeforeAdd(_block, added);
        return value[ValueForm.RootedHeader..];
    }

    /// <summary>As <see cref="EditRoot()"/>, to change leaves of a list or a stream; to be disposed of afterwards.</summary>
    internal LeafEdit EditLeaves()
    {
        BeforeChange();
        Span<byte> value = ValueBytes;
        if (new ValueForm(value[0]).IsBeingSaved) Space.Huge.BeforeLeaves(_block);
        return new LeafEdit(Arena, value[ValueForm.RootedHeader..]);
    }

    /// <summary>Gives the key a packed collection, whatever was there; the elements are the caller's to write.</summary>
    /// <param name="expiresAtMs">-1 for none, <see cref="ExpiresAtMs"/> to keep it.</param>
    internal Span<byte> PlacePacked(KeyType type, ValueForm form, int count, int bytes, long expiresAtMs)
    {
        Span<byte> value = Place((EntryFlags)type, ValueForm.PackedHeader + bytes, expiresAtMs);
        WritePackedHeader(value, form, count);
        return value[ValueForm.PackedHeader..];
    }

    /// <summary>Gives the key a collection with a root, whatever was there; the root is zero, and the caller's to write.</summary>
    internal Span<byte> PlaceRoot(KeyType type, ValueForm form, long expiresAtMs)
    {
        Span<byte> value = Place((EntryFlags)type, ValueForm.RootedHeader + RootedValue.Of(type).RootBytes, expiresAtMs);
        value[0] = form.Value;
        value = value[ValueForm.RootedHeader..];
        value.Clear();
        return value;
    }

    /// <summary>
    /// Takes some bytes out of the packed elements and makes room for others in their place; returns all of them, to be
    /// written there. Spans of the old elements are stale then.
    /// </summary>
    /// <param name="countChange">By how much the number of elements changes.</param>
    internal Span<byte> Splice(int at, int removed, int inserted, int countChange)
    {
        BeforeChange();
        int count = PackedCount + countChange;
        int from = ValueForm.PackedHeader + at + removed;
        int to = ValueForm.PackedHeader + at + inserted;
        int length = _shape.ValueLength;
        if (inserted < removed) ValueBytes[from..].CopyTo(ValueBytes[to..]);
        if (inserted != removed)
            Reshape(new EntryShape(_shape.Flags, _shape.KeyLength, length + inserted - removed));
        Span<byte> value = ValueBytes;
        if (inserted > removed) value[from..length].CopyTo(value[to..]);
        WritePackedHeader(value, Form, count);
        return value[ValueForm.PackedHeader..];
    }

    /// <summary>Changes what the form says beside the elements: the encoding shown, the type's own marks.</summary>
    internal void SetForm(ValueForm form)
    {
        if (form == Form) return;
        BeforeChange();
        ValueBytes[0] = form.WithBeingSaved(Form.IsBeingSaved).Value;
    }

    /// <summary>Tells the index that the first field of a hash expires at another time; -1 is never.</summary>
    internal readonly void NoteFieldsDue(long beforeMs, long afterMs)
    {
        if (beforeMs != afterMs) _partition!.Expiry.SetFields(_hash, beforeMs, afterMs, _database.Space.Clock.NowMs);
    }

    private readonly ReadOnlySpan<byte> Value => ValueBytes;

    private readonly Span<byte> ValueBytes => Arena.Span(_block, _shape.TotalBytes)[_shape.ValueOffset..];

    private static void WritePackedHeader(Span<byte> value, ValueForm form, int count)
    {
        value[0] = form.Value;
        BinaryPrimitives.WriteUInt16LittleEndian(value[ValueForm.RootedHeader..], checked((ushort)count));
    }
}
