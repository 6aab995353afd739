using Galley.Resp.Protocol;
using Galley.Store.Types;

namespace Galley.Store.Keyspace.Values;

/// <content>Whole hashes that come from outside. The key is absent.</content>
internal static partial class HashValue
{
    /// <summary>
    /// Makes the key of packed fields; false, with part of them there, where one is there twice or the time of one is none.
    /// </summary>
    /// <param name="pack">Canonical (<see cref="ListPackCheck.IsCanonical"/>), and not empty.</param>
    /// <param name="count">How many fields there are.</param>
    /// <param name="areTriples">Each has its expiry behind its value, 0 for a field that stays.</param>
    public static bool TryImport(ref Key key, scoped ReadOnlySpan<byte> pack, int count, bool areTriples, long expiresAtMs)
    {
        bool expires = false;
        if (areTriples && !AreTimes(pack, ref expires)) return false;
        if (count > PackedLimits.CountMax || pack.Length > PackedLimits.BytesMax || areTriples != expires)
            return TrySetAll(ref key, pack, areTriples, expiresAtMs);
        if (!ListPackCheck.AreDistinct(pack, PackedFields.WordsPerField(areTriples))) return false;
        bool isSmall = count <= key.Settings.HashListpackEntriesMax;
        ValueEncoding small = areTriples ? ValueEncoding.ListPackEx : ValueEncoding.ListPack;
        ValueForm form = Marked(ValueForm.Packed(isSmall ? small : ValueEncoding.HashTable), areTriples);
        pack.CopyTo(key.PlacePacked(KeyType.Hash, form, count, pack.Length, expiresAtMs));
        if (areTriples) key.NoteFieldsDue(Database.NoExpiry, NextDueMs(key.View));
        return true;
    }

    /// <summary>Adds a field, and makes the key where it is absent; false where the field is there already.</summary>
    public static bool TryImport(
        ref Key key, scoped ReadOnlySpan<byte> field, scoped ReadOnlySpan<byte> value, long fieldExpiresAtMs)
    {
        if (!Set(ref key, field, value)) return false;
        if (fieldExpiresAtMs != FieldLayout.Never) SetExpiry(ref key, field, fieldExpiresAtMs);
        return true;
    }

    /// <summary>A time that a field may expire at.</summary>
    public static bool IsTime(long milliseconds) => milliseconds is >= 0 and <= FieldLayout.ExpiryMaxMs;

    private static bool TrySetAll(ref Key key, scoped ReadOnlySpan<byte> pack, bool areTriples, long expiresAtMs)
    {
        Span<byte> fieldDigits = stackalloc byte[Numbers.IntegerBytesMax];
        Span<byte> valueDigits = stackalloc byte[Numbers.IntegerBytesMax];
        var fields = new PackedFields(pack, areTriples);
        while (fields.TryNext())
            if (!TryImport(ref key, fields.Field.TextIn(fieldDigits), fields.Value.TextIn(valueDigits), fields.ExpiresAtMs)) return false;
        key.GiveExpiry(expiresAtMs);
        return true;
    }

    private static bool AreTimes(ReadOnlySpan<byte> pack, ref bool expires)
    {
        for (int at = 0; at < pack.Length;)
        {
            at = ListPack.Skip(pack, at, 2);
            ListPackElement time = ListPack.Read(pack, at);
            if (!time.IsInteger || !IsTime(time.Integer)) return false;
            expires |= time.Integer != 0;
            at = ListPack.Next(pack, at);
        }
        return true;
    }
}
