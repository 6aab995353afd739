using System.Buffers.Binary;
using Galley.Store.Keyspace.Values;
using Galley.Store.Memory;

namespace Galley.Store.Keyspace;

/// <summary>Reads when an entry expires without opening its key.</summary>
internal static class EntryExpiry
{
    /// <summary>Milliseconds since 1970, or -1.</summary>
    public static long Of(Arena arena, BlockRef block)
    {
        EntryShape shape = EntryShape.Read(arena, block);
        return shape.Has(EntryFlags.Expires)
            ? BinaryPrimitives.ReadInt64LittleEndian(arena.Span(block, shape.KeyOffset)[shape.ExpiryOffset..])
            : Database.NoExpiry;
    }

    /// <summary>When the first field of a hash expires, in milliseconds since 1970, or -1.</summary>
    public static long OfFields(Arena arena, BlockRef block)
    {
        EntryShape shape = EntryShape.Read(arena, block);
        return shape.Type == KeyType.Hash
            ? HashValue.NextDueMs(new CollectionView(arena, shape.ValueIn(arena, block)))
            : Database.NoExpiry;
    }
}
