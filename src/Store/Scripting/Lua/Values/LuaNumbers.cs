using System.Buffers.Text;
using System.Globalization;

namespace Galley.Store.Scripting.Lua;

/// <summary>Numbers as text: written as printf's %.14g, read as strtod and strtoul do.</summary>
internal static class LuaNumbers
{
    /// <summary>The most bytes that <see cref="Write"/> needs.</summary>
    public const int TextBytesMax = 32;

    // %.14g: significant digits; beyond them an exponent is printed.
    private const int Digits = 14;
    private const double PlainMax = 1e14;

    /// <summary>Writes a number as %.14g.</summary>
    /// <returns>How many bytes.</returns>
    public static int Write(double number, Span<byte> to)
    {
        if (Math.Abs(number) < PlainMax && number == Math.Floor(number) && (number != 0 || !double.IsNegative(number)))
        {
            Utf8Formatter.TryFormat((long)number, to, out int length);
            return length;
        }
        if (double.IsFinite(number)) return WriteFinite(number, to);
        ReadOnlySpan<byte> name = double.IsNaN(number)
            ? double.IsNegative(number) ? "-nan"u8 : "nan"u8
            : number < 0 ? "-inf"u8 : "inf"u8;
        name.CopyTo(to);
        return name.Length;
    }

    private static int WriteFinite(double number, Span<byte> to)
    {
        // d.ddddddddddddde+ddd: rounded once, exactly.
        Span<byte> exact = stackalloc byte[TextBytesMax];
        number.TryFormat(exact, out int length, "e13", CultureInfo.InvariantCulture);
        int at = 0, written = 0;
        if (exact[0] == '-')
        {
            to[written++] = (byte)'-';
            at = 1;
        }
        int mark = exact[..length].IndexOf((byte)'e');
        int exponent = int.Parse(exact[(mark + 1)..length], NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture);

        Span<byte> digits = stackalloc byte[Digits];
        digits[0] = exact[at];
        exact[(at + 2)..mark].CopyTo(digits[1..]);
        int used = Digits;
        while (used > 1 && digits[used - 1] == '0') used--;

        if (exponent is < -4 or >= Digits) return written + WriteScientific(digits[..used], exponent, to[written..]);
        if (exponent < 0)
        {
            "0.0000"u8[..(1 - exponent)].CopyTo(to[written..]);
            written += 1 - exponent;
            digits[..used].CopyTo(to[written..]);
            return written + used;
        }
        int whole = exponent + 1;
        for (int i = 0; i < whole; i++) to[written++] = i < used ? digits[i] : (byte)'0';
        if (used <= whole) return written;
        to[written++] = (byte)'.';
        digits[whole..used].CopyTo(to[written..]);
        return written + used - whole;
    }

    private static int WriteScientific(ReadOnlySpan<byte> digits, int exponent, Span<byte> to)
    {
        int written = 0;
        to[written++] = digits[0];
        if (digits.Length > 1)
        {
            to[written++] = (byte)'.';
            digits[1..].CopyTo(to[written..]);
            written += digits.Length - 1;
        }
        to[written++] = (byte)'e';
        to[written++] = exponent < 0 ? (byte)'-' : (byte)'+';
        exponent = Math.Abs(exponent);
        if (exponent < 10) to[written++] = (byte)'0';
        Utf8Formatter.TryFormat(exponent, to[written..], out int length);
        return written + length;
    }

    /// <summary>Reads a whole text as a number: decimal, hexadecimal, inf or nan, with blanks around.</summary>
    public static bool TryRead(ReadOnlySpan<byte> text, out double number)
    {
        // What C sees of it ends at the first zero byte.
        int end = text.IndexOf((byte)0);
        if (end >= 0) text = text[..end];
        text = Trim(text);
        number = 0;
        if (text.IsEmpty) return false;
        bool negative = text[0] == '-';
        ReadOnlySpan<byte> digits = text[0] is (byte)'-' or (byte)'+' ? text[1..] : text;
        if (digits.IsEmpty) return false;
        bool read = digits[0] is >= (byte)'0' and <= (byte)'9' or (byte)'.'
            ? digits.Length > 1 && digits[0] == '0' && (digits[1] | 0x20) == 'x' ? TryReadHex(digits[2..], out number) : TryReadDecimal(digits, out number)
            : TryReadName(digits, out number);
        if (negative) number = -number;
        return read;
    }

    /// <summary>Whether C's isspace says so.</summary>
    public static bool IsBlank(byte c) => c is (byte)' ' or (>= 9 and <= 13);

    /// <summary>Text without the blanks around it.</summary>
    public static ReadOnlySpan<byte> Trim(ReadOnlySpan<byte> text)
    {
        int start = 0, end = text.Length;
        while (start < end && IsBlank(text[start])) start++;
        while (end > start && IsBlank(text[end - 1])) end--;
        return text[start..end];
    }

    private static bool TryReadDecimal(ReadOnlySpan<byte> text, out double number)
    {
        number = 0;
        int at = 0, digits = 0;
        long small = 0;
        for (; at < text.Length && char.IsAsciiDigit((char)text[at]); at++, digits++) small = digits < 15 ? (small * 10) + text[at] - '0' : 0;
        if (at == text.Length && digits is > 0 and <= 15)
        {
            number = small;
            return true;
        }
        if (at < text.Length && text[at] == '.')
        {
            for (at++; at < text.Length && char.IsAsciiDigit((char)text[at]); at++) digits++;
        }
        if (digits == 0) return false;
        if (at < text.Length && (text[at] | 0x20) == 'e')
        {
            at++;
            if (at < text.Length && text[at] is (byte)'+' or (byte)'-') at++;
            int first = at;
            while (at < text.Length && char.IsAsciiDigit((char)text[at])) at++;
            if (at == first) return false;
        }
        return at == text.Length && double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out number);
    }

    private static bool TryReadHex(ReadOnlySpan<byte> text, out double number)
    {
        number = 0;
        int at = 0, digits = 0, scale = 0;
        for (bool fraction = false; at < text.Length; at++)
        {
            if (text[at] == '.' && !fraction)
            {
                fraction = true;
                continue;
            }
            if (!char.IsAsciiHexDigit((char)text[at])) break;
            digits++;
            if (fraction) scale -= 4;
            number = (number * 16) + Convert.ToInt32(((char)text[at]).ToString(), 16);
        }
        if (digits == 0) return false;
        if (at < text.Length && (text[at] | 0x20) == 'p')
        {
            if (!Utf8Parser.TryParse(text[(at + 1)..], out int exponent, out int used) || used == 0) return false;
            at += 1 + used;
            scale += exponent;
        }
        number = Math.ScaleB(number, scale);
        return at == text.Length;
    }

    private static bool TryReadName(ReadOnlySpan<byte> text, out double number)
    {
        Span<byte> lower = stackalloc byte[8];
        number = 0;
        if (text.Length is < 3 or > 8) return false;
        for (int i = 0; i < text.Length; i++) lower[i] = (byte)(text[i] | 0x20);
        ReadOnlySpan<byte> name = lower[..text.Length];
        number = name.SequenceEqual("nan"u8) ? -double.NaN : double.PositiveInfinity;
        return name.SequenceEqual("nan"u8) || name.SequenceEqual("inf"u8) || name.SequenceEqual("infinity"u8);
    }
}
