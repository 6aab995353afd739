using Galley.Store.Keyspace.Values;
using Galley.Store.Types;

namespace Galley.Store.Keyspace.Rdb;

/// <content>The forms in which hashes are read.</content>
internal sealed partial class RdbHash
{
    /// <summary>A field and its value take a byte each at least.</summary>
    private const int FieldBytesMin = 2;

    /// <summary>And so does an expiry that is a length.</summary>
    private const int ExpiringFieldBytesMin = 3;

    /// <summary>What Valkey writes for a field that stays.</summary>
    private const long ValkeyNever = -1;

    /// <summary>Valkey's form, from version 80 on: each field with its expiry behind its value, eight bytes.</summary>
    public static void ReadValkey(ref RdbReader reader, ref Key key, long expiresAtMs)
    {
        for (long left = reader.ReadElementCount(FieldBytesMin + sizeof(long)); left > 0; left--)
        {
            ReadOnlySpan<byte> field = reader.ReadHeldString();
            // The value is given first: what follows it takes its place in the reader.
            if (!HashValue.TryImport(ref key, field, reader.ReadString(), FieldLayout.Never)) throw RdbException.Duplicate;
            long expiryMs = reader.ReadInt64();
            if (expiryMs != ValkeyNever) HashValue.SetExpiry(ref key, field, Checked(expiryMs));
        }
        key.GiveExpiry(expiresAtMs);
    }

    private static void ReadFields(ref RdbReader reader, ref Key key, long expiresAtMs)
    {
        long left = reader.ReadElementCount(FieldBytesMin);
        if (left <= PackedLimits.CountMax)
        {
            ReadFewFields(ref reader, ref key, left, expiresAtMs);
            return;
        }
        if (HashFill.Takes(in key, left))
        {
            ReadManyFields(ref reader, ref key, left, expiresAtMs);
            return;
        }
        for (; left > 0; left--)
        {
            ReadOnlySpan<byte> field = reader.ReadHeldString();
            if (!HashValue.TryImport(ref key, field, reader.ReadString(), FieldLayout.Never)) throw RdbException.Duplicate;
        }
        key.GiveExpiry(expiresAtMs);
    }

    private static void ReadManyFields(ref RdbReader reader, ref Key key, long count, long expiresAtMs)
    {
        using var fill = new HashFill(key.Space, count);
        for (; count > 0; count--)
        {
            ReadOnlySpan<byte> field = reader.ReadHeldString();
            if (!fill.TryAdd(field, reader.ReadString())) throw RdbException.Duplicate;
        }
        if (!fill.TryMoveTo(ref key, expiresAtMs)) throw RdbException.Duplicate;
    }

    /// <summary>So few that they may stay packed: the entry is made once.</summary>
    private static void ReadFewFields(ref RdbReader reader, ref Key key, long count, long expiresAtMs)
    {
        PackBuilder pack = reader.Pack;
        long longest = 0;
        for (long words = count * FieldBytesMin; words > 0; words--)
        {
            ReadOnlySpan<byte> word = reader.ReadString();
            longest = Math.Max(longest, word.Length);
            pack.Add(word);
        }
        if (!HashValue.TryImport(ref key, pack.Packed, (int)count, areTriples: false, expiresAtMs)) throw RdbException.Duplicate;
        // What came as a listpack stays one whatever its words; what came one by one is judged by them, too.
        if (longest > key.Settings.HashListpackValueBytesMax) key.SetForm(key.Form.With(ValueEncoding.HashTable));
    }

    private static void ReadExpiring(ref RdbReader reader, ref Key key, long expiresAtMs)
    {
        long firstMs = reader.ReadInt64();
        if (!HashValue.IsTime(firstMs)) throw RdbException.Damaged("an expiry");
        ReadExpiringFields(ref reader, ref key, firstMs - 1, expiresAtMs);
    }

    private static void ReadExpiringDraft(ref RdbReader reader, ref Key key, long expiresAtMs) =>
        ReadExpiringFields(ref reader, ref key, fromMs: 0, expiresAtMs);

    /// <param name="fromMs">What expiries are counted from; 0 is none in any case.</param>
    private static void ReadExpiringFields(ref RdbReader reader, ref Key key, long fromMs, long expiresAtMs)
    {
        for (long left = reader.ReadElementCount(ExpiringFieldBytesMin); left > 0; left--)
        {
            ulong expiry = reader.ReadLength();
            long expiryMs = expiry == 0 ? FieldLayout.Never : Checked((long)Math.Min(expiry, FieldLayout.ExpiryMaxMs + 1UL) + fromMs);
            ReadOnlySpan<byte> field = reader.ReadHeldString();
            if (!HashValue.TryImport(ref key, field, reader.ReadString(), expiryMs)) throw RdbException.Duplicate;
        }
        key.GiveExpiry(expiresAtMs);
    }

    private static void ReadZipMap(ref RdbReader reader, ref Key key, long expiresAtMs)
    {
        ReadOnlySpan<byte> pack = RdbZipMap.Read(ref reader, out int words);
        Import(ref key, pack, words, areTriples: false, expiresAtMs);
    }

    private static void ReadZipList(ref RdbReader reader, ref Key key, long expiresAtMs)
    {
        ReadOnlySpan<byte> pack = RdbZipList.Read(ref reader, out int words);
        Import(ref key, pack, words, areTriples: false, expiresAtMs);
    }

    private static void ReadListPack(ref RdbReader reader, ref Key key, long expiresAtMs)
    {
        ReadOnlySpan<byte> pack = RdbListPack.Read(ref reader, out int words);
        Import(ref key, pack, words, areTriples: false, expiresAtMs);
    }

    private static void ReadExpiringListPack(ref RdbReader reader, ref Key key, long expiresAtMs)
    {
        // Each field has its own; the first of them is there for those who do not read on.
        reader.ReadInt64();
        ReadExpiringListPackDraft(ref reader, ref key, expiresAtMs);
    }

    private static void ReadExpiringListPackDraft(ref RdbReader reader, ref Key key, long expiresAtMs)
    {
        ReadOnlySpan<byte> pack = RdbListPack.Read(ref reader, out int words);
        Import(ref key, pack, words, areTriples: true, expiresAtMs);
    }

    private static void Import(ref Key key, scoped ReadOnlySpan<byte> pack, int words, bool areTriples, long expiresAtMs)
    {
        int wordsPerField = PackedFields.WordsPerField(areTriples);
        if (words % wordsPerField != 0) throw RdbException.Damaged("a hash");
        if (words == 0) throw RdbException.Empty;
        if (!HashValue.TryImport(ref key, pack, words / wordsPerField, areTriples, expiresAtMs)) throw RdbException.Damaged("a hash");
    }

    private static long Checked(long expiryMs) => HashValue.IsTime(expiryMs) ? expiryMs : throw RdbException.Damaged("an expiry");
}
