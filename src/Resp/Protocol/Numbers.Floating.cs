using System.Globalization;

namespace Galley.Resp.Protocol;

public static partial class Numbers
{
    /// <summary>The longest double, such as <c>-2.2250738585072014e-308</c>, with room to spare.</summary>
    public const int DoubleBytesMax = 32;

    /// <summary>309 digits, a sign, a point and 6 decimals are the most that a double makes.</summary>
    public const int FixedBytesMax = 320;

    // Both factors of a Clinger product are exact doubles, so that its one rounding is the right one.
    private const int ExactDigitsMax = 15;
    private const int ExactPowerMax = 22;

    private static readonly double[] PowersOfTen =
    [
        1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15, 1e16, 1e17, 1e18, 1e19,
        1e20, 1e21, 1e22,
    ];

    /// <summary>
    /// What redis-server takes as a score: decimal with or without exponent, hexadecimal as C writes it, and inf or
    /// infinity in any case; never NaN, spaces, or a number that overflows or vanishes.
    /// </summary>
    public static bool TryParseDouble(ReadOnlySpan<byte> text, out double value) => TryParse(text, isStrict: true, out value);

    /// <summary>
    /// What redis-server takes as the border of a range of scores, which is whatever <c>strtod</c> takes up to the first
    /// NUL: spaces before the number, no text at all as 0, infinity for what overflows and 0 for what vanishes; but not NaN.
    /// </summary>
    public static bool TryParseDoubleLeniently(ReadOnlySpan<byte> text, out double value)
    {
        int end = text.IndexOf((byte)0);
        if (end >= 0) text = text[..end];
        value = 0;
        return text.IsEmpty || TryParse(text.TrimStart(" \t\n\v\f\r"u8), isStrict: false, out value);
    }

    /// <summary>
    /// Prints a double as redis-server replies with it, <c>%.17g</c>: 0.1 is <c>0.10000000000000001</c>, 3 is
    /// <c>3</c>, 1e21 is <c>1e+21</c>. Returns the length; there must be room for <see cref="DoubleBytesMax"/> bytes.
    /// </summary>
    public static int FormatDouble(double value, Span<byte> destination)
    {
        // An integer of at most 17 digits has no exponent and no fraction in %.17g; zero goes below for its sign.
        if (Math.Abs(value) < 1e17 && value != 0 && value == Math.Truncate(value)) return FormatInt64((long)value, destination);
        if (!double.IsFinite(value))
        {
            ReadOnlySpan<byte> word = double.IsNaN(value) ? "nan"u8 : value > 0 ? "inf"u8 : "-inf"u8;
            word.CopyTo(destination);
            return word.Length;
        }
        value.TryFormat(destination, out int length, "g17", CultureInfo.InvariantCulture);
        return length;
    }

    /// <summary>
    /// Prints a double with six decimals, as C's <c>%f</c> does. Returns the length; there must be room for
    /// <see cref="FixedBytesMax"/> bytes.
    /// </summary>
    public static int FormatFixed(double value, Span<byte> destination)
    {
        const double Scale = 1e6;
        if (!double.IsFinite(value)) return FormatDouble(value, destination);
        // What lies exactly between two decimals goes to the even one. Of doubles, only odd multiples of 1/128 do.
        double halves = value * 128;
        if (Math.Abs(halves) < 1L << 40 && Math.Truncate(halves) == halves && halves % 2 != 0)
            value = Math.Round(value * Scale, MidpointRounding.ToEven) / Scale;
        value.TryFormat(destination, out int length, "F6", CultureInfo.InvariantCulture);
        return length;
    }

    /// <summary>
    /// Prints a number from 0 on with four decimals, as redis-server prints distances: scaled, rounded to the even integer,
    /// and then a point put in, which is not always what <c>%.4f</c> makes of it. Returns the length; there must be room for
    /// <see cref="IntegerBytesMax"/> and a point.
    /// </summary>
    public static int FormatDistance(double value, Span<byte> destination)
    {
        const int Decimals = 4;
        const long Scale = 10_000;
        long scaled = (long)Math.Round(value * Scale, MidpointRounding.ToEven);
        int length = FormatInt64(scaled / Scale, destination);
        destination[length++] = (byte)'.';
        scaled %= Scale;
        for (int i = Decimals - 1; i >= 0; i--, scaled /= 10) destination[length + i] = (byte)('0' + scaled % 10);
        return length + Decimals;
    }

    private static bool TryParse(ReadOnlySpan<byte> text, bool isStrict, out double value)
    {
        value = 0;
        if (!FloatText.TryScan(text, out FloatText number)) return false;
        double magnitude;
        switch (number.Kind)
        {
            case FloatKind.Infinity:
                value = number.IsNegative ? double.NegativeInfinity : double.PositiveInfinity;
                return true;
            case FloatKind.Hexadecimal:
                magnitude = FloatText.ToDouble(FloatText.ReadHexadecimal(text, number, out int exponent), exponent);
                break;
            default:
                if (!TryParseDecimal(text, number, out magnitude)) return false;
                break;
        }
        if (isStrict && (double.IsInfinity(magnitude) || (magnitude == 0 && !number.IsZero))) return false;
        value = number.IsNegative ? -magnitude : magnitude;
        return true;
    }

    private static bool TryParseDecimal(ReadOnlySpan<byte> text, in FloatText number, out double magnitude)
    {
        if (number.IsZero)
        {
            magnitude = 0;
            return true;
        }
        if (number.DigitCount <= ExactDigitsMax && Math.Abs(number.Exponent) <= ExactPowerMax)
        {
            double digits = number.LeadingDigits;
            magnitude = number.Exponent < 0
                ? digits / PowersOfTen[-number.Exponent]
                : digits * PowersOfTen[number.Exponent];
            return true;
        }
        return double.TryParse(text[number.Start..], NumberStyles.AllowDecimalPoint | NumberStyles.AllowExponent,
            CultureInfo.InvariantCulture, out magnitude);
    }
}
