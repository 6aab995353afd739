using Galley.Store.Keyspace.Values;
using Galley.Store.Memory;
using Galley.Store.Types;

namespace Galley.Store.Keyspace.Rdb;

/// <summary>
/// Sorted sets. Written as a listpack of members and scores, or as both one by one, from the greatest to the smallest, as
/// redis-server does.
/// </summary>
internal sealed class RdbSortedSet : RdbType
{
    /// <summary>A member takes a byte at least, a score eight, or one as text.</summary>
    private const int ElementBytesMin = 1 + sizeof(double);
    private const int TextElementBytesMin = 2;
    private const int WordsPerElement = 2;

    private RdbSortedSet() { }

    public static RdbSortedSet Instance { get; } = new();

    public override IReadOnlyList<(RdbForm Form, RdbRead Read)> Readers =>
    [
        (RdbForm.SortedSetOfText, ReadTextElements),
        (RdbForm.SortedSet, ReadElements),
        (RdbForm.SortedSetZipList, ReadZipList),
        (RdbForm.SortedSetListPack, ReadListPack),
    ];

    public override RdbForm FormOf(in SnapshotEntry entry) => IsListPack(entry.View) ? RdbForm.SortedSetListPack : RdbForm.SortedSet;

    public override void Write(RdbWriter writer, in SnapshotEntry entry)
    {
        CollectionView set = entry.View;
        if (IsListPack(set))
        {
            writer.ListPack(set.Packed, set.PackedCount * WordsPerElement);
            return;
        }
        WriteHead(writer, in entry);
        SortedWalk walk = SortedSetValue.Walk(set, SortedSetValue.Count(set) - 1, isBackward: true);
        while (walk.TryNext(out ListPackElement member, out double score))
        {
            writer.String(member);
            writer.Double(score);
        }
    }

    public override long WriteHead(RdbWriter writer, in SnapshotEntry entry)
    {
        writer.Length(SortedSetValue.Count(entry.View));
        return 0;
    }

    public override void WriteElement(RdbWriter writer, Arena memory, BlockRef element, long head)
    {
        writer.String(SortedElement.KeyOf(memory, element));
        writer.Double(SortedElement.ScoreOf(memory, element));
    }

    private static bool IsListPack(CollectionView set) => set.Form.Encoding == ValueEncoding.ListPack && !set.Form.IsRooted;

    private static void ReadElements(ref RdbReader reader, ref Key key, long expiresAtMs)
    {
        long left = reader.ReadElementCount(ElementBytesMin);
        if (SortedSetFill.Takes(in key, left))
        {
            ReadMany(ref reader, ref key, left, expiresAtMs);
            return;
        }
        for (; left > 0; left--)
        {
            ReadOnlySpan<byte> member = reader.ReadHeldString();
            Add(ref key, member, reader.ReadDouble());
        }
        key.GiveExpiry(expiresAtMs);
    }

    private static void ReadMany(ref RdbReader reader, ref Key key, long count, long expiresAtMs)
    {
        using var fill = new SortedSetFill(key.Space, count);
        for (; count > 0; count--)
        {
            ReadOnlySpan<byte> member = reader.ReadHeldString();
            double score = reader.ReadDouble();
            if (double.IsNaN(score)) throw RdbException.Damaged("a score");
            if (!fill.TryAdd(member, score)) throw RdbException.Duplicate;
        }
        if (!fill.TryMoveTo(ref key, expiresAtMs)) throw RdbException.Duplicate;
    }

    private static void ReadTextElements(ref RdbReader reader, ref Key key, long expiresAtMs)
    {
        for (long left = reader.ReadElementCount(TextElementBytesMin); left > 0; left--)
        {
            ReadOnlySpan<byte> member = reader.ReadHeldString();
            Add(ref key, member, reader.ReadTextDouble());
        }
        key.GiveExpiry(expiresAtMs);
    }

    private static void Add(ref Key key, scoped ReadOnlySpan<byte> member, double score)
    {
        if (double.IsNaN(score)) throw RdbException.Damaged("a score");
        if (!SortedSetValue.Set(ref key, member, score)) throw RdbException.Duplicate;
    }

    private static void ReadZipList(ref RdbReader reader, ref Key key, long expiresAtMs) =>
        Import(ref key, RdbZipList.Read(ref reader, out int words), words, expiresAtMs);

    private static void ReadListPack(ref RdbReader reader, ref Key key, long expiresAtMs) =>
        Import(ref key, RdbListPack.Read(ref reader, out int words), words, expiresAtMs);

    private static void Import(ref Key key, scoped ReadOnlySpan<byte> pack, int words, long expiresAtMs)
    {
        if (words % WordsPerElement != 0) throw RdbException.Damaged("a sorted set");
        if (words == 0) throw RdbException.Empty;
        if (!SortedSetValue.TryImport(ref key, pack, words / WordsPerElement, expiresAtMs)) throw RdbException.Damaged("a sorted set");
    }
}
