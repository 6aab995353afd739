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
        SortedBound bound = SortedBound.Element(expiresAtMs, FieldLayout.KeyOf(arena, block));
        SortedTree.Remove(arena, ref tree, SortedTree.Readable(arena, in tree, SortedTree.Find(arena, in tree, bound)));
    }

    /// <summary>The field that expires first; there is one.</summary>
    public static BlockRef FirstToExpire(Arena arena, ReadOnlySpan<byte> root)
    {
        TreeCursor cursor = CountedTree.Seek(arena, in Expiries(root), 0, out int offset);
        return SortedTree.Entries(arena, cursor.Leaf)[offset].Element;
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
