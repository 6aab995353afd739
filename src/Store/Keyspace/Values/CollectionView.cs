using System.Buffers.Binary;
using Galley.Store.Memory;

namespace Galley.Store.Keyspace.Values;

/// <summary>The value of a collection, to be read: that of an open key, or of an entry that a snapshot hands over.</summary>
/// <param name="memory">Where a structure of its own lies.</param>
/// <param name="value">The form, and what follows it in the entry.</param>
internal readonly ref struct CollectionView(Arena memory, ReadOnlySpan<byte> value)
{
    private readonly ReadOnlySpan<byte> _value = value;

    public Arena Memory { get; } = memory;

    public ValueForm Form => new(_value[0]);

    /// <summary>The elements of a packed collection.</summary>
    public ReadOnlySpan<byte> Packed => _value[ValueForm.PackedHeader..];

    /// <summary>How many elements a packed collection has.</summary>
    public int PackedCount => BinaryPrimitives.ReadUInt16LittleEndian(_value[ValueForm.RootedHeader..]);

    /// <summary>The root of a collection that is a structure of its own.</summary>
    public ReadOnlySpan<byte> Root => _value[ValueForm.RootedHeader..];
}
