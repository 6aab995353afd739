using Galley.Resp.Protocol;
using Galley.Store.Memory;
using Galley.Store.Types;

namespace Galley.Store.Keyspace.Values;

/// <summary>
/// Sorted sets, for those who do not want to know how they lie in memory: packed pairs of member and score in their order,
/// or a hash table and a tree (<see cref="SortedSetRoot"/>). Key is a sorted set, or is absent where that is said.
/// </summary>
internal static partial class SortedSetValue
{
    private const int WordsPerElement = 2;

    /// <summary>Up to here redis-server keeps a whole number as an integer in a listpack.</summary>
    private const double WholeMax = 1L << 62;

    public static long Count(in Key key) => key.Exists ? Count(key.View) : 0;

    public static long Count(CollectionView set) => set.Form.IsRooted ? SortedSetRoot.Tree(set.Root).Count : set.PackedCount;

    public static bool TryGetScore(in Key key, ReadOnlySpan<byte> member, out double score)
    {
        score = 0;
        if (!key.Exists) return false;
        if (key.Form.IsRooted)
        {
            if (!TryFind(in key, member, out BlockRef element, out _, out _)) return false;
            score = SortedElement.ScoreOf(key.Memory, element);
            return true;
        }
        int at = ListPack.Find(key.Packed, member, WordsPerElement);
        if (at < 0) return false;
        score = ScoreAt(key.Packed, ListPack.Next(key.Packed, at));
        return true;
    }

    /// <summary>How many elements are before the border.</summary>
    public static long RankOf(in Key key, SortedBound bound)
    {
        if (key.Form.IsRooted) return SortedTree.Find(key.Memory, in SortedSetRoot.Tree(key.Root), bound).Rank;
        PackedPosition(key.Packed, key.PackedCount, bound, out int rank);
        return rank;
    }

    /// <summary>The rank of a member, from the lowest score on, or -1.</summary>
    public static long RankOf(in Key key, ReadOnlySpan<byte> member, out double score) =>
        TryGetScore(in key, member, out score) ? RankOf(in key, SortedBound.Element(score, member)) : -1;

    /// <summary>A walk from the element of this rank on; there is one.</summary>
    public static SortedWalk Walk(in Key key, long from, bool isBackward = false) => Walk(key.View, from, isBackward);

    /// <summary>As the other, of a sorted set that is there.</summary>
    public static SortedWalk Walk(CollectionView set, long from, bool isBackward = false) => set.Form.IsRooted
        ? new SortedWalk(set.Memory, in SortedSetRoot.Tree(set.Root), from, isBackward)
        : new SortedWalk(set.Packed, PackedPosition(set.Packed, (int)from, set.PackedCount), isBackward);

    /// <summary>
    /// Shows the visitor at least so many elements from the cursor on, and returns the next cursor, 0 at the end; a
    /// packed sorted set is shown whole.
    /// </summary>
    public static ulong Scan<TVisitor>(in Key key, ulong cursor, int count, ref TVisitor visitor)
        where TVisitor : struct, ISortedVisitor, allows ref struct
    {
        if (!key.Exists) return 0;
        if (key.Form.IsRooted)
        {
            var elements = new Elements<TVisitor>(key.Memory, visitor);
            cursor = HashTable<SortedElement>.Scan(key.Memory, in SortedSetRoot.Table(key.Root), cursor, count, ref elements);
            visitor = elements.Visitor;
            return cursor;
        }
        if (key.PackedCount == 0) return 0;
        SortedWalk walk = Walk(in key, 0);
        while (walk.TryNext(out ListPackElement member, out double score)) visitor.Visit(member, score);
        return 0;
    }

    /// <summary>
    /// Prints a score as ZSCAN shows it, in which a listpack's whole numbers have no exponent; returns the length. There
    /// must be room for <see cref="Numbers.DoubleBytesMax"/> bytes.
    /// </summary>
    public static int FormatScore(in Key key, double score, Span<byte> text) =>
        key.Form.Encoding == ValueEncoding.ListPack && IsWhole(score)
            ? Numbers.FormatInt64((long)score, text)
            : Numbers.FormatDouble(score, text);

    internal static double ScoreAt(ReadOnlySpan<byte> pack, int at)
    {
        ListPackElement score = ListPack.Read(pack, at);
        if (score.IsInteger) return score.Integer;
        return Numbers.TryParseDouble(score.TextIn(default), out double value)
            ? value
            : throw new System.Diagnostics.UnreachableException("A score that is no number.");
    }

    private static bool IsWhole(double score) => Math.Abs(score) <= WholeMax && Math.Floor(score) == score;

    private static int PackedPosition(ReadOnlySpan<byte> pack, int rank, int count) =>
        ListPack.PositionOf(pack, rank * WordsPerElement, count * WordsPerElement);

    /// <summary>Where the first pair that is not before the border begins, and its rank.</summary>
    private static int PackedPosition(ReadOnlySpan<byte> pack, int count, SortedBound bound, out int rank)
    {
        rank = count;
        if (count == 0) return 0;
        Span<byte> digits = stackalloc byte[Numbers.IntegerBytesMax];
        int lastScoreAt = ListPack.Previous(pack, pack.Length);
        int lastAt = ListPack.Previous(pack, lastScoreAt);
        // Many are filled in their order.
        if (bound.IsAfter(ScoreAt(pack, lastScoreAt), ListPack.Read(pack, lastAt).TextIn(digits))) return pack.Length;
        int at = 0;
        for (rank = 0; at < lastAt; rank++)
        {
            int scoreAt = ListPack.Next(pack, at);
            if (!bound.IsAfter(ScoreAt(pack, scoreAt), ListPack.Read(pack, at).TextIn(digits))) break;
            at = ListPack.Next(pack, scoreAt);
        }
        return at;
    }

    private static bool TryFind(in Key key, ReadOnlySpan<byte> member, out BlockRef element, out ulong hash, out TablePosition position)
    {
        hash = key.Hashing.Of(member);
        position = HashTable<SortedElement>.Find(key.Memory, in SortedSetRoot.Table(key.Root), hash, member, out element);
        return position.IsFound;
    }

    /// <summary>Shows the blocks of a table as elements.</summary>
    private ref struct Elements<TVisitor>(Arena arena, TVisitor visitor) : IBlockVisitor
        where TVisitor : struct, ISortedVisitor, allows ref struct
    {
        private readonly Arena _arena = arena;

        public TVisitor Visitor = visitor;

        public void Visit(BlockRef block) =>
            Visitor.Visit(new ListPackElement(SortedElement.KeyOf(_arena, block)), SortedElement.ScoreOf(_arena, block));
    }
}

/// <summary>What is done with each element met. It must not change the value that it is shown.</summary>
internal interface ISortedVisitor
{
    void Visit(scoped ListPackElement member, double score);
}
