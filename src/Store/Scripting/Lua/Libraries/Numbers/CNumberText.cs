using System.Globalization;
using Galley.Resp.Protocol;

namespace Galley.Store.Scripting.Lua.Libraries;

/// <summary>Numbers as C's strtod reads them from the front of a text.</summary>
internal static class CNumberText
{
    /// <summary>Reads a number: decimal, hexadecimal, infinity or NaN, with or without a sign; no blanks before it.</summary>
    /// <returns>How many bytes it takes, or 0 where there is none.</returns>
    internal static int Read(ReadOnlySpan<byte> text, out double value)
    {
        int sign = !text.IsEmpty && text[0] is (byte)'-' or (byte)'+' ? 1 : 0;
        bool isNegative = sign == 1 && text[0] == '-';
        ReadOnlySpan<byte> rest = text[sign..];
        int length = ReadMagnitude(rest, out value);
        if (length == 0) return 0;
        if (isNegative) value = -value;
        return sign + length;
    }

    private static int ReadMagnitude(ReadOnlySpan<byte> text, out double value)
    {
        value = double.PositiveInfinity;
        if (StartsWith(text, "infinity"u8)) return "infinity"u8.Length;
        if (StartsWith(text, "inf"u8)) return "inf"u8.Length;
        if (StartsWith(text, "nan"u8))
        {
            value = BitConverter.Int64BitsToDouble(BitConverter.DoubleToInt64Bits(double.NaN) & long.MaxValue); // C's has no sign.
            return NanLength(text);
        }
        if (StartsWith(text, "0x"u8) && Scan(text, "0x"u8.Length, char.IsAsciiHexDigit, 'p') is var hexadecimal and > 0)
        {
            return Numbers.TryParseDoubleLeniently(text[..hexadecimal], out value) ? hexadecimal : 0;
        }
        int length = Scan(text, 0, char.IsAsciiDigit, 'e');
        value = 0;
        if (length > 0) double.TryParse(text[..length], NumberStyles.Float, CultureInfo.InvariantCulture, out value);
        return length;
    }

    // Digits with a point among them, and an exponent if it has digits.
    private static int Scan(ReadOnlySpan<byte> text, int start, Func<char, bool> isDigit, char exponentMark)
    {
        int end = start;
        int digits = 0;
        bool hasPoint = false;
        for (; end < text.Length; end++)
        {
            if (isDigit((char)text[end])) digits++;
            else if (text[end] == '.' && !hasPoint) hasPoint = true;
            else break;
        }
        if (digits == 0) return 0;
        if (end >= text.Length || (text[end] | 0x20) != exponentMark) return end;
        int i = end + 1;
        if (i < text.Length && text[i] is (byte)'+' or (byte)'-') i++;
        int exponentStart = i;
        while (i < text.Length && char.IsAsciiDigit((char)text[i])) i++;
        return i > exponentStart ? i : end;
    }

    // nan(letters_and_digits) is one word.
    private static int NanLength(ReadOnlySpan<byte> text)
    {
        int length = "nan"u8.Length;
        if (length >= text.Length || text[length] != '(') return length;
        int end = length + 1;
        while (end < text.Length && (char.IsAsciiLetterOrDigit((char)text[end]) || text[end] == '_')) end++;
        return end < text.Length && text[end] == ')' ? end + 1 : length;
    }

    private static bool StartsWith(ReadOnlySpan<byte> text, ReadOnlySpan<byte> lowercase) =>
        text.Length >= lowercase.Length && System.Text.Ascii.EqualsIgnoreCase(text[..lowercase.Length], lowercase);
}
