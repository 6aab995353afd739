using System.Buffers.Binary;

namespace Galley.Store.Types;

/// <summary>
/// The string that holds a HyperLogLog, byte for byte that of redis-server, where it may have come from:
/// <code>
///   0      4          5      8                       16
///   +------+----------+------+-----------------------+- - - - - - -+
///   | HYLL | dense  0 | zero | count as last computed | registers   |
///   |      | sparse 1 |      | little-endian          |             |
///   +------+----------+------+-----------------------+- - - - - - -+
/// </code>
/// The highest bit of the count is set while it is out of date. Dense, the 16,384 registers take 6 bits each
/// (<see cref="DenseRegisters"/>); sparse, they are runs of the same rank (<see cref="SparseRegisters"/>). A client may
/// have written it with SET, so that nothing about it is certain beyond what <see cref="IsValid"/> looks at.
/// </summary>
internal static class HyperLogLog
{
    public const int RegisterBits = 14;
    public const int Registers = 1 << RegisterBits;

    /// <summary>What is left of a hash of 64 bits has at most so high a rank.</summary>
    public const int RankMax = 64 - RegisterBits + 1;

    public const int HeaderBytes = 16;
    public const int DenseBytes = HeaderBytes + DenseRegisters.Bytes;

    private const int EncodingAt = 4;
    private const int CountAt = 8;
    private const byte Dense = 0;
    private const byte Sparse = 1;
    private const ulong OutOfDate = 1UL << 63;

    private static ReadOnlySpan<byte> Magic => "HYLL"u8;

    /// <summary>The string looks like a HyperLogLog. A sparse one may still be corrupt within.</summary>
    public static bool IsValid(ReadOnlySpan<byte> value)
    {
        if (value.Length < HeaderBytes || !value.StartsWith(Magic)) return false;
        return value[EncodingAt] == Sparse || (value[EncodingAt] == Dense && value.Length == DenseBytes);
    }

    public static bool IsDense(ReadOnlySpan<byte> value) => value[EncodingAt] == Dense;

    /// <summary>Dense or sparse.</summary>
    public static ReadOnlySpan<byte> RegistersOf(ReadOnlySpan<byte> value) => value[HeaderBytes..];

    /// <summary>The count in the header, if nothing was added since it was computed.</summary>
    public static bool TryGetCachedCount(ReadOnlySpan<byte> value, out ulong count)
    {
        count = BinaryPrimitives.ReadUInt64LittleEndian(value[CountAt..]);
        return (count & OutOfDate) == 0;
    }

    public static void CacheCount(Span<byte> value, ulong count) =>
        BinaryPrimitives.WriteUInt64LittleEndian(value[CountAt..], count);

    /// <summary>Marks the count as out of date; what it was stays beside the mark.</summary>
    public static void ForgetCount(Span<byte> value) => value[HeaderBytes - 1] |= 0x80;

    /// <summary>Writes the header of an empty one, with its count.</summary>
    public static void WriteEmptyHeader(Span<byte> header)
    {
        header.Clear();
        Magic.CopyTo(header);
        header[EncodingAt] = Sparse;
    }

    public static void MarkDense(Span<byte> value) => value[EncodingAt] = Dense;

    /// <summary>Works out how many elements it has seen; false if it is corrupt.</summary>
    public static bool TryCount(ReadOnlySpan<byte> value, out ulong count)
    {
        count = 0;
        var histogram = new RankHistogram();
        if (IsDense(value))
        {
            Span<byte> ranks = stackalloc byte[Registers];
            DenseRegisters.Unpack(RegistersOf(value), ranks);
            histogram.Add(ranks);
        }
        else if (!SparseRegisters.TryAddTo(ref histogram, RegistersOf(value)))
        {
            return false;
        }
        count = histogram.EstimateCount();
        return true;
    }

    /// <summary>Raises the ranks, a byte for each register, to those that it has; false if it is corrupt.</summary>
    public static bool TryMergeInto(Span<byte> ranks, ReadOnlySpan<byte> value)
    {
        if (!IsDense(value)) return SparseRegisters.TryMergeInto(ranks, RegistersOf(value));
        DenseRegisters.MergeInto(ranks, RegistersOf(value));
        return true;
    }
}
