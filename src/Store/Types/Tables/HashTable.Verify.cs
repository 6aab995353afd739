using System.Diagnostics;
using Galley.Store.Memory;

namespace Galley.Store.Types;

/// <summary>Verify: the invariants of the essay, checked over the whole table.</summary>
public static partial class HashTable<TLayout>
{
    /// <summary>Throws at the first thing that does not hold; returns the bytes of the table's own blocks.</summary>
    internal static long Verify(Arena arena, in HashTableRoot root, KeyedHash hashing)
    {
        long count = 0;
        long bytes = 0;
        if (root.Top != 0) VerifyChild(arena, new ChildWord(root.Top), hashing, level: 0, prefix: 0, ref count, ref bytes);
        Require(count == root.Count, "the count of elements");
        Require(count > 0 || root.Top == 0, "an empty table keeps nothing");
        return bytes;
    }

    private static void VerifyChild(Arena arena, ChildWord child, KeyedHash hashing, int level, ulong prefix, ref long count, ref long bytes)
    {
        if (child.IsNode) VerifyNode(arena, child, hashing, level, prefix, ref count, ref bytes);
        else VerifySegment(arena, child, hashing, level, prefix, ref count, ref bytes);
    }

    private static void VerifyNode(Arena arena, ChildWord node, KeyedHash hashing, int level, ulong prefix, ref long count, ref long bytes)
    {
        bytes += arena.SizeOf(node.Block);
        Require(node.Bits is >= 1 and <= TrieNode.BitsMax, "the bits of a node");
        Span<ulong> children = TrieNode.Children(arena, node);
        int deepest = 0;
        for (int i = 0; i < children.Length;)
        {
            var child = new ChildWord(children[i]);
            int depth = child.IsNode ? TrieNode.BitsMax : child.Depth;
            Require(depth <= node.Bits, "a depth beyond its node");
            deepest = Math.Max(deepest, depth);
            int share = 1 << (node.Bits - depth);
            Require(i % share == 0 && !children.Slice(i, share).ContainsAnyExcept(child.Value), "the children of a segment");
            ulong childPrefix = prefix | ((ulong)i << (64 - (TrieNode.BitsMax * level) - node.Bits));
            VerifyChild(arena, child, hashing, child.IsNode ? level + 1 : level, childPrefix, ref count, ref bytes);
            i += share;
        }

        Require(deepest == node.Bits, "a node of twice the children that it needs");
    }

    private static void VerifySegment(Arena arena, ChildWord child, KeyedHash hashing, int level, ulong prefix, ref long count, ref long bytes)
    {
        bytes += arena.SizeOf(child.Block);
        var segment = new Segment(arena, child);
        Require(segment.Level == level && segment.Depth == child.Depth, "a segment's header");
        Span<ulong> slots = segment.Slots;
        int found = 0;
        ulong least = 0;
        for (int i = 0; i < slots.Length; i++)
        {
            if (slots[i] == 0) continue;
            ulong tag = Segment.TagOf(slots[i]);
            ulong hash = TLayout.HashOf(hashing, TLayout.KeyOf(arena, Segment.BlockOf(slots[i])));
            int bits = (TrieNode.BitsMax * level) + child.Depth;
            Require(bits == 0 || (hash ^ prefix) >> (64 - bits) == 0, "an element under the wrong child");
            Require((hash << (TrieNode.BitsMax * level)) >> BlockRef.Bits == tag, "a tag");
            Require(tag >= least, "the order of tags");
            int home = segment.HomeOf(slots[i]);
            Require(home <= i && !slots[home..i].Contains(0UL), "a gap between an element and its home");
            least = tag;
            found++;
        }

        Require(found == segment.Count, "a segment's count");
        Require(!segment.IsPacked || slots[..found].IndexOf(0UL) < 0, "a gap in a packed segment");
        count += found;
    }

    private static void Require(bool holds, string what)
    {
        if (!holds) throw new UnreachableException($"The table is inconsistent: {what}.");
    }
}
