using System.Buffers.Binary;
using Galley.Store.Memory;
using Galley.Store.Types;

namespace Galley.Store.Keyspace;

/// <summary>
/// Walks over the keys of a database, a few at a call, for SCAN and its like.
/// <code>
///   cursor   | place in the partition's table, as HashTable.Scan gives it | partition |  zeros  |
///            63                                                        25 24       11 10       0
/// </code>
/// The table's part is a prefix of the hash, top bits first, so that a key that stays is met however segments split and
/// merge in between; a key never changes its partition. Partitions are walked in their order, the cursor 0 begins at the
/// first and comes back when the last is done. So a walk costs one step a key, and one for each partition that is there.
/// <para>Any 64 bits are a cursor: one that no walk gave leads to some place, or to the end.</para>
/// </summary>
internal static class KeyspaceScan
{
    /// <summary>How many low bits of a cursor, of this walk and of <see cref="HashTable{TLayout}.Scan"/>, are always zero.</summary>
    public const int CursorFreeBits = 11;

    private const ulong PartitionMask = (Slots.Count - 1UL) << CursorFreeBits;

    /// <summary>
    /// Shows the visitor the keys from the cursor on, at least <paramref name="count"/> of them if there are as many, those
    /// whose time has passed counted and not shown. Returns the next cursor, 0 at the end.
    /// </summary>
    public static ulong Step<TVisitor>(Database database, ulong cursor, int count, ref TVisitor visitor)
        where TVisitor : struct, IKeyVisitor, allows ref struct
    {
        Databases space = database.Space;
        var entries = new Entries<TVisitor>(space.Arena, space.Clock.NowMs, visitor);
        int index = (int)((cursor & PartitionMask) >> CursorFreeBits);
        ulong place = cursor & ~PartitionMask;
        while (index < database.PartitionSlots)
        {
            if (database.PartitionAt(index) is { Count: > 0 } partition)
            {
                if (entries.Met >= count) break;
                place = HashTable<EntryLayout>.Scan(space.Arena, in partition.Table, place, count - entries.Met, ref entries);
                if (place != 0) break;
            }
            place = 0;
            index++;
        }
        visitor = entries.Visitor;
        return index < database.PartitionSlots ? place | ((ulong)index << CursorFreeBits) : 0;
    }

    /// <summary>Shows the visitor every key whose time has not passed.</summary>
    public static void All<TVisitor>(Database database, ref TVisitor visitor)
        where TVisitor : struct, IKeyVisitor, allows ref struct
    {
        ulong cursor = 0;
        do cursor = Step(database, cursor, int.MaxValue, ref visitor);
        while (cursor != 0);
    }

    /// <summary>A key at random, each as likely as any other, or none of an empty database; it may have expired.</summary>
    public static ReadOnlySpan<byte> Random(Database database, Random random)
    {
        long left = random.NextInt64(Math.Max(1, database.Count));
        foreach (Partition partition in database.Partitions)
        {
            if (left >= partition.Count)
            {
                left -= partition.Count;
                continue;
            }
            Arena arena = database.Space.Arena;
            return EntryLayout.KeyOf(arena, HashTable<EntryLayout>.Random(arena, in partition.Table, random));
        }
        return default;
    }

    /// <summary>Reads what a key's visitor wants of its entry.</summary>
    private ref struct Entries<TVisitor>(Arena arena, long nowMs, TVisitor visitor) : IBlockVisitor
        where TVisitor : struct, IKeyVisitor, allows ref struct
    {
        private readonly Arena _arena = arena;
        private readonly long _nowMs = nowMs;

        public TVisitor Visitor = visitor;

        public int Met;

        public void Visit(BlockRef block)
        {
            Met++;
            EntryShape shape = EntryShape.Read(_arena, block);
            ReadOnlySpan<byte> entry = _arena.Span(block, shape.KeyOffset);
            if (shape.Has(EntryFlags.Expires)
                && BinaryPrimitives.ReadInt64LittleEndian(entry[shape.ExpiryOffset..]) <= _nowMs) return;
            Visitor.Visit(shape.KeyIn(_arena, block), shape.Type);
        }
    }
}

/// <summary>What is done with each key that a walk meets.</summary>
internal interface IKeyVisitor
{
    void Visit(ReadOnlySpan<byte> key, KeyType type);
}
