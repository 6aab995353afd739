using System.Runtime.InteropServices;
using Galley.Store.Memory;
using Galley.Store.Types;

namespace Galley.Store.Keyspace.Values;

/// <summary>A large sorted set: a hash table that finds an element by its member, and a tree that has it in its order.</summary>
internal sealed class SortedSetRoot : RootedValue
{
    private const int TableBytes = 16;
    private const int TreeBytes = 16;

    private SortedSetRoot() { }

    public static SortedSetRoot Instance { get; } = new();

    public override int RootBytes => TableBytes + TreeBytes;

    public static ref HashTableRoot Table(Span<byte> root) => ref MemoryMarshal.AsRef<HashTableRoot>(root);

    public static ref readonly HashTableRoot Table(ReadOnlySpan<byte> root) => ref MemoryMarshal.AsRef<HashTableRoot>(root);

    public static ref CountedTreeRoot Tree(Span<byte> root) => ref MemoryMarshal.AsRef<CountedTreeRoot>(root[TableBytes..]);

    public static ref readonly CountedTreeRoot Tree(ReadOnlySpan<byte> root) => ref MemoryMarshal.AsRef<CountedTreeRoot>(root[TableBytes..]);

    public override long Count(ReadOnlySpan<byte> root) => Math.Max(Tree(root).Count, Table(root).Count);

    /// <summary>The table first, which leaves the elements to the tree.</summary>
    public override bool Drop(Arena arena, Span<byte> root, ref int budget)
    {
        ref HashTableRoot table = ref Table(root);
        long before = table.Count;
        var leaving = new Leaving();
        bool isGone = HashTable<SortedElement>.Drop(arena, ref table, budget, ref leaving);
        budget -= (int)Math.Min(budget, (before - table.Count) / 4);
        return isGone && SortedTree.Drop(arena, ref Tree(root), ref budget);
    }

    public override void Copy(Arena arena, KeyedHash hashing, ReadOnlySpan<byte> root, Span<byte> copy)
    {
        copy.Clear();
        ref readonly CountedTreeRoot tree = ref Tree(root);
        if (tree.Count == 0) return;
        TreeCursor cursor = CountedTree.Seek(arena, in tree, 0, out _);
        do
        {
            foreach (SortedEntry entry in SortedTree.Entries(arena, cursor.Leaf))
            {
                ReadOnlySpan<byte> member = SortedElement.KeyOf(arena, entry.Element);
                Add(arena, hashing, copy, member, hashing.Of(member), entry.Score);
            }
        }
        while (CountedTree.TryNext(arena, ref cursor));
    }

    /// <summary>The table with its elements, which the tree is told of, then the tree's own blocks.</summary>
    public override bool Move(BlockMover mover, Span<byte> root, ref MovePlace place)
    {
        ref CountedTreeRoot tree = ref Tree(root);
        if (place.Stage == 0)
        {
            var elements = new Elements(ref tree);
            place.Cursor = HashTable<SortedElement>.Move(mover, ref Table(root), place.Cursor, ref elements);
            if (!place.NextStageIfWhole()) return false;
        }
        var leaves = new PlainLeaves();
        return CountedTree.Move(mover, ref tree, ref place.Position, ref leaves);
    }

    public override long MemoryBytes(Arena arena, ReadOnlySpan<byte> root, int samples)
    {
        ref readonly CountedTreeRoot tree = ref Tree(root);
        if (tree.Count == 0) return 0;
        long elements = 0;
        long met = 0;
        TreeCursor cursor = CountedTree.Seek(arena, in tree, 0, out _);
        do
        {
            foreach (SortedEntry entry in SortedTree.Entries(arena, cursor.Leaf))
            {
                elements += SortedElement.MemoryBytes(arena, entry.Element);
                met++;
            }
        }
        while ((samples == 0 || met < samples) && CountedTree.TryNext(arena, ref cursor));
        return Sampling.OfAll(elements, tree.Count, met) + SortedTree.OwnBytes(arena, in tree, samples)
            + HashTable<SortedElement>.OwnBytes(arena, in Table(root));
    }

    /// <summary>Adds an element, which is not there.</summary>
    public static void Add(Arena arena, KeyedHash hashing, Span<byte> root, ReadOnlySpan<byte> member, ulong hash, double score)
    {
        BlockRef element = SortedElement.Make(arena, member, score);
        HashTable<SortedElement>.Insert(arena, ref Table(root), hashing, hash, element);
        SortedTree.Insert(arena, ref Tree(root), score, element);
    }

    private readonly ref struct Elements(ref CountedTreeRoot tree) : IElementMover
    {
        private readonly ref CountedTreeRoot _tree = ref tree;

        public bool Move(BlockMover mover, ref BlockRef block)
        {
            if (mover.WantsTexts) SortedElement.MoveTexts(mover, block);
            if (!mover.Wants(block)) return false;
            Arena arena = mover.Arena;
            SortedBound bound = SortedBound.Element(SortedElement.ScoreOf(arena, block), SortedElement.KeyOf(arena, block));
            SortedPlace place = SortedTree.Readable(arena, in _tree, SortedTree.Find(arena, in _tree, bound));
            block = mover.Move(block);
            SortedTree.SetElement(arena, place, block);
            return true;
        }
    }

    /// <summary>Leaves the elements of a table that is dropped to whoever else has them.</summary>
    internal readonly struct Leaving : IBlockVisitor
    {
        public void Visit(BlockRef block) { }
    }
}
