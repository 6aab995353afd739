using Galley.Resp.Protocol;
using Galley.Store.Keyspace.Values;
using Galley.Store.Memory;
using Galley.Store.Types;

namespace Galley.Store.Keyspace.Rdb;

/// <summary>
/// Lists. Written as redis-server 7.0 does, cut into listpacks as <c>list-max-listpack-size</c> says:
/// <code>
///   | listpacks | 2 | listpack | 2 | listpack | 1 | element too long for any | ...
/// </code>
/// A compressed leaf that is just such a listpack is written as it is.
/// Before, it was ziplists without the number before each, one ziplist, or the elements one by one.
/// </summary>
internal sealed class RdbList : RdbType
{
    private const int Plain = 1;
    private const int Packed = 2;

    private RdbList() { }

    public static RdbList Instance { get; } = new();

    public override IReadOnlyList<(RdbForm Form, RdbRead Read)> Readers =>
    [
        (RdbForm.List, ReadElements),
        (RdbForm.ListZipList, ReadZipList),
        (RdbForm.ListOfZipLists, ReadZipLists),
        (RdbForm.ListOfListPacks, ReadListPacks),
    ];

    public override RdbForm FormOf(in SnapshotEntry entry) => RdbForm.ListOfListPacks;

    public override void Write(RdbWriter writer, in SnapshotEntry entry)
    {
        // Read once: the setting may change while a file is written.
        int sizeMax = writer.Settings.ListListpackSizeMax;
        var cut = new ListCut(sizeMax);
        long pieces = 0;
        ListWalk walk = ListValue.Walk(entry.View, 0);
        while (walk.TryNext(out ListPackElement element))
            if (cut.BeginsWith(element)) pieces++;
        writer.Length(pieces);

        cut = new ListCut(sizeMax);
        var pack = new Piece(writer, entry.View.Memory);
        walk = ListValue.Walk(entry.View, 0);
        while (walk.TryNext(out ListPackElement element))
        {
            if (cut.BeginsWith(element)) pack.End();
            if (cut.IsPlain) pack.WritePlain(element);
            else pack.Add(element, walk.BegunLeaf);
        }
        pack.End();
    }

    /// <summary>Written in turns its nodes are the leaves as they are, of whose size others think nothing.</summary>
    public override long WriteHead(RdbWriter writer, in SnapshotEntry entry)
    {
        writer.Length(QuickList.LeafCount(entry.View.Memory, in ListRoot.Tree(entry.View.Root)));
        return 0;
    }

    public override void WriteElement(RdbWriter writer, Arena memory, BlockRef element, long head)
    {
        if (ListLeaf.IsPacked(memory, element))
        {
            writer.Length(Packed);
            writer.ListPack(ListLeaf.Pack(memory, element), ListLeaf.Count(memory, element));
            return;
        }
        var pack = new Piece(writer, memory);
        if (ListLeaf.IsCompressed(memory, element)) pack.WriteCompressed(element);
        else WriteAlone(ref pack, new ListPackElement(ListLeaf.Alone(memory, element)));
    }

    private static void WriteAlone(ref Piece pack, ListPackElement element)
    {
        if (element.Length >= ListCut.PlainBytesMin) pack.WritePlain(element);
        else
        {
            pack.Add(element, default);
            pack.End();
        }
    }

    private static void ReadElements(ref RdbReader reader, ref Key key, long expiresAtMs)
    {
        for (long left = reader.ReadElementCount(); left > 0; left--) ListValue.Push(ref key, reader.ReadString(), atFront: false);
        key.GiveExpiry(expiresAtMs);
    }

    private static void ReadZipList(ref RdbReader reader, ref Key key, long expiresAtMs)
    {
        ReadOnlySpan<byte> pack = RdbZipList.Read(ref reader, out int count);
        if (count > 0) ListValue.Append(ref key, pack, count);
        End(ref key, expiresAtMs);
    }

    private static void ReadZipLists(ref RdbReader reader, ref Key key, long expiresAtMs)
    {
        for (long left = reader.ReadElementCount(); left > 0; left--)
        {
            ReadOnlySpan<byte> pack = RdbZipList.Read(ref reader, out int count);
            if (count > 0) ListValue.Append(ref key, pack, count);
        }
        End(ref key, expiresAtMs);
    }

    private static void ReadListPacks(ref RdbReader reader, ref Key key, long expiresAtMs)
    {
        for (long left = reader.ReadElementCount(); left > 0; left--)
        {
            switch (reader.ReadLength())
            {
                case Plain:
                    ReadPlain(ref reader, ref key);
                    break;
                case Packed:
                    ReadOnlySpan<byte> pack = RdbListPack.Read(ref reader, out PackFacts facts);
                    if (facts.Count > 0) ListValue.Append(ref key, pack, facts.Count, facts.ElementBytesMax <= ListLeaf.PackedElementBytesMax);
                    break;
                default:
                    throw RdbException.Damaged("a list");
            }
        }
        End(ref key, expiresAtMs);
    }

    private static void ReadPlain(ref RdbReader reader, ref Key key)
    {
        ReadOnlySpan<byte> element = reader.ReadString();
        if (element.IsEmpty) throw RdbException.Damaged("a list");
        ListValue.Push(ref key, element, atFront: false);
    }

    /// <summary>Packs without elements are passed over; a list of nothing else is none.</summary>
    private static void End(ref Key key, long expiresAtMs)
    {
        if (!key.Exists) throw RdbException.Empty;
        key.GiveExpiry(expiresAtMs);
    }

    /// <summary>The listpack that is being filled.</summary>
    private ref struct Piece(RdbWriter writer, Arena memory)
    {
        private const int ElementOverheadMax = 10;

        private int _length;
        private int _count;

        /// <summary>The compressed leaf that begins with the first element, if one does.</summary>
        private BlockRef _leaf;

        /// <param name="begunLeaf">The compressed leaf of which it is the first element, or none.</param>
        public void Add(scoped ListPackElement element, BlockRef begunLeaf)
        {
            if (_count == 0) _leaf = begunLeaf;
            long room = (long)ListPackFrame.Bytes + _length + element.Length + ElementOverheadMax;
            Span<byte> place = writer.PackRoom(room)[(ListPackFrame.HeadBytes + _length)..];
            _length += element.IsInteger ? ListPack.Write(place, element.Integer) : ListPack.Write(place, element.TextIn(default));
            _count++;
        }

        public void End()
        {
            if (_count == 0) return;
            if (!_leaf.IsNone && ListLeaf.Count(memory, _leaf) == _count) WriteCompressed(_leaf);
            else WriteListPack();
            (_length, _count) = (0, 0);
        }

        public readonly void WriteCompressed(BlockRef leaf)
        {
            writer.Length(Packed);
            writer.CompressedString(CompressedLeaf.LzfBytes(memory, leaf), CompressedLeaf.ListPackBytes(memory, leaf));
        }

        private readonly void WriteListPack()
        {
            writer.Length(Packed);
            Span<byte> room = writer.PackRoom(ListPackFrame.Bytes + _length)[..(ListPackFrame.Bytes + _length)];
            ListPackFrame.Write(room, _count);
            writer.String(room);
        }

        public readonly void WritePlain(scoped ListPackElement element)
        {
            writer.Length(Plain);
            writer.String(element);
        }
    }
}
