using System.Buffers.Binary;
using Galley.Store.Types;

namespace Galley.Store.Keyspace.Rdb;

/// <summary>
/// redis-server's listpack (<see cref="ListPackFrame"/>), a string of RDB. The elements are those of <see cref="ListPack"/>,
/// but that other writers may have kept an integer as text, or in more bytes than it needs.
/// </summary>
internal static class RdbListPack
{
    /// <summary>Reads one, and gives its elements as <see cref="ListPack"/> keeps them; valid until anything else is read.</summary>
    public static ReadOnlySpan<byte> Read(ref RdbReader reader, out int count)
    {
        ReadOnlySpan<byte> pack = Read(ref reader, out PackFacts facts);
        count = facts.Count;
        return pack;
    }

    /// <summary>As the other, and what else there is to know of the elements.</summary>
    public static ReadOnlySpan<byte> Read(ref RdbReader reader, out PackFacts facts)
    {
        ReadOnlySpan<byte> text = reader.ReadString();
        bool isWhole = text.Length >= ListPackFrame.Bytes && text[^1] == ListPackFrame.End
            && BinaryPrimitives.ReadUInt32LittleEndian(text) == (uint)text.Length;
        if (!isWhole) throw RdbException.Damaged("a listpack");
        int saidCount = BinaryPrimitives.ReadUInt16LittleEndian(text[sizeof(uint)..]);
        ReadOnlySpan<byte> pack = text[ListPackFrame.HeadBytes..^ListPackFrame.EndBytes];
        if (!ListPackCheck.TryWalk(pack, out facts)) throw RdbException.Damaged("a listpack");
        if (saidCount != ListPackFrame.UnknownCount && saidCount != facts.Count) throw RdbException.Damaged("a listpack");
        return facts.IsCanonical ? pack : Repack(pack, reader.Pack);
    }

    private static ReadOnlySpan<byte> Repack(ReadOnlySpan<byte> pack, PackBuilder builder)
    {
        for (int at = 0; at < pack.Length; at = ListPack.Next(pack, at)) builder.Add(ListPack.Read(pack, at));
        return builder.Packed;
    }
}
