using System.Globalization;

namespace Galley.Store.Scripting.Lua.Libraries;

/// <summary>
/// The decimal digits of a double, rounded as C's printf rounds: by the exact value, and to the even digit where that lies
/// exactly between two. (.NET's own formats are exact, too, but round such a tie away from zero.)
/// </summary>
internal static class DecimalDigits
{
    /// <summary>Room for any digits that are asked for here: a double has 767 significant ones at most.</summary>
    internal const int CountMax = 800;

    // A double with more digits than these is not told from its shortest form, nor is a subnormal one with any.
    private const int ShortestDigitsMax = 15;
    private const int ExactDigits = 767;

    // So many more digits than are asked for settle every rounding but that of a tie, and are found sooner than all.
    private const int MoreDigits = 20;
    private const int MoreDigitsMax = 120;
    private const string AllDigits = "E766";

    private static readonly string[] Formats = [.. Enumerable.Range(0, MoreDigitsMax + MoreDigits + 1).Select(n => $"E{n}")];

    /// <summary>Writes the first digits.</summary>
    /// <param name="magnitude">The number, from 0 on and finite.</param>
    /// <param name="count">How many digits, from 1 on.</param>
    /// <param name="digits">Where they go, the first of them not 0 but for 0 itself.</param>
    /// <param name="exponent">The power of ten that the first stands for.</param>
    internal static void WriteSignificant(double magnitude, int count, Span<byte> digits, out int exponent)
    {
        if (magnitude == 0)
        {
            digits[..count].Fill((byte)'0');
            exponent = 0;
            return;
        }
        if (count <= ShortestDigitsMax && double.IsNormal(magnitude))
        {
            int shortest = Write(magnitude, "R", digits, out exponent);
            if (TryRound(digits, shortest, count, isExact: false, ref exponent)) return;
        }
        RoundLong(magnitude, count, digits, out exponent);
    }

    // More digits than the shortest form decides on.
    private static void RoundLong(double magnitude, int count, Span<byte> digits, out int exponent)
    {
        int length;
        if (count is > 0 and <= MoreDigitsMax)
        {
            length = Write(magnitude, Formats[count + MoreDigits], digits, out exponent);
            if (TryRound(digits, length, count, isExact: false, ref exponent)) return;
        }
        length = Write(magnitude, AllDigits, digits, out exponent);
        TryRound(digits, length, count, isExact: true, ref exponent);
    }

    /// <summary>Writes the digits down to a number of decimals.</summary>
    /// <returns>How many there are; none for what rounds to 0.</returns>
    internal static int WriteFixed(double magnitude, int decimals, Span<byte> digits, out int exponent)
    {
        if (magnitude == 0)
        {
            exponent = 0;
            return 0;
        }
        int length = Write(magnitude, "R", digits, out exponent);
        int count = exponent + 1 + decimals;
        int before = exponent;
        if (count > ShortestDigitsMax || !TryRound(digits, length, count, isExact: false, ref exponent))
        {
            // The shortest form of what is a little less than a power of ten may be that power: 1E+23.
            Write(magnitude, Formats[2 * MoreDigits], digits, out exponent);
            before = exponent;
            count = exponent + 1 + decimals;
            RoundLong(magnitude, count, digits, out exponent);
        }
        // 9.99 has one digit more once it is 10.0.
        return Math.Max(count, 0) + (exponent - before);
    }

    // Cuts the digits to a count, which may be 0 or less, or fills them up; 99 becomes 10, and the exponent one more.
    // False, where the digits are the shortest and lie on a tie, which the exact value need not do.
    private static bool TryRound(Span<byte> digits, int length, int count, bool isExact, ref int exponent)
    {
        if (count >= length)
        {
            digits[length..Math.Min(count + 1, digits.Length)].Fill((byte)'0');
            return true;
        }
        if (count < 0) return true;

        bool isTie = digits[count] == '5' && !digits[(count + 1)..length].ContainsAnyExcept((byte)'0');
        if (isTie && !isExact) return false;
        bool isUp = isTie ? count > 0 && (digits[count - 1] & 1) != 0 : digits[count] >= '5';
        digits[count] = (byte)'0'; // Where a digit more is asked for once a carry has made one.
        if (!isUp) return true;
        int i = count - 1;
        while (i >= 0 && digits[i] == '9') digits[i--] = (byte)'0';
        if (i >= 0)
        {
            digits[i]++;
        }
        else
        {
            digits[..Math.Max(count, 0)].CopyTo(digits[1..]);
            digits[0] = (byte)'1';
            exponent++;
        }
        return true;
    }

    // The digits of a format of .NET without sign, point, exponent and zeros in front.
    private static int Write(double magnitude, string format, Span<byte> digits, out int exponent)
    {
        Span<byte> text = stackalloc byte[CountMax];
        magnitude.TryFormat(text, out int length, format, CultureInfo.InvariantCulture);
        text = text[..length];
        exponent = 0;
        if (text.IndexOf((byte)'E') is var mark and >= 0)
        {
            exponent = int.Parse(text[(mark + 1)..], NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture);
            text = text[..mark];
        }
        int point = text.IndexOf((byte)'.');
        exponent += (point < 0 ? text.Length : point) - 1;
        int count = 0;
        foreach (byte c in text)
        {
            if (c == '.') continue;
            if (count == 0 && c == '0') exponent--;
            else digits[count++] = c;
        }
        return Math.Min(count, ExactDigits);
    }
}
