using System.Buffers.Binary;
using Galley.Store.Memory;

namespace Galley.Store.Types;

/// <summary>
/// A field of a large hash and its value, in one block; and when it expires, where it does.
/// <code>
///   | field (Element) | value (Element) |
///   | 255 | when it expires 7 | field (Element) | value (Element) |      milliseconds since 1970
/// </code>
/// A field that expires lies as a <see cref="SortedElement"/> does, so that a <see cref="SortedTree"/> keeps the order in
/// which fields expire.
/// </summary>
public struct FieldLayout : IKeyLayout
{
    /// <summary>What <see cref="ExpiresAtMs"/> says of a field that never does.</summary>
    public const long Never = -1;

    /// <summary>The last time that a field may expire at, in milliseconds since 1970: what Redis reads, and seven bytes hold.</summary>
    public const long ExpiryMaxMs = (1L << 48) - 1;

    private const byte ExpiryMark = byte.MaxValue;
    private const int ExpiryBytes = sizeof(long);

    public static ReadOnlySpan<byte> KeyOf(Arena arena, BlockRef block) => Element.TextIn(arena, block, FieldOffset(arena, block));

    public static ReadOnlySpan<byte> ValueOf(Arena arena, BlockRef block) => Element.TextIn(arena, block, ValueOffset(arena, block));

    /// <summary>In milliseconds since 1970, or <see cref="Never"/>.</summary>
    public static long ExpiresAtMs(Arena arena, BlockRef block) => FieldOffset(arena, block) == 0
        ? Never
        : (long)(BinaryPrimitives.ReadUInt64LittleEndian(arena.Span(block, ExpiryBytes)) >> 8);

    /// <summary>Sets when a field expires that already does, at another time.</summary>
    public static void SetExpiry(Arena arena, BlockRef block, long expiresAtMs)
    {
        arena.BeforeChange(block);
        WriteExpiry(arena.Span(block, ExpiryBytes), expiresAtMs);
    }

    public static BlockRef Make(Arena arena, ReadOnlySpan<byte> field, ReadOnlySpan<byte> value, long expiresAtMs = Never)
    {
        int fieldOffset = expiresAtMs == Never ? 0 : ExpiryBytes;
        int valueOffset = fieldOffset + Element.SizeOf(field);
        int size = valueOffset + Element.SizeOf(value);
        BlockRef block = arena.Allocate(size);
        Span<byte> bytes = arena.Span(block, size);
        if (fieldOffset > 0) WriteExpiry(bytes, expiresAtMs);
        Element.Write(arena, bytes[fieldOffset..], field);
        Element.Write(arena, bytes[valueOffset..], value);
        return block;
    }

    /// <summary>Writes a value of the same length over the old one; false where it has another length.</summary>
    public static bool TrySetValue(Arena arena, BlockRef block, ReadOnlySpan<byte> value)
    {
        int offset = ValueOffset(arena, block);
        bool fits = value.Length <= Element.InlineBytesMax && Element.TextIn(arena, block, offset).Length == value.Length;
        if (!fits) return false;
        arena.BeforeChange(block);
        int size = offset + Element.SizeOf(value);
        Element.Write(arena, arena.Span(block, size)[offset..], value);
        return true;
    }

    public static void Free(Arena arena, BlockRef block)
    {
        arena.BeforeChange(block);
        Element.Release(arena, block, FieldOffset(arena, block));
        Element.Release(arena, block, ValueOffset(arena, block));
        arena.Free(block);
    }

    /// <summary>The bytes of its block, and of those that a long field or value has.</summary>
    public static long MemoryBytes(Arena arena, BlockRef block) => arena.SizeOf(block)
        + Element.BytesBeyond(arena, block, FieldOffset(arena, block)) + Element.BytesBeyond(arena, block, ValueOffset(arena, block));

    /// <summary>Moves the blocks that a long field or value has.</summary>
    internal static void MoveTexts(BlockMover mover, BlockRef block)
    {
        Element.MoveText(mover, block, FieldOffset(mover.Arena, block));
        Element.MoveText(mover, block, ValueOffset(mover.Arena, block));
    }

    private static void WriteExpiry(Span<byte> bytes, long expiresAtMs) =>
        BinaryPrimitives.WriteUInt64LittleEndian(bytes, ((ulong)expiresAtMs << 8) | ExpiryMark);

    private static int FieldOffset(Arena arena, BlockRef block) => arena.Span(block, 1)[0] == ExpiryMark ? ExpiryBytes : 0;

    private static int ValueOffset(Arena arena, BlockRef block) => Element.EndIn(arena, block, FieldOffset(arena, block));
}
