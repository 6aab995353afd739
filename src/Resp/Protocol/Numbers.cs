using System.Buffers.Text;
using System.Runtime.CompilerServices;

namespace Galley.Resp.Protocol;

/// <summary>
/// Numbers as Redis reads and prints them. Nothing here allocates. The rules are those of redis-server 7.0.15, tried
/// on it: an integer has exactly one spelling, so that a value can be kept as an integer and printed back byte for
/// byte; a double is whatever the C library's <c>strtod</c> takes, but for spaces, NaN and what is out of range.
/// </summary>
public static partial class Numbers
{
    /// <summary>The longest integer: <c>-9223372036854775808</c> or <c>18446744073709551615</c>.</summary>
    public const int IntegerBytesMax = 20;

    /// <summary>
    /// Strict: no plus sign, no leading zeros, no spaces, no <c>-0</c>, nothing out of range. What it accepts is
    /// exactly what <see cref="FormatInt64"/> prints.
    /// </summary>
    public static bool TryParseInt64(ReadOnlySpan<byte> text, out long value)
    {
        value = 0;
        if (text.IsEmpty) return false;
        bool isNegative = text[0] == '-';
        if (!TryParseUInt64(isNegative ? text[1..] : text, out ulong magnitude)) return false;
        if (!isNegative)
        {
            value = (long)magnitude;
            return magnitude <= long.MaxValue;
        }
        value = (long)(0 - magnitude);
        return magnitude is not 0 and <= 1UL << 63;
    }

    /// <summary>As strict as <see cref="TryParseInt64"/>, from 0 to 2^64-1.</summary>
    public static bool TryParseUInt64(ReadOnlySpan<byte> text, out ulong value)
    {
        value = 0;
        if (text.IsEmpty || text.Length > IntegerBytesMax) return false;
        ulong first = (ulong)text[0] - '0';
        if (first > 9 || (first == 0 && text.Length > 1)) return false;

        ulong sum = first;
        // 19 digits cannot overflow; only a twentieth needs the checks.
        int checkedFrom = Math.Min(text.Length, IntegerBytesMax - 1);
        for (int i = 1; i < checkedFrom; i++)
        {
            ulong digit = (ulong)text[i] - '0';
            if (digit > 9) return false;
            sum = sum * 10 + digit;
        }
        if (text.Length == IntegerBytesMax)
        {
            ulong digit = (ulong)text[^1] - '0';
            if (digit > 9 || sum > (ulong.MaxValue - digit) / 10) return false;
            sum = sum * 10 + digit;
        }
        value = sum;
        return true;
    }

    /// <summary>Prints an integer and returns its length; there must be room for <see cref="IntegerBytesMax"/> bytes.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int FormatInt64(long value, Span<byte> destination)
    {
        if ((ulong)value < 10)
        {
            destination[0] = (byte)('0' + value);
            return 1;
        }
        Utf8Formatter.TryFormat(value, destination, out int length);
        return length;
    }

    /// <summary>Prints an unsigned integer and returns its length.</summary>
    public static int FormatUInt64(ulong value, Span<byte> destination)
    {
        Utf8Formatter.TryFormat(value, destination, out int length);
        return length;
    }
}
