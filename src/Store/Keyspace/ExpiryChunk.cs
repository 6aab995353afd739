using System.Buffers.Binary;
using System.Runtime.InteropServices;
using Galley.Store.Memory;

namespace Galley.Store.Keyspace;

/// <summary>A list of hashes in chunks of the arena, the newest first; chunks double in size up to 4 KiB.</summary>
internal static class ExpiryChunk
{
    private const int Header = 16;
    private const int BytesMin = 32;
    private const int BytesMax = 4096;

    /// <summary>Hashes in the largest chunk.</summary>
    public const int ItemsMax = (BytesMax - Header) / sizeof(ulong);

    public static void Push(Arena arena, ref BlockRef head, ulong hash)
    {
        if (head.IsNone || Count(arena, head) == Room(arena, head)) AddChunk(arena, ref head);
        int count = Count(arena, head);
        Items(arena, head)[count] = hash;
        SetCount(arena, head, count + 1);
    }

    public static bool TryPop(Arena arena, ref BlockRef head, out ulong hash)
    {
        hash = 0;
        if (head.IsNone) return false;
        int count = Count(arena, head) - 1;
        hash = Items(arena, head)[count];
        if (count == 0) RemoveChunk(arena, ref head);
        else SetCount(arena, head, count);
        return true;
    }

    /// <summary>Takes the first chunk whole; returns how many hashes it had.</summary>
    public static int PopChunk(Arena arena, ref BlockRef head, Span<ulong> hashes)
    {
        int count = Count(arena, head);
        Items(arena, head)[..count].CopyTo(hashes);
        RemoveChunk(arena, ref head);
        return count;
    }

    public static void FreeAll(Arena arena, ref BlockRef head)
    {
        while (!head.IsNone) RemoveChunk(arena, ref head);
    }

    /// <summary>Bytes of the blocks of a list.</summary>
    public static long CountBytes(Arena arena, BlockRef head)
    {
        long bytes = 0;
        for (BlockRef chunk = head; !chunk.IsNone; chunk = NextOf(arena, chunk)) bytes += arena.SizeOf(chunk);
        return bytes;
    }

    /// <summary>The chunk that is older than this one, or none.</summary>
    public static BlockRef NextOf(Arena arena, BlockRef chunk) =>
        new(BinaryPrimitives.ReadUInt64LittleEndian(arena.Span(chunk, Header)));

    /// <summary>The hashes of one chunk.</summary>
    public static ReadOnlySpan<ulong> ItemsOf(Arena arena, BlockRef chunk) => Items(arena, chunk)[..Count(arena, chunk)];

    private static void AddChunk(Arena arena, ref BlockRef head)
    {
        int room = head.IsNone ? (BytesMin - Header) / sizeof(ulong) : Math.Min(ItemsMax, 2 * Room(arena, head));
        BlockRef chunk = arena.Allocate(Header + room * sizeof(ulong));
        Span<byte> bytes = arena.Span(chunk, Header);
        BinaryPrimitives.WriteUInt64LittleEndian(bytes, head.Value);
        BinaryPrimitives.WriteInt32LittleEndian(bytes[8..], 0);
        BinaryPrimitives.WriteInt32LittleEndian(bytes[12..], room);
        head = chunk;
    }

    private static void RemoveChunk(Arena arena, ref BlockRef head)
    {
        BlockRef next = NextOf(arena, head);
        arena.Free(head);
        head = next;
    }

    private static int Count(Arena arena, BlockRef chunk) =>
        BinaryPrimitives.ReadInt32LittleEndian(arena.Span(chunk, Header)[8..]);

    private static void SetCount(Arena arena, BlockRef chunk, int count) =>
        BinaryPrimitives.WriteInt32LittleEndian(arena.Span(chunk, Header)[8..], count);

    private static int Room(Arena arena, BlockRef chunk) =>
        BinaryPrimitives.ReadInt32LittleEndian(arena.Span(chunk, Header)[12..]);

    private static Span<ulong> Items(Arena arena, BlockRef chunk) =>
        MemoryMarshal.Cast<byte, ulong>(arena.Span(chunk, Header + Room(arena, chunk) * sizeof(ulong))[Header..]);
}
