using System.Runtime.InteropServices;
using Galley.Store.Memory;
using Galley.Store.Types;

namespace Galley.Store.Keyspace.Values;

/// <summary>
/// A large hash: a table of its fields, and a tree that has those which expire in the order in which they do, by their
/// expiry as a score. The tree is empty, 16 bytes, where none does.
/// </summary>
internal sealed class HashRoot : RootedValue
{
    private const int TableBytes = 16;
    private const int TreeBytes = 16;

    private HashRoot() { }

    public static HashRoot Instance { get; } = new();

    public override int RootBytes => TableBytes + TreeBytes;

    public static ref HashTableRoot Table(Span<byte> root) => ref MemoryMarshal.AsRef<HashTableRoot>(root);

    public static ref readonly HashTableRoot Table(ReadOnlySpan<byte> root) => ref MemoryMarshal.AsRef<HashTableRoot>(root);

    public static ref CountedTreeRoot Expiries(Span<byte> root) => ref MemoryMarshal.AsRef<CountedTreeRoot>(root[TableBytes..]);

    public static ref readonly CountedTreeRoot Expiries(ReadOnlySpan<byte> root) =>
        ref MemoryMarshal.AsRef<CountedTreeRoot>(root[TableBytes..]);

    public override long Count(ReadOnlySpan<byte> root) => Math.Max(Table(root).Count, Expiries(root).Count);

    /// <summary>The table first, and the fields with it; the tree only knew where they were.</summary>
    public override bool Drop(Arena arena, Span<byte> root, ref int budget)
    {
        ref HashTableRoot table = ref Table(root);
        long before = table.Count;
        var freeing = new Freeing(arena);
        bool isGone = HashTable<FieldLayout>.Drop(arena, ref table, budget, ref freeing);
        budget -= (int)Math.Min(budget, before - table.Count);
        return isGone && SortedTree.DropLeaves(arena, ref Expiries(root), ref budget);
    }

    public override void Copy(Arena arena, KeyedHash hashing, ReadOnlySpan<byte> root, Span<byte> copy)
    {
        var copying = new Copying(arena, hashing, copy);
        HashTable<FieldLayout>.Scan(arena, in Table(root), 0, int.MaxValue, ref copying);
    }

    /// <summary>The table with its fields, of which the tree is told where they expire, then the tree's own blocks.</summary>
    public override bool Move(BlockMover mover, Span<byte> root, ref MovePlace place)
    {
        ref CountedTreeRoot expiries = ref Expiries(root);
        if (place.Stage == 0)
        {
            var fields = new Fields(ref expiries);
            place.Cursor = HashTable<FieldLayout>.Move(mover, ref Table(root), place.Cursor, ref fields);
            if (!place.NextStageIfWhole()) return false;
        }
        var leaves = new PlainLeaves();
        return CountedTree.Move(mover, ref expiries, ref place.Position, ref leaves);
    }

    public override long MemoryBytes(Arena arena, ReadOnlySpan<byte> root, int samples)
    {
        ref readonly HashTableRoot table = ref Table(root);
        if (table.Count == 0) return 0;
        var weighing = new Weighing(arena);
        HashTable<FieldLayout>.Scan(arena, in table, 0, samples == 0 ? int.MaxValue : samples, ref weighing);
        return HashTable<FieldLayout>.OwnBytes(arena, in table) + Sampling.OfAll(weighing.Bytes, table.Count, weighing.Met)
            + SortedTree.OwnBytes(arena, in Expiries(root), samples);
    }

    /// <summary>Adds a field, which is not there.</summary>
    public static void Add(
        Arena arena, KeyedHash hashing, Span<byte> root, ReadOnlySpan<byte> field, ReadOnlySpan<byte> value, long expiresAtMs)
    {
        BlockRef block = FieldLayout.Make(arena, field, value, expiresAtMs);
        HashTable<FieldLayout>.Insert(arena, ref Table(root), hashing, hashing.Of(field), block);
        if (expiresAtMs != FieldLayout.Never) AddExpiry(arena, root, block, expiresAtMs);
    }

    /// <summary>The field's block, which has this expiry, takes its place in the order.</summary>
    public static void AddExpiry(Arena arena, Span<byte> root, BlockRef block, long expiresAtMs) =>
        SortedTree.Insert(arena, ref Expiries(root), expiresAtMs, block);

    /// <summary>The field's block, which has this expiry, leaves the order.</summary>
    public static void RemoveExpiry(Arena arena, Span<byte> root, BlockRef block, long expiresAtMs)
    {
        ref CountedTreeRoot tree = ref Expiries(root);
        SortedTree.Remove(arena, ref tree, PlaceOf(arena, in tree, block, expiresAtMs));
    }

    /// <summary>The field that expires first; there is one.</summary>
    public static BlockRef FirstToExpire(Arena arena, ReadOnlySpan<byte> root)
    {
        TreeCursor cursor = CountedTree.Seek(arena, in Expiries(root), 0, out int offset);
        return SortedTree.Entries(arena, cursor.Leaf)[offset].Element;
    }

    private static SortedPlace PlaceOf(Arena arena, in CountedTreeRoot tree, BlockRef block, long expiresAtMs)
    {
        SortedBound bound = SortedBound.Element(expiresAtMs, FieldLayout.KeyOf(arena, block));
        return SortedTree.Readable(arena, in tree, SortedTree.Find(arena, in tree, bound));
    }

    private readonly ref struct Fields(ref CountedTreeRoot expiries) : IElementMover
    {
        private readonly ref CountedTreeRoot _expiries = ref expiries;

        public bool Move(BlockMover mover, ref BlockRef block)
        {
            if (mover.WantsTexts) FieldLayout.MoveTexts(mover, block);
            if (!mover.Wants(block)) return false;
            long expiresAtMs = FieldLayout.ExpiresAtMs(mover.Arena, block);
            SortedPlace place = expiresAtMs == FieldLayout.Never ? default : PlaceOf(mover.Arena, in _expiries, block, expiresAtMs);
            block = mover.Move(block);
            if (expiresAtMs != FieldLayout.Never) SortedTree.SetElement(mover.Arena, place, block);
            return true;
        }
    }

    private readonly struct Freeing(Arena arena) : IBlockVisitor
    {
        public void Visit(BlockRef block) => FieldLayout.Free(arena, block);
    }

    private readonly ref struct Copying(Arena arena, KeyedHash hashing, Span<byte> copy) : IBlockVisitor
    {
        private readonly Arena _arena = arena;
        private readonly KeyedHash _hashing = hashing;
        private readonly Span<byte> _copy = copy;

        public void Visit(BlockRef block) => Add(
            _arena, _hashing, _copy, FieldLayout.KeyOf(_arena, block), FieldLayout.ValueOf(_arena, block), FieldLayout.ExpiresAtMs(_arena, block));
    }

    private struct Weighing(Arena arena) : IBlockVisitor
    {
        public long Bytes;

        public long Met;

        public void Visit(BlockRef block)
        {
            Met++;
            Bytes += FieldLayout.MemoryBytes(arena, block);
        }
    }
}
