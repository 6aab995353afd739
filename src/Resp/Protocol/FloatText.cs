using System.Text;

namespace Galley.Resp.Protocol;

internal enum FloatKind : byte
{
    Decimal,
    Hexadecimal,
    Infinity,
}

/// <summary>
/// The parts of a floating-point number as C's <c>strtod</c> and <c>strtold</c> read it:
/// <code>
///   [+-] ( digits [. digits] | . digits ) [ e [+-] digits ]
///   [+-] 0x ( hex [. hex] | . hex )       [ p [+-] digits ]
///   [+-] inf | infinity                                        (any case)
/// </code>
/// NaN is refused here, since no command of Redis takes it. The value of a decimal is its digits, without the point
/// and without leading zeros, times ten to <see cref="Exponent"/>.
/// </summary>
internal struct FloatText
{
    /// <summary>Digits that <see cref="LeadingDigits"/> can hold.</summary>
    public const int LeadingDigitsMax = 19;

    // Larger exponents mean overflow or nothing, whatever the digits: a text has less than 2^31 of them.
    private const long ExponentMax = 1L << 40;

    public FloatKind Kind;
    public bool IsNegative;

    /// <summary>Every digit is 0.</summary>
    public bool IsZero;

    /// <summary>Where the digits begin, the sign (and 0x) left out.</summary>
    public int Start;

    /// <summary>Just past the last digit or point, before the exponent.</summary>
    public int End;

    /// <summary>Significant digits, leading zeros left out.</summary>
    public int DigitCount;

    /// <summary>The digits as a number, if they are at most <see cref="LeadingDigitsMax"/>.</summary>
    public ulong LeadingDigits;

    /// <summary>The power of ten (of two, if hexadecimal) of the last digit; cut off at about 2^30 either way.</summary>
    public int Exponent;

    public static bool TryScan(ReadOnlySpan<byte> text, out FloatText number)
    {
        number = default;
        int at = 0;
        if (text.Length > 0 && text[0] is (byte)'+' or (byte)'-')
        {
            number.IsNegative = text[0] == '-';
            at = 1;
        }
        ReadOnlySpan<byte> rest = text[at..];
        if (rest.IsEmpty) return false;
        if ((rest[0] | 0x20) == 'i')
        {
            number.Kind = FloatKind.Infinity;
            return Ascii.EqualsIgnoreCase(rest, "inf"u8) || Ascii.EqualsIgnoreCase(rest, "infinity"u8);
        }
        if (rest.Length > 2 && rest[0] == '0' && (rest[1] | 0x20) == 'x')
        {
            number.Kind = FloatKind.Hexadecimal;
            at += 2;
        }
        return number.TryScanDigits(text, at);
    }

    /// <summary>
    /// The digits of a hexadecimal number as a 64-bit mantissa whose top bit is set and whose lowest bit stands for
    /// everything below it (round to odd), and the power of two to multiply it by.
    /// </summary>
    public static ulong ReadHexadecimal(ReadOnlySpan<byte> text, in FloatText number, out int exponent)
    {
        ulong mantissa = 0;
        int dropped = 0;
        bool isInexact = false;
        foreach (byte c in text[number.Start..number.End])
        {
            if (c == '.') continue;
            if (mantissa >> 60 == 0)
            {
                mantissa = (mantissa << 4) | HexValue(c);
                continue;
            }
            dropped += 4;
            isInexact |= HexValue(c) != 0;
        }
        int zeros = mantissa == 0 ? 0 : System.Numerics.BitOperations.LeadingZeroCount(mantissa);
        exponent = number.Exponent + dropped - zeros;
        return (mantissa << zeros) | (isInexact ? 1UL : 0);
    }

    /// <summary>The double nearest to a mantissa rounded to odd, times a power of two.</summary>
    public static double ToDouble(ulong mantissa, int exponent)
    {
        const int SmallestNormalExponent = -1022;
        const int SmallestExponent = -1074;
        if (mantissa == 0) return 0;
        if (exponent + 63 >= SmallestNormalExponent) return Math.ScaleB((double)mantissa, exponent);

        // A denormal: cut at the last bit that a double has here, to nearest, ties to even.
        int drop = SmallestExponent - exponent;
        if (drop > 64) return 0;
        ulong kept = drop == 64 ? 0 : mantissa >> drop;
        ulong rest = drop == 64 ? mantissa : mantissa << (64 - drop);
        if (rest > 1UL << 63 || (rest == 1UL << 63 && (kept & 1) != 0)) kept++;
        return BitConverter.UInt64BitsToDouble(kept);
    }

    private bool TryScanDigits(ReadOnlySpan<byte> text, int at)
    {
        Start = at;
        bool isHexadecimal = Kind == FloatKind.Hexadecimal;
        bool hasDigit = false;
        int pointAt = -1;
        for (; at < text.Length; at++)
        {
            byte c = text[at];
            if (c == '.' && pointAt < 0)
            {
                pointAt = at;
                continue;
            }
            if (!(isHexadecimal ? char.IsAsciiHexDigit((char)c) : char.IsAsciiDigit((char)c))) break;
            hasDigit = true;
            if (DigitCount == 0 && c == '0') continue;
            if (DigitCount < LeadingDigitsMax && !isHexadecimal) LeadingDigits = LeadingDigits * 10 + (ulong)(c - '0');
            DigitCount++;
        }
        if (!hasDigit) return false;
        End = at;
        IsZero = DigitCount == 0;
        long exponent = pointAt < 0 ? 0 : -(long)(End - pointAt - 1) * (isHexadecimal ? 4 : 1);
        if (at < text.Length && !TryScanExponent(text[at..], isHexadecimal ? (byte)'p' : (byte)'e', ref exponent)) return false;
        Exponent = (int)Math.Clamp(exponent, -(1 << 30), 1 << 30);
        return true;
    }

    private static bool TryScanExponent(ReadOnlySpan<byte> text, byte letter, ref long exponent)
    {
        if ((text[0] | 0x20) != letter) return false;
        int at = 1;
        bool isNegative = false;
        if (text.Length > 1 && text[1] is (byte)'+' or (byte)'-')
        {
            isNegative = text[1] == '-';
            at = 2;
        }
        if (at == text.Length) return false;
        long value = 0;
        for (; at < text.Length; at++)
        {
            if (!char.IsAsciiDigit((char)text[at])) return false;
            value = Math.Min(value * 10 + (text[at] - '0'), ExponentMax);
        }
        exponent += isNegative ? -value : value;
        return true;
    }

    public static uint HexValue(byte c) => c <= '9' ? (uint)(c - '0') : (uint)((c | 0x20) - 'a' + 10);
}
