using System.Runtime.InteropServices;
using Galley.Store.Memory;
using Galley.Store.Types;

namespace Galley.Store.Keyspace.Values;

/// <summary>A large set: a hash table of its members.</summary>
internal sealed class SetRoot : RootedValue
{
    private const int TableBytes = 16;

    private SetRoot() { }

    public static SetRoot Instance { get; } = new();

    public override int RootBytes => TableBytes;

    /// <summary>The table in a root's bytes.</summary>
    public static ref HashTableRoot Table(Span<byte> root) => ref MemoryMarshal.AsRef<HashTableRoot>(root);

    /// <summary>The table in a root's bytes, to be read.</summary>
    public static ref readonly HashTableRoot Table(ReadOnlySpan<byte> root) => ref MemoryMarshal.AsRef<HashTableRoot>(root);

    public override long Count(ReadOnlySpan<byte> root) => Table(root).Count;

    public override bool Drop(Arena arena, Span<byte> root, ref int budget)
    {
        ref HashTableRoot table = ref Table(root);
        long before = table.Count;
        var freeing = new Freeing(arena);
        bool isGone = HashTable<MemberLayout>.Drop(arena, ref table, budget, ref freeing);
        budget -= (int)Math.Min(budget, before - table.Count);
        return isGone;
    }

    public override void Copy(Arena arena, KeyedHash hashing, ReadOnlySpan<byte> root, Span<byte> copy)
    {
        var copying = new Copying(arena, hashing);
        HashTable<MemberLayout>.Scan(arena, in Table(root), 0, int.MaxValue, ref copying);
        Table(copy) = copying.Table;
    }

    public override bool Move(BlockMover mover, Span<byte> root, ref MovePlace place)
    {
        var members = new Members();
        place.Cursor = HashTable<MemberLayout>.Move(mover, ref Table(root), place.Cursor, ref members);
        return place.Cursor == 0;
    }

    public override long MemoryBytes(Arena arena, ReadOnlySpan<byte> root, int samples)
    {
        ref readonly HashTableRoot table = ref Table(root);
        if (table.Count == 0) return 0;
        var weighing = new Weighing(arena);
        HashTable<MemberLayout>.Scan(arena, in table, 0, samples == 0 ? int.MaxValue : samples, ref weighing);
        return HashTable<MemberLayout>.OwnBytes(arena, in table) + Sampling.OfAll(weighing.Bytes, table.Count, weighing.Met);
    }

    private readonly struct Members : IElementMover
    {
        public bool Move(BlockMover mover, ref BlockRef block)
        {
            bool isMoved = mover.TryMove(ref block);
            if (mover.WantsTexts) MemberLayout.MoveTexts(mover, block);
            return isMoved;
        }
    }

    private readonly struct Freeing(Arena arena) : IBlockVisitor
    {
        public void Visit(BlockRef block) => MemberLayout.Free(arena, block);
    }

    private struct Copying(Arena arena, KeyedHash hashing) : IBlockVisitor
    {
        public HashTableRoot Table;

        public void Visit(BlockRef block)
        {
            ReadOnlySpan<byte> member = MemberLayout.KeyOf(arena, block);
            HashTable<MemberLayout>.Insert(arena, ref Table, hashing, hashing.Of(member), MemberLayout.Make(arena, member));
        }
    }

    private struct Weighing(Arena arena) : IBlockVisitor
    {
        public long Bytes;

        public long Met;

        public void Visit(BlockRef block)
        {
            Met++;
            Bytes += arena.SizeOf(block) + Element.BytesBeyond(arena, block, 0);
        }
    }
}
