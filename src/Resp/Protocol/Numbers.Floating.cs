using System.Globalization;

namespace Galley.Resp.Protocol;

public static partial class Numbers
{
    /// <summary>The longest double, such as <c>-2.2250738585072014e-308</c>, with room to spare.</summary>
    public const int DoubleBytesMax = 32;

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
    public static bool TryParseDouble(ReadOnlySpan<byte> text, out double value)
    {
        value = 0;
        if (!FloatText.TryScan(text, out FloatText number)) return false;
        double magnitude;
        switch (number.Kind)
        {
            case FloatKind.Infinity:
                magnitude = double.PositiveInfinity;
                break;
            case FloatKind.Hexadecimal:
                magnitude = FloatText.ToDouble(FloatText.ReadHexadecimal(text, number, out int exponent), exponent);
                if (double.IsInfinity(magnitude) || (magnitude == 0 && !number.IsZero)) return false;
                break;
            default:
                if (!TryParseDecimal(text, number, out magnitude)) return false;
                break;
        }
        value = number.IsNegative ? -magnitude : magnitude;
        return true;
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
            CultureInfo.InvariantCulture, out magnitude) && double.IsFinite(magnitude) && magnitude != 0;
    }
}
