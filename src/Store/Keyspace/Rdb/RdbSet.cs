using Galley.Resp.Protocol;
using Galley.Store.Keyspace.Values;
using Galley.Store.Memory;
using Galley.Store.Types;

namespace Galley.Store.Keyspace.Rdb;

/// <summary>
/// Sets. Written as an intset, where redis-server would show one, or as members one by one; the listpack of 7.2 is only
/// read, for 7.0 does not know it.
/// </summary>
internal sealed class RdbSet : RdbType
{
    private RdbSet() { }

    public static RdbSet Instance { get; } = new();

    public override IReadOnlyList<(RdbForm Form, RdbRead Read)> Readers =>
    [
        (RdbForm.Set, ReadMembers),
        (RdbForm.SetIntSet, ReadIntSet),
        (RdbForm.SetListPack, ReadListPack),
    ];

    public override RdbForm FormOf(in SnapshotEntry entry) => IsIntSet(entry.View) ? RdbForm.SetIntSet : RdbForm.Set;

    public override void Write(RdbWriter writer, in SnapshotEntry entry)
    {
        CollectionView set = entry.View;
        if (IsIntSet(set))
        {
            WriteIntSet(writer, set);
            return;
        }
        WriteHead(writer, in entry);
        var members = new Members(writer);
        SetValue.Scan(set, 0, int.MaxValue, ref members);
    }

    public override long WriteHead(RdbWriter writer, in SnapshotEntry entry)
    {
        writer.Length(SetValue.Count(entry.View));
        return 0;
    }

    public override void WriteElement(RdbWriter writer, Arena memory, BlockRef element, long head) =>
        writer.String(MemberLayout.KeyOf(memory, element));

    private static bool IsIntSet(CollectionView set) => set.Form.Encoding == ValueEncoding.IntSet && !set.Form.IsRooted;

    private static void WriteIntSet(RdbWriter writer, CollectionView set)
    {
        ReadOnlySpan<byte> integers = set.Packed[IntSet.Head..];
        int length = RdbIntSet.HeadBytes + integers.Length;
        Span<byte> room = writer.PackRoom(length)[..length];
        RdbIntSet.WriteHead(room, IntSet.Width(set.Packed), set.PackedCount);
        integers.CopyTo(room[RdbIntSet.HeadBytes..]);
        writer.String(room);
    }

    private static void ReadMembers(ref RdbReader reader, ref Key key, long expiresAtMs)
    {
        long left = reader.ReadElementCount();
        if (left <= PackedLimits.CountMax)
        {
            PackBuilder pack = reader.Pack;
            for (; left > 0; left--) pack.Add(reader.ReadString());
            if (!SetValue.TryImport(ref key, pack.Packed, pack.Count, expiresAtMs)) throw RdbException.Duplicate;
            return;
        }
        if (SetFill.Takes(in key, left))
        {
            ReadMany(ref reader, ref key, left, expiresAtMs);
            return;
        }
        for (; left > 0; left--)
            if (!SetValue.Add(ref key, reader.ReadString())) throw RdbException.Duplicate;
        key.GiveExpiry(expiresAtMs);
    }

    private static void ReadMany(ref RdbReader reader, ref Key key, long count, long expiresAtMs)
    {
        using var fill = new SetFill(key.Space, count);
        for (; count > 0; count--)
            if (!fill.TryAdd(reader.ReadString())) throw RdbException.Duplicate;
        if (!fill.TryMoveTo(ref key, expiresAtMs)) throw RdbException.Duplicate;
    }

    private static void ReadIntSet(ref RdbReader reader, ref Key key, long expiresAtMs)
    {
        ReadOnlySpan<byte> integers = RdbIntSet.Read(ref reader, out int width);
        if (integers.IsEmpty) throw RdbException.Damaged("an intset");
        SetValue.ImportIntegers(ref key, integers, width, expiresAtMs);
    }

    private static void ReadListPack(ref RdbReader reader, ref Key key, long expiresAtMs)
    {
        ReadOnlySpan<byte> pack = RdbListPack.Read(ref reader, out int count);
        if (count == 0) throw RdbException.Empty;
        if (!SetValue.TryImport(ref key, pack, count, expiresAtMs)) throw RdbException.Duplicate;
    }

    private readonly struct Members(RdbWriter writer) : IMemberVisitor
    {
        public void Visit(scoped ListPackElement member) => writer.String(member);
    }
}
