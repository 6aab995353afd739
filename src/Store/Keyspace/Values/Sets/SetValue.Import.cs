using Galley.Resp.Protocol;
using Galley.Store.Types;

namespace Galley.Store.Keyspace.Values;

/// <content>Whole sets that come from outside. The key is absent.</content>
internal static partial class SetValue
{
    /// <summary>Makes the key of packed members; false, with part of them there, where one is there twice.</summary>
    /// <param name="pack">Canonical (<see cref="ListPackCheck.IsCanonical"/>), and not empty.</param>
    public static bool TryImport(ref Key key, scoped ReadOnlySpan<byte> pack, int count, long expiresAtMs)
    {
        if (count > PackedLimits.CountMax || pack.Length > PackedLimits.BytesMax || HoldsOnlyIntegers(pack))
            return TryAddAll(ref key, pack, expiresAtMs);
        if (!ListPackCheck.AreDistinct(pack, stride: 1)) return false;
        ValueForm form = ValueForm.Packed(ImportedEncoding(in key, pack, count));
        pack.CopyTo(key.PlacePacked(KeyType.Set, form, count, pack.Length, expiresAtMs));
        return true;
    }

    /// <summary>Makes the key of integers of this width, the smallest first and none twice.</summary>
    public static void ImportIntegers(ref Key key, scoped ReadOnlySpan<byte> integers, int width, long expiresAtMs)
    {
        int count = integers.Length / width;
        bool stays = count <= key.Settings.SetIntsetEntriesMax && IntSet.Head + integers.Length <= PackedLimits.IntegersBytesMax;
        if (stays)
        {
            ValueForm form = ValueForm.Packed(ValueEncoding.IntSet);
            Span<byte> set = key.PlacePacked(KeyType.Set, form, count, IntSet.Head + integers.Length, expiresAtMs);
            set[0] = (byte)width;
            integers.CopyTo(set[IntSet.Head..]);
            return;
        }
        Span<byte> digits = stackalloc byte[Numbers.IntegerBytesMax];
        for (int at = 0; at < integers.Length; at += width)
            Add(ref key, digits[..Numbers.FormatInt64(IntSet.Integer(integers[at..], width), digits)]);
        key.GiveExpiry(expiresAtMs);
    }

    private static bool TryAddAll(ref Key key, scoped ReadOnlySpan<byte> pack, long expiresAtMs)
    {
        Span<byte> digits = stackalloc byte[Numbers.IntegerBytesMax];
        for (int at = 0; at < pack.Length; at = ListPack.Next(pack, at))
            if (!Add(ref key, ListPack.Read(pack, at).TextIn(digits))) return false;
        key.GiveExpiry(expiresAtMs);
        return true;
    }

    private static bool HoldsOnlyIntegers(ReadOnlySpan<byte> pack)
    {
        for (int at = 0; at < pack.Length; at = ListPack.Next(pack, at))
            if (!ListPack.Read(pack, at).IsInteger) return false;
        return true;
    }

    private static ValueEncoding ImportedEncoding(in Key key, ReadOnlySpan<byte> pack, int count)
    {
        int longest = 0;
        for (int at = 0; at < pack.Length; at = ListPack.Next(pack, at)) longest = Math.Max(longest, ListPack.Read(pack, at).Length);
        return SetShape.Next(key.Settings, ValueEncoding.ListPack, count, longest, isInteger: false);
    }
}
