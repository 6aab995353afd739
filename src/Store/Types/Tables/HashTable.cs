using System.Runtime.CompilerServices;
using Galley.Store.Memory;

namespace Galley.Store.Types;

/// <summary>
/// A hash table that never grows as a whole: a trie over the bits of the hash whose leaves are sorted segments of at
/// most 8 KiB. The keyspace, and every large set, hash and sorted set, is one of these. The elements are blocks of
/// the arena that the owner makes; the table has 8 bytes and a bit for each.
///
/// <code>
///   root (16 bytes, in its owner)
///   |Top|Count|
///     |                     level 0: node of 2 to 256 children, by the first byte of the hash
///     +--------------->  | * | * | * | * | ... | * |
///                          |  /    |             |
///          segment of depth 7    segment of      node of level 1, by the second byte  | * | * | ... | * |
///          (2 children)          depth 8         (when a segment of depth 8 is full)    |    \    /
///          | 24-bit tag, BlockRef | ... |                                            segment   segment of depth 2
///                       |
///                       v
///                  the owner's block, in which TLayout finds the key
/// </code>
///
/// A table of few elements is one segment without a node: 16 bytes for one element, 32 for three.
///
/// How it grows. A full segment gets the next size class, re-spread from the tags alone; at 8 KiB it splits in two by
/// the next bit of the hash; when the byte's 8 bits are used up a node of the next level takes its place, and only
/// then are keys read, to hash them again for 24 further bits (at 230,000, 60 million ... elements, a segment at a
/// time: 0.1 ms). It shrinks the same way back: smaller classes, buddies merge, nodes with one segment collapse (no
/// key is read: the path has the bits). So a change costs at most a segment, load is 80 to 90 % at every size, and
/// nothing is ever moved in the background.
///
/// Order. Segments are sorted by tag and the trie by its bits, so a walk from left to right is in the order of the
/// hash. That is what <see cref="Scan"/> stands on: a cursor is a prefix of the hash, and what splits or merges
/// keeps its place in the order.
///
/// Cost: a look-up reads one word a level, about five slots (a cache line or two), and the keys whose 24-bit tag is
/// equal. An insertion moves about 50 slots up by one copy. Rule 6: BeforeChange is called for each segment and node
/// before it is changed or freed. Not done: linear hashing (grows in address order, so it needs a pointer to where it is
/// and cursors that know), buckets of a cache line (load of 60 to 70 %), tombstones (they outlive their use).
/// </summary>
public static partial class HashTable<TLayout> where TLayout : struct, IKeyLayout
{
    /// <summary>Finds the element with this key; the hash is SipHash of the key.</summary>
    public static TablePosition Find(Arena arena, in HashTableRoot root, ulong hash, ReadOnlySpan<byte> key, out BlockRef block)
    {
        block = default;
        if (root.Top == 0) return TablePosition.None;
        ChildWord child = TrieNode.Descend(arena, new ChildWord(root.Top), ref hash);
        var segment = new Segment(arena, child);
        ReadOnlySpan<ulong> slots = segment.Slots;
        ulong tag = hash >> BlockRef.Bits;
        ulong least = tag << BlockRef.Bits;
        for (int i = segment.StartOf(tag); (uint)i < (uint)slots.Length; i++)
        {
            ulong slot = slots[i];
            if (slot > (least | BlockRef.Mask)) break;
            if (slot <= least)
            {
                if (slot == 0) break;
                continue;
            }

            block = Segment.BlockOf(slot);
            if (TLayout.KeyOf(arena, block).SequenceEqual(key)) return new TablePosition(child.Block, i);
        }

        block = default;
        return TablePosition.None;
    }

    /// <summary>Adds a block whose key is not there.</summary>
    public static void Insert(Arena arena, ref HashTableRoot root, KeyedHash hashing, ulong hash, BlockRef block)
    {
        if (root.Top == 0) root.Top = Segment.Build(arena, level: 0, depth: 0, Segment.WordsFor(1), []).Value;
        while (!TryInsert(arena, root, hash, block)) MakeRoom(arena, ref root, hashing, hash);
        root.Count++;
    }

    /// <summary>Puts another block with the same key in the place of the one found.</summary>
    public static void Replace(Arena arena, TablePosition position, BlockRef block)
    {
        arena.BeforeChange(position.Segment);
        ref ulong slot = ref arena.Words(position.Segment, position.Slot + 2)[position.Slot + 1];
        slot = Segment.SlotOf(Segment.TagOf(slot), block);
    }

    /// <summary>Takes the element out of the table; its block is the caller's to free.</summary>
    public static void Remove(Arena arena, ref HashTableRoot root, ulong hash, TablePosition position)
    {
        ulong rest = hash;
        ChildWord child = TrieNode.Descend(arena, new ChildWord(root.Top), ref rest);
        if (child.Block != position.Segment) ThrowStalePosition();
        arena.BeforeChange(child.Block);
        var segment = new Segment(arena, child);
        segment.RemoveAt(position.Slot);
        root.Count--;
        if (segment.IsSparse) Shrink(arena, ref root, hash);
    }

    /// <summary>
    /// Calls the visitor for every element whose hash may be this one: all that are stored of its bits (24 at least,
    /// up to 64 in a large table) are equal. The caller compares the rest, if it matters.
    /// </summary>
    public static void FindByHash<TVisitor>(Arena arena, in HashTableRoot root, ulong hash, ref TVisitor visitor)
        where TVisitor : struct, IBlockVisitor, allows ref struct
    {
        if (root.Top == 0) return;
        ChildWord child = TrieNode.Descend(arena, new ChildWord(root.Top), ref hash);
        var segment = new Segment(arena, child);
        ReadOnlySpan<ulong> slots = segment.Slots;
        ulong tag = hash >> BlockRef.Bits;
        for (int i = segment.StartOf(tag); i < slots.Length && slots[i] != 0 && Segment.TagOf(slots[i]) <= tag; i++)
        {
            if (Segment.TagOf(slots[i]) == tag) visitor.Visit(Segment.BlockOf(slots[i]));
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static bool TryInsert(Arena arena, in HashTableRoot root, ulong hash, BlockRef block)
    {
        ChildWord child = TrieNode.Descend(arena, new ChildWord(root.Top), ref hash);
        var segment = new Segment(arena, child);
        if (segment.IsFull) return false;
        arena.BeforeChange(child.Block);
        return segment.TryInsert(hash >> BlockRef.Bits, block);
    }

    private static void ThrowStalePosition() =>
        throw new InvalidOperationException("The table was changed since this position was found.");
}
