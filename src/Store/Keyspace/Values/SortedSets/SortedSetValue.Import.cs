using Galley.Resp.Protocol;
using Galley.Store.Types;

namespace Galley.Store.Keyspace.Values;

/// <content>Whole sorted sets that come from outside. The key is absent.</content>
internal static partial class SortedSetValue
{
    /// <summary>
    /// Makes the key of packed pairs of member and score; false, with part of them there, where a member is there twice or
    /// a score is no number.
    /// </summary>
    /// <param name="pack">Canonical (<see cref="ListPackCheck.IsCanonical"/>), and not empty.</param>
    public static bool TryImport(ref Key key, scoped ReadOnlySpan<byte> pack, int count, long expiresAtMs)
    {
        if (!AreScored(pack, out bool areInOrder)) return false;
        if (count > PackedLimits.CountMax || pack.Length > PackedLimits.BytesMax || !areInOrder) return TrySetAll(ref key, pack, expiresAtMs);
        if (!ListPackCheck.AreDistinct(pack, WordsPerElement)) return false;
        bool isSmall = count <= key.Settings.SortedSetListpackEntriesMax;
        ValueForm form = ValueForm.Packed(isSmall ? ValueEncoding.ListPack : ValueEncoding.SkipList);
        pack.CopyTo(key.PlacePacked(KeyType.SortedSet, form, count, pack.Length, expiresAtMs));
        return true;
    }

    private static bool TrySetAll(ref Key key, scoped ReadOnlySpan<byte> pack, long expiresAtMs)
    {
        Span<byte> digits = stackalloc byte[Numbers.IntegerBytesMax];
        for (int at = 0; at < pack.Length;)
        {
            int scoreAt = ListPack.Next(pack, at);
            if (!Set(ref key, ListPack.Read(pack, at).TextIn(digits), ScoreAt(pack, scoreAt))) return false;
            at = ListPack.Next(pack, scoreAt);
        }
        key.GiveExpiry(expiresAtMs);
        return true;
    }

    /// <summary>Each score is a number; and whether the elements stand in the order of a sorted set.</summary>
    private static bool AreScored(ReadOnlySpan<byte> pack, out bool areInOrder)
    {
        areInOrder = true;
        Span<byte> digits = stackalloc byte[Numbers.IntegerBytesMax];
        Span<byte> lastDigits = stackalloc byte[Numbers.IntegerBytesMax];
        double last = 0;
        int lastAt = -1;
        for (int at = 0; at < pack.Length;)
        {
            int scoreAt = ListPack.Next(pack, at);
            ListPackElement score = ListPack.Read(pack, scoreAt);
            double value = score.Integer;
            if (!score.IsInteger && !Numbers.TryParseDouble(score.TextIn(default), out value)) return false;
            areInOrder &= lastAt < 0 || last < value
                || (last == value && ListPack.Read(pack, lastAt).TextIn(lastDigits).SequenceCompareTo(ListPack.Read(pack, at).TextIn(digits)) < 0);
            (last, lastAt) = (value, at);
            at = ListPack.Next(pack, scoreAt);
        }
        return true;
    }
}
