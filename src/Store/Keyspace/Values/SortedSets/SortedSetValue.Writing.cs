using Galley.Resp.Protocol;
using Galley.Store.Memory;
using Galley.Store.Types;

namespace Galley.Store.Keyspace.Values;

/// <content>What changes a sorted set.</content>
internal static partial class SortedSetValue
{
    /// <summary>
    /// Gives a member this score, and adds it if it is not there; makes the key where it is absent. True when it was
    /// added.
    /// </summary>
    public static bool Set(ref Key key, scoped ReadOnlySpan<byte> member, double score) =>
        Set(ref key, member, ref score, ScoreRule.None) == ScoreOutcome.Added;

    /// <summary>
    /// As the other, under a rule. Afterwards <paramref name="score"/> is what the member has got, or would have got: the
    /// sum, where the rule is to add.
    /// </summary>
    public static ScoreOutcome Set(ref Key key, scoped ReadOnlySpan<byte> member, ref double score, ScoreRule rule)
    {
        if (!key.Exists)
        {
            if ((rule & ScoreRule.OnlyThere) != 0) return ScoreOutcome.Refused;
            Reset(ref key, member.Length);
        }
        return key.Form.IsRooted ? SetInTree(ref key, member, ref score, rule) : SetPacked(ref key, member, ref score, rule);
    }

    /// <summary>Gives the key an empty sorted set, whatever was there, whose first member is to be so long.</summary>
    public static void Reset(ref Key key, int memberLength)
    {
        ValueEncoding encoding = EncodingOf(in key, 1, memberLength);
        key.PlacePacked(KeyType.SortedSet, ValueForm.Packed(encoding), 0, 0, Database.NoExpiry);
    }

    /// <summary>Shows it as a skiplist from now on, as redis-server does once it has sorted it.</summary>
    public static void ShowAsSkipList(ref Key key) => key.SetForm(key.Form.With(ValueEncoding.SkipList));

    /// <summary>Takes a member out; the last one leaves an empty sorted set, which the caller deletes.</summary>
    public static bool Remove(ref Key key, ReadOnlySpan<byte> member)
    {
        if (key.Form.IsRooted)
        {
            if (!TryFind(in key, member, out BlockRef element, out ulong hash, out TablePosition position)) return false;
            RemoveFromTree(ref key, element, hash, position, PlaceOf(in key, element));
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

    /// <summary>What redis-server would show of a new sorted set of so many elements, of which one is so long.</summary>
    internal static ValueEncoding EncodingOf(in Key key, long count, int longest) =>
        count <= key.Settings.SortedSetListpackEntriesMax && longest <= key.Settings.SortedSetListpackValueBytesMax
            ? ValueEncoding.ListPack
            : ValueEncoding.SkipList;

    /// <summary>The bytes of a pair in a pack that is shown so.</summary>
    internal static int PackedSizeOf(ValueEncoding encoding, ReadOnlySpan<byte> member, double score)
    {
        if (IsPackedWhole(encoding, score)) return ListPack.SizeOf(member) + ListPack.SizeOf((long)score);
        Span<byte> text = stackalloc byte[Numbers.DoubleBytesMax];
        return ListPack.SizeOf(member) + ListPack.SizeOf(text[..Numbers.FormatDouble(score, text)]);
    }

    /// <summary>Writes a pair, in as many bytes as <see cref="PackedSizeOf"/> says.</summary>
    internal static int WritePacked(Span<byte> place, ValueEncoding encoding, ReadOnlySpan<byte> member, double score)
    {
        int length = ListPack.Write(place, member);
        if (IsPackedWhole(encoding, score)) return length + ListPack.Write(place[length..], (long)score);
        Span<byte> text = stackalloc byte[Numbers.DoubleBytesMax];
        return length + ListPack.Write(place[length..], text[..Numbers.FormatDouble(score, text)]);
    }

    /// <summary>A listpack of redis-server's keeps a whole number as an integer, and zero loses its sign there.</summary>
    private static bool IsPackedWhole(ValueEncoding encoding, double score) =>
        IsWhole(score) && (encoding == ValueEncoding.ListPack || score != 0 || !double.IsNegative(score));

    private static ScoreOutcome SetPacked(ref Key key, scoped ReadOnlySpan<byte> member, ref double score, ScoreRule rule)
    {
        int at = ListPack.Find(key.Packed, member, WordsPerElement);
        if (at < 0)
        {
            if ((rule & ScoreRule.OnlyThere) != 0) return ScoreOutcome.Refused;
            ShowEncodingFor(ref key, key.PackedCount + 1, member.Length);
            InsertPacked(ref key, member, score);
            return ScoreOutcome.Added;
        }
        int scoreAt = ListPack.Next(key.Packed, at);
        ScoreOutcome outcome = Decide(rule, ScoreAt(key.Packed, scoreAt), ref score);
        if (outcome != ScoreOutcome.Changed) return outcome;
        key.Splice(at, ListPack.Next(key.Packed, scoreAt) - at, 0, -1);
        InsertPacked(ref key, member, score);
        return outcome;
    }

    private static ScoreOutcome SetInTree(ref Key key, scoped ReadOnlySpan<byte> member, ref double score, ScoreRule rule)
    {
        if (!TryFind(in key, member, out BlockRef element, out ulong hash, out _))
        {
            if ((rule & ScoreRule.OnlyThere) != 0) return ScoreOutcome.Refused;
            ShowEncodingFor(ref key, Count(in key) + 1, member.Length);
            SortedSetRoot.Add(key.Memory, key.Hashing, key.EditRoot(member), member, hash, Kept(key.Form.Encoding, score));
            return ScoreOutcome.Added;
        }
        ScoreOutcome outcome = Decide(rule, SortedElement.ScoreOf(key.Memory, element), ref score);
        if (outcome == ScoreOutcome.Changed) MoveInTree(ref key, element, Kept(key.Form.Encoding, score));
        return outcome;
    }

    /// <summary>What becomes of a member that is there.</summary>
    private static ScoreOutcome Decide(ScoreRule rule, double old, ref double score)
    {
        if (rule != ScoreRule.None)
        {
            if ((rule & ScoreRule.OnlyNew) != 0) return ScoreOutcome.Refused;
            if ((rule & ScoreRule.Add) != 0) score += old;
            if (double.IsNaN(score)) return ScoreOutcome.NotANumber;
            if ((rule & ScoreRule.OnlyGreater) != 0 && score <= old) return ScoreOutcome.Refused;
            if ((rule & ScoreRule.OnlyLess) != 0 && score >= old) return ScoreOutcome.Refused;
        }
        return score == old ? ScoreOutcome.Same : ScoreOutcome.Changed;
    }

    /// <summary>The score as it is kept: without the sign of zero in what is shown as a listpack.</summary>
    internal static double Kept(ValueEncoding encoding, double score) =>
        score == 0 && encoding == ValueEncoding.ListPack ? 0 : score;

    /// <summary>What redis-server would show once it has so many elements, of which one is so long.</summary>
    private static void ShowEncodingFor(ref Key key, long count, int longest)
    {
        if (key.Form.Encoding == ValueEncoding.SkipList) return;
        if (EncodingOf(in key, count, longest) == ValueEncoding.SkipList) key.SetForm(key.Form.With(ValueEncoding.SkipList));
    }

    private static void InsertPacked(ref Key key, scoped ReadOnlySpan<byte> member, double score)
    {
        ValueEncoding encoding = key.Form.Encoding;
        int size = PackedSizeOf(encoding, member, score);
        if (key.PackedCount == PackedLimits.CountMax || key.Packed.Length + size > PackedLimits.BytesMax)
        {
            MakeTree(ref key);
            SetInTree(ref key, member, ref score, ScoreRule.None);
            return;
        }
        int at = PackedPosition(key.Packed, key.PackedCount, SortedBound.Element(score, member), out _);
        WritePacked(key.Splice(at, 0, size, +1)[at..], encoding, member, score);
    }

    private static void MakeTree(ref Key key)
    {
        Span<byte> root = stackalloc byte[SortedSetRoot.Instance.RootBytes];
        root.Clear();
        if (key.PackedCount > 0)
        {
            Span<byte> digits = stackalloc byte[Numbers.IntegerBytesMax];
            SortedWalk walk = Walk(in key, 0);
            while (walk.TryNext(out ListPackElement element, out double score))
            {
                ReadOnlySpan<byte> member = element.TextIn(digits);
                SortedSetRoot.Add(key.Memory, key.Hashing, root, member, key.Hashing.Of(member), score);
            }
        }
        Span<byte> place = key.PlaceRoot(KeyType.SortedSet, ValueForm.Rooted(key.Form.Encoding), key.ExpiresAtMs);
        root.CopyTo(place);
    }

    /// <summary>Gives an element of a tree another score.</summary>
    private static void MoveInTree(ref Key key, BlockRef element, double score)
    {
        ref CountedTreeRoot tree = ref SortedSetRoot.Tree(key.EditRoot(element));
        SortedPlace place = PlaceOf(in key, element);
        if (IsBetweenNeighbours(key.Memory, place, score)) SortedTree.SetScore(key.Memory, place, score);
        else
        {
            SortedTree.Remove(key.Memory, ref tree, place);
            SortedTree.Insert(key.Memory, ref tree, score, element);
        }
        SortedElement.SetScore(key.Memory, element, score);
    }

    /// <summary>The element may stay where it is in its leaf with this score.</summary>
    private static bool IsBetweenNeighbours(Arena arena, SortedPlace place, double score)
    {
        ReadOnlySpan<SortedEntry> entries = SortedTree.Entries(arena, place.Cursor.Leaf);
        return place.Offset > 0 && place.Offset < entries.Length - 1
            && entries[place.Offset - 1].Score < score && score < entries[place.Offset + 1].Score;
    }

    /// <summary>Where in its tree the element is.</summary>
    private static SortedPlace PlaceOf(in Key key, BlockRef element)
    {
        Arena arena = key.Memory;
        ref readonly CountedTreeRoot tree = ref SortedSetRoot.Tree(key.Root);
        SortedBound bound = SortedBound.Element(SortedElement.ScoreOf(arena, element), SortedElement.KeyOf(arena, element));
        return SortedTree.Readable(arena, in tree, SortedTree.Find(arena, in tree, bound));
    }

    private static void RemoveFromTree(ref Key key, BlockRef element, ulong hash, TablePosition position, SortedPlace place)
    {
        Span<byte> root = key.EditRoot(element);
        SortedTree.Remove(key.Memory, ref SortedSetRoot.Tree(root), place);
        HashTable<SortedElement>.Remove(key.Memory, ref SortedSetRoot.Table(root), hash, position);
        SortedElement.Free(key.Memory, element);
    }
}
