using Galley.Store.Configuration;
using Galley.Store.Memory;

namespace Galley.Store.Types;

/// <summary>
/// Compresses leaves of large lists, by redis-server's thresholds. A keyspace has one for all its lists; what it works
/// with, 256 KiB, is made when the first leaf is compressed.
/// </summary>
internal sealed class ListCompressor(Settings settings)
{
    /// <summary>redis-server counts no more leaves at either end.</summary>
    private const int DepthMax = ushort.MaxValue;

    /// <summary>A shorter listpack stays as it is.</summary>
    private const int ListPackBytesMin = 48;

    /// <summary>So many bytes saved are not worth it.</summary>
    private const int PoorGainBytes = 8;

    private Lzf? _lzf;
    private byte[] _room = [];

    /// <summary>How many leaves at either end are not compressed; 0: none is. It is asked whenever a list changes.</summary>
    public int Depth => Math.Min(settings.ListCompressDepth, DepthMax);

    /// <summary>
    /// A compressed leaf with the elements of this open one, which stays; none where it does not gain: where the
    /// listpack does not become shorter by over 8 bytes, or the block that holds it not smaller.
    /// </summary>
    public BlockRef Compress(Arena arena, BlockRef leaf)
    {
        int packBytes = ListLeaf.PackBytes(arena, leaf);
        int length = packBytes + ListPackFrame.Bytes;
        if (length is < ListPackBytesMin or > CompressedLeaf.ListPackBytesMax) return BlockRef.None;

        int count = ListLeaf.Count(arena, leaf);
        Span<byte> listPack = arena.Scratch(length);
        ListPackFrame.Write(listPack, count);
        Span<byte> pack = listPack.Slice(ListPackFrame.HeadBytes, packBytes);
        if (ListLeaf.IsAlone(arena, leaf)) ListPack.Write(pack, ListLeaf.Alone(arena, leaf));
        else ListLeaf.Pack(arena, leaf).CopyTo(pack);

        if (_room.Length < length) _room = new byte[length];
        _lzf ??= new Lzf();
        int compressed = _lzf.Compress(listPack, _room.AsSpan(0, length - PoorGainBytes - 1));
        return compressed == 0 || CompressedLeaf.SizeFor(compressed) >= ListLeaf.MemoryBytes(arena, leaf)
            ? BlockRef.None
            : CompressedLeaf.Make(arena, _room.AsSpan(0, compressed), length, count);
    }
}
