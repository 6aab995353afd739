using Galley.Store.Memory;

namespace Galley.Store.Types;

/// <summary>
/// Scan and Random: walks in the order of the hash.
///
/// <code>
///   cursor   63                                       25 24        0
///            +------------------------------------------+----------+
///            | prefix of the first hash not yet visited |  zeros   |     0 at the beginning and at the end
///            +------------------------------------------+----------+
/// </code>
///
/// The lowest <see cref="CursorFreeBits"/> bits are always zero: the caller puts the partition's number there, and
/// takes it out again. A table knows of an element its path and tag, 24 to 64 bits; elements with the same known
/// prefix (cut at 39 bits: two of 10 million elements share one, by chance, in fewer than a hundred places) are visited together. A cursor may be longer than what the table knows by the time it comes
/// back, when nodes have collapsed: then the group that it points into is visited again from its beginning. So what stays in the
/// table from the first call to the last is visited at least once.
/// </summary>
public static partial class HashTable<TLayout>
{
    /// <summary>How many low bits of a cursor are always zero: so many that a cursor and a partition's number have 53 bits.</summary>
    public const int CursorFreeBits = 25;

    private const ulong CursorMask = ulong.MaxValue << CursorFreeBits;
    private const int RandomTries = 128;

    /// <summary>
    /// By how much a segment may be fuller than its share of the hashes for <see cref="Draw"/> to be uniform. It is 464
    /// elements or more, of which 1/4 is five times the deviation.
    /// </summary>
    private const double LoadMax = 1.25;

    /// <summary>
    /// Visits at least <paramref name="count"/> elements in the order of their hash from the cursor on (0 begins), and
    /// returns the next cursor, 0 at the end. An element that is there from the first call to the last is visited,
    /// whatever is added and removed between. With <see cref="int.MaxValue"/> it is a walk over all.
    /// </summary>
    public static ulong Scan<TVisitor>(Arena arena, in HashTableRoot root, ulong cursor, int count, ref TVisitor visitor)
        where TVisitor : struct, IBlockVisitor, allows ref struct
    {
        if (root.Top == 0) return 0;
        count = Math.Max(count, 1);
        ulong position = cursor & CursorMask;
        ulong group = 0;
        int visited = 0;
        do
        {
            var path = new TablePath(arena, root, position);
            var segment = new Segment(arena, path.Segment);
            ulong pathBits = PathBits(position, path.Level);
            ulong firstTag = (position << (TrieNode.BitsMax * path.Level)) >> BlockRef.Bits;
            Span<ulong> slots = segment.Slots;
            for (int i = segment.StartOf(firstTag); i < slots.Length; i++)
            {
                if (slots[i] == 0 || Segment.TagOf(slots[i]) < firstTag) continue;
                ulong prefix = (pathBits | PrefixOf(slots[i], path.Level)) & CursorMask;
                if (visited >= count && prefix != group) return prefix;
                group = prefix;
                visited++;
                visitor.Visit(Segment.BlockOf(slots[i]));
            }

            position = path.End;
        }
        while (position != 0);
        return 0;
    }

    /// <summary>A random element, each as likely as any other; None when empty.</summary>
    public static BlockRef Random(Arena arena, in HashTableRoot root, System.Random random)
    {
        if (Draw(arena, in root, random, out _, out BlockRef block).IsFound || root.Count == 0) return block;
        var first = new FirstVisitor();
        Scan(arena, root, 0, 1, ref first);
        return first.Block;
    }

    /// <summary>
    /// A random element, each as likely as any other, where it is, and a hash that leads there, so that it can be removed
    /// without being looked up. None when the table is empty, or so sparse that no draw has met an element.
    /// <para>
    /// A hash is drawn, and an element of the segment that it leads to. Chance has filled some segments more than others,
    /// whose elements would come less often: so a draw counts with a chance that grows with the segment's load.
    /// </para>
    /// </summary>
    public static TablePosition Draw(Arena arena, in HashTableRoot root, System.Random random, out ulong hash, out BlockRef block)
    {
        hash = 0;
        block = default;
        if (root.Count == 0) return TablePosition.None;
        for (int tries = 0; tries < RandomTries; tries++)
        {
            hash = (ulong)random.NextInt64(long.MinValue, long.MaxValue);
            ulong rest = hash;
            ChildWord child = TrieNode.Descend(arena, new ChildWord(root.Top), ref rest);
            var segment = new Segment(arena, child);
            if (!Counts(segment, root.Count, random)) continue;
            int slot = RandomSlot(segment, random);
            if (slot < 0) continue;
            block = Segment.BlockOf(segment.Slots[slot]);
            return new TablePosition(child.Block, slot);
        }
        return TablePosition.None;
    }

    /// <summary>Whether a draw that has met this segment counts: the fuller it is beside its share of the hashes, the likelier.</summary>
    private static bool Counts(Segment segment, long total, System.Random random)
    {
        int bits = (TrieNode.BitsMax * segment.Level) + segment.Depth;
        return bits == 0 || random.NextDouble() * LoadMax * Math.ScaleB(total, -bits) < segment.Count;
    }

    /// <summary>A slot of the segment that is taken, each as likely as any other, or -1.</summary>
    private static int RandomSlot(Segment segment, System.Random random)
    {
        Span<ulong> slots = segment.Slots;
        if (segment.IsPacked) slots = slots[..segment.Count];
        if (slots.IsEmpty) return -1;
        for (int tries = 0; tries < RandomTries; tries++)
        {
            int slot = random.Next(slots.Length);
            if (slots[slot] != 0) return slot;
        }

        return -1;
    }

    /// <summary>The bytes of the hash above a level, in their place.</summary>
    private static ulong PathBits(ulong hash, int level) => level == 0 ? 0 : hash & (ulong.MaxValue << (64 - (TrieNode.BitsMax * level)));

    /// <summary>The bits of a tag in their place; at the last levels some of it lies beyond the hash's end.</summary>
    private static ulong PrefixOf(ulong slot, int level) => (Segment.TagOf(slot) << BlockRef.Bits) >> (TrieNode.BitsMax * level);

    private struct FirstVisitor : IBlockVisitor
    {
        public BlockRef Block { get; private set; }

        public void Visit(BlockRef block)
        {
            if (Block.IsNone) Block = block;
        }
    }
}
