using System.Buffers.Binary;
using Galley.Store.Memory;
using Galley.Store.Types;

namespace Galley.Store.Keyspace;

/// <summary>
/// How a key and its value lie in one block of the arena. An entry pays only for what it has:
/// <code>
///   0       1         4         5         6
///   +-------+---------+---------+---------+- - - - - -+- - - - -+- - - - - -+
///   | head  | use     | key     | value   | expiry 8  | key     | value     |
///   |       | 24 bits | length  | length  | optional  |         |           |
///   +-------+---------+---------+---------+- - - - - -+- - - - -+- - - - - -+
///   wide:             | key length 4      | value length 4    | expiry ...
///   head    type (3 bits) | edited | expires | mark | wide | text
/// </code>
/// Both lengths take four bytes when one does not fit a byte. A value (or a key) too long for a block is a large block
/// of its own: its place in the entry then holds <see cref="LargeReference"/>, and the top bit of its length says so.
/// The value of a collection is the root of its structure. <c>use</c> is the clock of its last use (LRU, in seconds) or
/// minutes and a counter (LFU).
/// </summary>
internal struct EntryLayout : IKeyLayout
{
    public const int NarrowHeader = 6;
    public const int WideHeader = 12;

    /// <summary>What stands in the place of a large key or value: its block, and its length in bytes.</summary>
    public const int LargeReference = 16;

    /// <summary>A longer value lives in a large block; what is left of a block holds the key and the header.</summary>
    public const int ValueBytesMax = 32 * 1024;

    /// <summary>A longer key lives in a large block.</summary>
    public const int KeyBytesMax = 31 * 1024;

    public static ReadOnlySpan<byte> KeyOf(Arena arena, BlockRef block)
    {
        EntryShape shape = EntryShape.Read(arena, block);
        return shape.KeyIn(arena, block);
    }
}

/// <summary>The head of an entry, and what its lengths say beside it.</summary>
[Flags]
internal enum EntryFlags : ushort
{
    None = 0,

    /// <summary>A <see cref="KeyType"/>.</summary>
    TypeMask = 0x07,

    /// <summary>A string that was edited in place (APPEND, SETRANGE): OBJECT ENCODING shows it as raw.</summary>
    Edited = 0x08,

    Expires = 0x10,

    /// <summary>Equal to the keyspace's own mark when the present snapshot has this entry (see SnapshotWalk).</summary>
    Mark = 0x20,

    Wide = 0x40,

    /// <summary>A string written whole by INCRBYFLOAT: never shown as int, whatever its content.</summary>
    Text = 0x80,

    HeadMask = 0xFF,
    LargeKey = 0x100,
    LargeValue = 0x200,
}

/// <summary>The parts of one entry, by offset.</summary>
internal readonly struct EntryShape
{
    private const uint LargeBit = 1u << 31;
    private const int LengthsOffset = 4;

    public readonly EntryFlags Flags;
    public readonly int KeyLength;
    public readonly int ValueLength;

    public EntryShape(EntryFlags flags, int keyLength, int valueLength)
    {
        bool wide = keyLength > byte.MaxValue || valueLength > byte.MaxValue
            || (flags & (EntryFlags.LargeKey | EntryFlags.LargeValue)) != 0;
        Flags = wide ? flags | EntryFlags.Wide : flags & ~EntryFlags.Wide;
        KeyLength = keyLength;
        ValueLength = valueLength;
    }

    private EntryShape(ReadOnlySpan<byte> head)
    {
        Flags = (EntryFlags)head[0];
        KeyLength = head[LengthsOffset];
        ValueLength = head[LengthsOffset + 1];
    }

    private EntryShape(EntryFlags flags, ReadOnlySpan<byte> lengths)
    {
        uint key = BinaryPrimitives.ReadUInt32LittleEndian(lengths);
        uint value = BinaryPrimitives.ReadUInt32LittleEndian(lengths[sizeof(uint)..]);
        if ((key & LargeBit) != 0) flags |= EntryFlags.LargeKey;
        if ((value & LargeBit) != 0) flags |= EntryFlags.LargeValue;
        Flags = flags;
        KeyLength = (int)(key & ~LargeBit);
        ValueLength = (int)(value & ~LargeBit);
    }

    public static EntryShape Read(Arena arena, BlockRef block)
    {
        Span<byte> head = arena.Span(block, EntryLayout.NarrowHeader);
        return ((EntryFlags)head[0] & EntryFlags.Wide) == 0
            ? new EntryShape(head)
            : new EntryShape((EntryFlags)head[0], arena.Span(block, EntryLayout.WideHeader)[LengthsOffset..]);
    }

    public KeyType Type => (KeyType)(Flags & EntryFlags.TypeMask);

    public bool Has(EntryFlags flag) => (Flags & flag) != 0;

    public int ExpiryOffset => Has(EntryFlags.Wide) ? EntryLayout.WideHeader : EntryLayout.NarrowHeader;

    public int KeyOffset => ExpiryOffset + (Has(EntryFlags.Expires) ? sizeof(long) : 0);

    public int ValueOffset => KeyOffset + KeyLength;

    public int TotalBytes => ValueOffset + ValueLength;

    /// <summary>Writes the header, but for the use.</summary>
    public void WriteTo(Span<byte> entry)
    {
        entry[0] = (byte)(Flags & EntryFlags.HeadMask);
        if (!Has(EntryFlags.Wide))
        {
            entry[LengthsOffset] = (byte)KeyLength;
            entry[LengthsOffset + 1] = (byte)ValueLength;
            return;
        }
        uint key = Has(EntryFlags.LargeKey) ? (uint)KeyLength | LargeBit : (uint)KeyLength;
        uint value = Has(EntryFlags.LargeValue) ? (uint)ValueLength | LargeBit : (uint)ValueLength;
        BinaryPrimitives.WriteUInt32LittleEndian(entry[LengthsOffset..], key);
        BinaryPrimitives.WriteUInt32LittleEndian(entry[(LengthsOffset + sizeof(uint))..], value);
    }

    public ReadOnlySpan<byte> KeyIn(Arena arena, BlockRef block) =>
        Part(arena, block, KeyOffset, KeyLength, Has(EntryFlags.LargeKey));

    public ReadOnlySpan<byte> ValueIn(Arena arena, BlockRef block) =>
        Part(arena, block, ValueOffset, ValueLength, Has(EntryFlags.LargeValue));

    private static ReadOnlySpan<byte> Part(Arena arena, BlockRef block, int offset, int length, bool large)
    {
        ReadOnlySpan<byte> bytes = arena.Span(block, offset + length)[offset..];
        if (!large) return bytes;
        LargeString place = LargeString.Read(bytes);
        return arena.Span(place.Block, place.Length);
    }
}

/// <summary>A string in a large block: where, and how long it is (the block may have room beyond).</summary>
internal readonly record struct LargeString(BlockRef Block, int Length, int Capacity)
{
    public static LargeString Read(ReadOnlySpan<byte> place) => new(
        new BlockRef(BinaryPrimitives.ReadUInt64LittleEndian(place)),
        BinaryPrimitives.ReadInt32LittleEndian(place[8..]),
        BinaryPrimitives.ReadInt32LittleEndian(place[12..]));

    public void WriteTo(Span<byte> place)
    {
        BinaryPrimitives.WriteUInt64LittleEndian(place, Block.Value);
        BinaryPrimitives.WriteInt32LittleEndian(place[8..], Length);
        BinaryPrimitives.WriteInt32LittleEndian(place[12..], Capacity);
    }
}
