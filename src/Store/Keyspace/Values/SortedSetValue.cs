using Galley.Resp.Protocol;
using Galley.Store.Memory;
using Galley.Store.Types;

namespace Galley.Store.Keyspace.Values;

/// <summary>
/// Sorted sets, for those who do not want to know how they lie in memory: packed pairs of member and score in their order,
/// or a hash table and a tree (<see cref="SortedSetRoot"/>). Key is a sorted set, or is absent where that is said.
/// </summary>
internal static class SortedSetValue
{
    private const int WordsPerElement = 2;

    /// <summary>The longest score in text.</summary>
    private const int ScoreBytesMax = Numbers.DoubleBytesMax;

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

    /// <summary>
    /// Gives a member this score, and adds it if it is not there; makes the key where it is absent. True when it was
    /// added.
    /// </summary>
    public static bool Set(ref Key key, scoped ReadOnlySpan<byte> member, double score)
    {
        if (!key.Exists) Create(ref key, member.Length);
        if (key.Form.IsRooted) return SetInTree(ref key, member, score);
        int at = ListPack.Find(key.Packed, member, WordsPerElement);
        if (at >= 0)
        {
            int scoreAt = ListPack.Next(key.Packed, at);
            if (ScoreAt(key.Packed, scoreAt) == score) return false;
            key.Splice(at, ListPack.Next(key.Packed, scoreAt) - at, 0, -1);
        }
        else ShowEncodingFor(ref key, key.PackedCount + 1, member.Length);
        InsertPacked(ref key, member, score);
        return at < 0;
    }

    /// <summary>Takes a member out; the last one leaves an empty sorted set, which the caller deletes.</summary>
    public static bool Remove(ref Key key, ReadOnlySpan<byte> member)
    {
        if (key.Form.IsRooted)
        {
            if (!TryFind(in key, member, out BlockRef element, out ulong hash, out TablePosition position)) return false;
            RemoveFromTree(ref key, element, hash, position);
            return true;
        }
        int at = ListPack.Find(key.Packed, member, WordsPerElement);
        if (at < 0) return false;
        key.Splice(at, ListPack.Skip(key.Packed, at, WordsPerElement) - at, 0, -1);
        return true;
    }

    /// <summary>Takes out so many elements from this rank on.</summary>
    public static void RemoveRange(ref Key key, long rank, long count)
    {
        if (count == 0) return;
        if (!key.Form.IsRooted)
        {
            int at = PackedPosition(key.Packed, (int)rank, key.PackedCount);
            int end = ListPack.Skip(key.Packed, at, (int)count * WordsPerElement);
            key.Splice(at, end - at, 0, (int)-count);
            return;
        }
        for (; count > 0; count--)
        {
            SortedPlace place = SortedTree.At(key.Memory, in SortedSetRoot.Tree(key.Root), rank);
            BlockRef element = SortedTree.Entries(key.Memory, place.Cursor.Leaf)[place.Offset].Element;
            ReadOnlySpan<byte> member = SortedElement.KeyOf(key.Memory, element);
            TryFind(in key, member, out _, out ulong hash, out TablePosition position);
            RemoveFromTree(ref key, element, hash, position, place);
        }
    }

    /// <summary>How many elements are before the border.</summary>
    public static long RankOf(in Key key, SortedBound bound)
    {
        if (key.Form.IsRooted) return SortedTree.Find(key.Memory, in SortedSetRoot.Tree(key.Root), bound).Rank;
        long rank = 0;
        ReadOnlySpan<byte> pack = key.Packed;
        Span<byte> digits = stackalloc byte[Numbers.IntegerBytesMax];
        for (int at = 0; at < pack.Length; rank++)
        {
            int scoreAt = ListPack.Next(pack, at);
            if (!bound.IsAfter(ScoreAt(pack, scoreAt), ListPack.Read(pack, at).TextIn(digits))) break;
            at = ListPack.Next(pack, scoreAt);
        }
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

    internal static double ScoreAt(ReadOnlySpan<byte> pack, int at)
    {
        ListPackElement score = ListPack.Read(pack, at);
        if (score.IsInteger) return score.Integer;
        return Numbers.TryParseDouble(score.TextIn(default), out double value)
            ? value
            : throw new System.Diagnostics.UnreachableException("A score that is no number.");
    }

    private static void Create(ref Key key, int memberLength)
    {
        bool isShort = key.Settings.SortedSetListpackEntriesMax > 0 && memberLength <= key.Settings.SortedSetListpackValueBytesMax;
        ValueEncoding encoding = isShort ? ValueEncoding.ListPack : ValueEncoding.SkipList;
        key.PlacePacked(KeyType.SortedSet, ValueForm.Packed(encoding), 0, 0, Database.NoExpiry);
    }

    /// <summary>What redis-server would show once it has so many elements, of which one is so long.</summary>
    private static void ShowEncodingFor(ref Key key, long count, int longest)
    {
        if (key.Form.Encoding == ValueEncoding.SkipList) return;
        bool stays = count <= key.Settings.SortedSetListpackEntriesMax && longest <= key.Settings.SortedSetListpackValueBytesMax;
        if (!stays) key.SetForm(key.Form.With(ValueEncoding.SkipList));
    }

    private static void InsertPacked(ref Key key, scoped ReadOnlySpan<byte> member, double score)
    {
        bool isInteger = IsSmallInteger(score);
        Span<byte> text = stackalloc byte[ScoreBytesMax];
        if (!isInteger) text = text[..Numbers.FormatDouble(score, text)];
        int size = ListPack.SizeOf(member) + (isInteger ? ListPack.SizeOf((long)score) : ListPack.SizeOf(text));
        if (key.PackedCount == PackedLimits.CountMax || key.Packed.Length + size > PackedLimits.BytesMax)
        {
            MakeTree(ref key);
            SetInTree(ref key, member, score);
            return;
        }
        int at = PackedPosition(key.Packed, (int)RankOf(in key, SortedBound.Element(score, member)), key.PackedCount);
        Span<byte> place = key.Splice(at, 0, size, +1)[at..];
        place = place[ListPack.Write(place, member)..];
        if (isInteger) ListPack.Write(place, (long)score);
        else ListPack.Write(place, text);
    }

    /// <summary>Redis keeps a score as an integer where nothing is lost by it.</summary>
    private static bool IsSmallInteger(double score) =>
        score is > -(1L << 52) and < 1L << 52 && Math.Floor(score) == score && !(score == 0 && double.IsNegative(score));

    private static int PackedPosition(ReadOnlySpan<byte> pack, int rank, int count) =>
        ListPack.PositionOf(pack, rank * WordsPerElement, count * WordsPerElement);

    private static void MakeTree(ref Key key)
    {
        Span<byte> root = stackalloc byte[SortedSetRoot.Instance.RootBytes];
        root.Clear();
        if (key.PackedCount > 0)
        {
            Span<byte> digits = stackalloc byte[Numbers.IntegerBytesMax];
            SortedWalk walk = Walk(in key, 0);
            while (walk.TryNext(out ListPackElement member, out double score))
                SortedSetRoot.Add(key.Memory, key.Hashing, root, member.TextIn(digits), score);
        }
        Span<byte> place = key.PlaceRoot(KeyType.SortedSet, ValueForm.Rooted(key.Form.Encoding), key.ExpiresAtMs);
        root.CopyTo(place);
    }

    private static bool SetInTree(ref Key key, scoped ReadOnlySpan<byte> member, double score)
    {
        if (!TryFind(in key, member, out BlockRef element, out _, out _))
        {
            ShowEncodingFor(ref key, Count(in key) + 1, member.Length);
            SortedSetRoot.Add(key.Memory, key.Hashing, key.EditRoot(), member, score);
            return true;
        }
        double old = SortedElement.ScoreOf(key.Memory, element);
        if (old == score) return false;
        ref CountedTreeRoot tree = ref SortedSetRoot.Tree(key.EditRoot());
        SortedPlace place = SortedTree.Readable(key.Memory, in tree, SortedTree.Find(key.Memory, in tree, SortedBound.Element(old, member)));
        if (IsBetweenNeighbours(key.Memory, place, score)) SortedTree.SetScore(key.Memory, place, score);
        else
        {
            SortedTree.Remove(key.Memory, ref tree, place);
            SortedTree.Insert(key.Memory, ref tree, score, element);
        }
        SortedElement.SetScore(key.Memory, element, score);
        return false;
    }

    /// <summary>The element may stay where it is in its leaf with this score.</summary>
    private static bool IsBetweenNeighbours(Arena arena, SortedPlace place, double score)
    {
        ReadOnlySpan<SortedEntry> entries = SortedTree.Entries(arena, place.Cursor.Leaf);
        return place.Offset > 0 && place.Offset < entries.Length - 1
            && entries[place.Offset - 1].Score < score && score < entries[place.Offset + 1].Score;
    }

    private static bool TryFind(in Key key, ReadOnlySpan<byte> member, out BlockRef element, out ulong hash, out TablePosition position)
    {
        hash = key.Hashing.Of(member);
        position = HashTable<SortedElement>.Find(key.Memory, in SortedSetRoot.Table(key.Root), hash, member, out element);
        return position.IsFound;
    }

    private static void RemoveFromTree(ref Key key, BlockRef element, ulong hash, TablePosition position)
    {
        Arena arena = key.Memory;
        ref readonly CountedTreeRoot tree = ref SortedSetRoot.Tree(key.Root);
        SortedBound bound = SortedBound.Element(SortedElement.ScoreOf(arena, element), SortedElement.KeyOf(arena, element));
        RemoveFromTree(ref key, element, hash, position, SortedTree.Readable(arena, in tree, SortedTree.Find(arena, in tree, bound)));
    }

    private static void RemoveFromTree(ref Key key, BlockRef element, ulong hash, TablePosition position, SortedPlace place)
    {
        Span<byte> root = key.EditRoot();
        SortedTree.Remove(key.Memory, ref SortedSetRoot.Tree(root), place);
        HashTable<SortedElement>.Remove(key.Memory, ref SortedSetRoot.Table(root), hash, position);
        SortedElement.Free(key.Memory, element);
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
