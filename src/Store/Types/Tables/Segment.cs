using System.Diagnostics;
using System.Runtime.CompilerServices;
using Galley.Store.Memory;

namespace Galley.Store.Types;

/// <summary>
/// A piece of a hash table: up to 1,023 slots in the order of their hashes (ordered linear probing: Amble and Knuth
/// 1974; without wrap-around, so that the piece is a sorted list with gaps).
///
/// <code>
///   0        8                                                                      up to 8,192
///   +--------+--------+--------+--------+--------+--------+--------+-- --+--------+--------+
///   | header |  slot  |  slot  | 0      |  slot  |  slot  |  slot  |     |  slot  | 0      |
///   +--------+--------+--------+--------+--------+--------+--------+-- --+--------+--------+
///            |<------------- homes: the tag scaled to their number -------->|<-- tail -->|
///   header   depth (8 bits) | level (8 bits) | count (32 bits)
///   slot     tag (24 bits)  | BlockRef (40 bits)        0 = empty
/// </code>
///
/// The tag is 24 bits of the hash, from the first byte of the level on; below its first `depth` bits, which all the
/// segment's tags share, it gives the home. An element lies at its home or after, with no gap between, so a look-up
/// goes from the home to the first larger tag, and an insertion moves what follows up to the next gap by one copy.
///
/// Load is 80 to 90 %, since capacity grows by the size classes of the arena (1/8 at most), from the tags alone. A
/// small segment, or one that chance or an attacker has filled so that the tail is used up, is packed instead: sorted
/// without gaps, and a look-up halves its way in. So there is always a representation, at any set of hashes.
/// </summary>
internal readonly ref struct Segment
{
    public const int TagBits = 24;

    /// <summary>A segment is not made longer than 8 KiB, unless all its hashes are equal.</summary>
    public const int WordsMax = 1024;

    public const ulong TagMask = (1UL << TagBits) - 1;

    private const int PackedSlotsMax = 31;
    private const int CrowdedWordsMax = 160;
    private const ulong CountMask = uint.MaxValue;

    private readonly Span<ulong> _words;
    private readonly int _depth;
    private readonly ulong _homes;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public Segment(Arena arena, ChildWord child)
    {
        _words = arena.Words(child.Block, child.Words);
        _depth = child.Depth;
        _homes = child.IsPacked ? 0 : HomesOf(child.Words - 1);
    }

    public Span<ulong> Slots
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => _words[1..];
    }

    public int Count
    {
        get => (int)(_words[0] & CountMask);
        private set => _words[0] = (_words[0] & ~CountMask) | (uint)value;
    }

    public bool IsPacked => _homes == 0;

    public int Level => (int)((_words[0] >> 32) & 0xFF);

    public int Depth => (int)((_words[0] >> 40) & 0xFF);

    public bool IsFull => Count >= CountMax(_words.Length);

    /// <summary>Room is left and yet no gap for an insertion: so many have their homes at the end.</summary>
    public bool IsCrowded => _homes != 0 && (_words.Length <= CrowdedWordsMax || Count < CountMax(_words.Length) * 3 / 4);

    /// <summary>Little enough is in it that it should be made smaller, or become one with its buddy.</summary>
    public bool IsSparse => Count < SparseCount(_words.Length);

    public static ulong TagOf(ulong slot) => slot >> BlockRef.Bits;

    public static BlockRef BlockOf(ulong slot) => new(slot & BlockRef.Mask);

    public static ulong SlotOf(ulong tag, BlockRef block) => (tag << BlockRef.Bits) | block.Value;

    /// <summary>Where elements with this tag begin, or where smaller ones that were displaced may still lie.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public int StartOf(ulong tag)
    {
        if (_homes != 0) return (int)((((tag << _depth) & TagMask) * _homes) >> TagBits);
        return _words.Length <= PackedSlotsMax + 1 ? 0 : LowerBound(tag);
    }

    /// <summary>Reads the head and the slot at which an element with this tag would be sought.</summary>
    public ulong Touch(ulong tag) => _words[0] ^ _words[1 + Math.Min(StartOf(tag), _words.Length - 2)];

    /// <summary>An element with this tag is there.</summary>
    public bool HasTag(ulong tag)
    {
        ReadOnlySpan<ulong> slots = Slots;
        ulong least = tag << BlockRef.Bits;
        int at = StartOf(tag);
        // Smaller ones that were displaced may lie here.
        while ((uint)at < (uint)slots.Length && slots[at] - 1 < least) at++;
        return (uint)at < (uint)slots.Length && TagOf(slots[at]) == tag && slots[at] != 0;
    }

    /// <summary>Adds an element; false when no gap follows its place.</summary>
    public bool TryInsert(ulong tag, BlockRef block)
    {
        Span<ulong> slots = Slots;
        ulong slot = SlotOf(tag, block);
        int at = StartOf(tag);
        while (at < slots.Length && slots[at] - 1 < slot) at++;
        int gap = slots[at..].IndexOf(0UL);
        if (gap < 0) return false;
        slots.Slice(at, gap).CopyTo(slots[(at + 1)..]);
        slots[at] = slot;
        Count++;
        return true;
    }

    /// <summary>Takes an element out, and moves what was displaced by it one slot back.</summary>
    public void RemoveAt(int slot)
    {
        Span<ulong> slots = Slots;
        int end = slot + 1;
        while (end < slots.Length && slots[end] != 0 && HomeOf(slots[end]) < end) end++;
        slots[(slot + 1)..end].CopyTo(slots[slot..]);
        slots[end - 1] = 0;
        Count--;
    }

    /// <summary>Moves all elements to the first slots.</summary>
    public void CloseGaps()
    {
        Span<ulong> slots = Slots;
        int count = 0;
        foreach (ulong slot in slots)
        {
            if (slot != 0) slots[count++] = slot;
        }

        slots[count..].Clear();
    }

    /// <summary>The first slot that has its hash's bit of this number (1: the first of the level) set, or the end.</summary>
    public int FirstWithBit(int number, out int countBefore)
    {
        ulong bit = 1UL << (64 - number);
        Span<ulong> slots = Slots;
        countBefore = 0;
        for (int i = 0; i < slots.Length; i++)
        {
            if ((slots[i] & bit) != 0) return i;
            if (slots[i] != 0) countBefore++;
        }

        return slots.Length;
    }

    /// <summary>Empties slots whose elements were handed out by Drop, which looks nothing up any more.</summary>
    public void Forget(int first, int end, int count)
    {
        Slots[first..end].Clear();
        Count -= count;
    }

    /// <summary>The slot that an element would have if it were alone.</summary>
    public int HomeOf(ulong slot) => (int)((((TagOf(slot) << _depth) & TagMask) * _homes) >> TagBits);

    /// <summary>
    /// A new segment with these slots, which are in order (first those of one segment, then those of the next).
    /// It is packed when it is small, or when the tail does not hold what the homes displace.
    /// </summary>
    public static ChildWord Build(Arena arena, int level, int depth, int words, ReadOnlySpan<ulong> slots, ReadOnlySpan<ulong> then = default)
    {
        BlockRef block = AllocateWords(arena, words);
        ChildWord child = ChildWord.OfSegment(block, words, depth, isPacked: words - 1 <= PackedSlotsMax);
        if (!new Segment(arena, child).TryFill(level, slots, then))
        {
            child = ChildWord.OfSegment(block, words, depth, isPacked: true);
            bool isFilled = new Segment(arena, child).TryFill(level, slots, then);
            Debug.Assert(isFilled, "More elements than slots.");
        }

        return child;
    }

    /// <summary>The same segment in another block.</summary>
    public static ChildWord Copy(Arena arena, ChildWord segment)
    {
        BlockRef block = arena.Allocate(segment.Words * sizeof(ulong));
        arena.Words(segment.Block, segment.Words).CopyTo(arena.Words(block, segment.Words));
        return ChildWord.OfSegment(block, segment.Words, segment.Depth, segment.IsPacked);
    }

    public static void Free(Arena arena, ChildWord segment)
    {
        arena.BeforeChange(segment.Block);
        if (segment.Words * sizeof(ulong) <= Arena.BlockBytesMax) arena.FreeAtOnce(segment.Block);
        else arena.Release(segment.Block);
    }

    private static int SparseCount(int words) => words - 1 <= PackedSlotsMax ? words / 2 : words * 5 / 8;

    /// <summary>How many elements may be in a segment of this length.</summary>
    public static int CountMax(int words) => words - 1 <= PackedSlotsMax ? words - 1 : (words - 1) * 29 / 32;

    /// <summary>The length for so many elements, with room for some more.</summary>
    public static int WordsFor(int count)
    {
        int words = RoundUp(count < PackedSlotsMax / 2 ? count + 1 : (count * 39 / 32) + 1);
        if (words > WordsMax && count <= CountMax(WordsMax)) return WordsMax;
        while (CountMax(words) < count) words = RoundUp(words + 1);
        return words;
    }

    /// <summary>The next length that has room for one more.</summary>
    public static int WordsAbove(int words)
    {
        int countMax = CountMax(words);
        do words = RoundUp(words + 1);
        while (CountMax(words) <= countMax);
        return words;
    }

    private bool TryFill(int level, ReadOnlySpan<ulong> first, ReadOnlySpan<ulong> second)
    {
        _words.Clear();
        int next = 0;
        int count = 0;
        if (!TryAppend(first, ref next, ref count) || !TryAppend(second, ref next, ref count)) return false;
        _words[0] = (uint)count | ((ulong)(uint)level << 32) | ((ulong)(uint)_depth << 40);
        return true;
    }

    private bool TryAppend(ReadOnlySpan<ulong> source, ref int next, ref int count)
    {
        Span<ulong> slots = Slots;
        foreach (ulong slot in source)
        {
            if (slot == 0) continue;
            int at = Math.Max(next, HomeOf(slot));
            if (at >= slots.Length) return false;
            slots[at] = slot;
            next = at + 1;
            count++;
        }

        return true;
    }

    // Of a packed segment: the first slot whose tag is not smaller.
    private int LowerBound(ulong tag)
    {
        int low = 0;
        int high = Count;
        while (low < high)
        {
            int middle = (low + high) >>> 1;
            if (TagOf(Slots[middle]) < tag) low = middle + 1;
            else high = middle;
        }

        return low;
    }

    /// <summary>The tail is 1/16: at 90 % load one segment of some hundreds is packed for want of it.</summary>
    private static ulong HomesOf(int slots) => (ulong)(slots - (slots >> 4) - 1);

    private static BlockRef AllocateWords(Arena arena, int words)
    {
        int bytes = words * sizeof(ulong);
        return bytes <= Arena.BlockBytesMax ? arena.Allocate(bytes) : arena.AllocateLarge(bytes);
    }

    private static int RoundUp(int words)
    {
        int bytes = words * sizeof(ulong);
        if (bytes <= Arena.BlockBytesMax) return Arena.RoundUp(bytes) / sizeof(ulong);

        // Only equal hashes come here: a quarter of a million of them no keyed hash has.
        words += words / 8;
        if (words > ChildWord.WordsMax) throw new UnreachableException("Too many elements have the same hash.");
        return words;
    }
}
