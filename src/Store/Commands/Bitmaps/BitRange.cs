using Galley.Store.Types;

namespace Galley.Store.Commands.Bitmaps;

/// <summary>The bits of a string that BITCOUNT and BITPOS look at, the first and the last included.</summary>
internal readonly record struct BitRange(long First, long Last)
{
    /// <summary>Not one bit.</summary>
    public static BitRange None => new(0, -1);

    public bool IsEmpty => First > Last;

    /// <summary>All of a string of so many bytes.</summary>
    public static BitRange All(int bytes) => new(0, (long)bytes * BitString.BitsPerByte - 1);

    /// <summary>From start to end, as they were given: negative ones count from the end of the string, -1 the last.</summary>
    /// <param name="inBits">They are places of bits, and else of bytes.</param>
    public static BitRange Of(long start, long end, int bytes, bool inBits)
    {
        long total = inBits ? (long)bytes * BitString.BitsPerByte : bytes;
        long first = Math.Min(total, Math.Max(0, start < 0 ? start + total : start));
        long last = Math.Min(total - 1, Math.Max(0, end < 0 ? end + total : end));
        if (inBits) return new BitRange(first, last);
        return new BitRange(first * BitString.BitsPerByte, last * BitString.BitsPerByte + BitString.BitsPerByte - 1);
    }
}
