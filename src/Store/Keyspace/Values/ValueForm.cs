using System.Buffers.Binary;

namespace Galley.Store.Keyspace.Values;

/// <summary>
/// The first byte of a collection's value: how it lies in memory, and what OBJECT ENCODING shows. The two are apart,
/// because redis-server's thresholds decide the second and what is best here the first.
/// <code>
///   bit 7     6             5, 4             3..0
///   +--------+-------------+----------------+-----------------+
///   | rooted | being saved | the type's own | encoding        |
///   +--------+-------------+----------------+-----------------+
///   packed   | form 1 | count 2 | elements ...  |    in the entry itself
///   rooted   | form 1 | root of a structure ... |    whose blocks are elsewhere in the arena
/// </code>
/// </summary>
internal readonly record struct ValueForm(byte Value)
{
    /// <summary>The bytes before a root.</summary>
    public const int RootedHeader = 1;

    /// <summary>The bytes before packed elements: the form, and their count.</summary>
    public const int PackedHeader = 3;

    private const byte RootedBit = 0x80;
    private const byte EncodingMask = 0x0F;
    private const int SavedMark = 2;

    public static ValueForm Packed(ValueEncoding encoding) => new((byte)encoding);

    public static ValueForm Rooted(ValueEncoding encoding) => new((byte)((byte)encoding | RootedBit));

    /// <summary>How many elements the collection of this value has.</summary>
    public static long CountOf(KeyType type, ReadOnlySpan<byte> value) => new ValueForm(value[0]).IsRooted
        ? RootedValue.Of(type).Count(value[RootedHeader..])
        : BinaryPrimitives.ReadUInt16LittleEndian(value[RootedHeader..]);

    public bool IsRooted => (Value & RootedBit) != 0;

    /// <summary>As redis-server would hold the value.</summary>
    public ValueEncoding Encoding => (ValueEncoding)(Value & EncodingMask);

    /// <summary>A snapshot is writing it element by element: who changes one tells it first (Snapshots/HugeWalks).</summary>
    public bool IsBeingSaved => HasMark(SavedMark);

    /// <summary>One of two bits that the type may use as it likes, 0 and 1.</summary>
    public bool HasMark(int bit) => (Value & (0x10 << bit)) != 0;

    public ValueForm WithMark(int bit, bool value) =>
        new((byte)(value ? Value | (0x10 << bit) : Value & ~(0x10 << bit)));

    public ValueForm WithBeingSaved(bool value) => WithMark(SavedMark, value);

    public ValueForm With(ValueEncoding encoding) => new((byte)((Value & ~EncodingMask) | (byte)encoding));
}

/// <summary>The encodings of collections that OBJECT ENCODING shows.</summary>
internal enum ValueEncoding : byte
{
    ListPack,
    IntSet,
    HashTable,
    SkipList,
    QuickList,
    ListPackEx,
    Stream,
}

/// <summary>Their names, as redis-server gives them.</summary>
internal static class ValueEncodingNames
{
    public static string Of(ValueEncoding encoding) => encoding switch
    {
        ValueEncoding.ListPack => "listpack",
        ValueEncoding.IntSet => "intset",
        ValueEncoding.HashTable => "hashtable",
        ValueEncoding.SkipList => "skiplist",
        ValueEncoding.QuickList => "quicklist",
        ValueEncoding.ListPackEx => "listpackex",
        ValueEncoding.Stream => "stream",
        _ => throw new System.Diagnostics.UnreachableException(),
    };
}
