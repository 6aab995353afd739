namespace Galley.Store.Scripting.Lua.Libraries;

internal static partial class PrintfNumber
{
    // Digits before and behind the point of the longest %.99f, and room for an exponent.
    private const int BodyBytesMax = 512;
    private const int SmallestFixedExponent = -4;

    /// <summary>Adds a double by %e, %E, %f, %g or %G.</summary>
    internal static void AddDouble(ByteBuilder text, in PrintfSpecification form, double value)
    {
        bool isUpper = form.Conversion is (byte)'E' or (byte)'G';
        ReadOnlySpan<byte> sign = form.Sign(double.IsNegative(value));
        if (!double.IsFinite(value))
        {
            ReadOnlySpan<byte> word = double.IsNaN(value) ? isUpper ? "NAN"u8 : "nan"u8 : isUpper ? "INF"u8 : "inf"u8;
            form.AddPadded(text, sign, word, mayZero: false);
            return;
        }

        Span<byte> body = stackalloc byte[BodyBytesMax];
        int length = Write(form, Math.Abs(value), isUpper, body);
        form.AddPadded(text, sign, body[..length], mayZero: true);
    }

    private static int Write(in PrintfSpecification form, double magnitude, bool isUpper, Span<byte> body)
    {
        int precision = form.Precision < 0 ? DefaultPrecision : form.Precision;
        bool keepsPoint = form.Has(PrintfFlags.Alternate);
        Span<byte> digits = stackalloc byte[DecimalDigits.CountMax];
        switch (form.Conversion | 0x20)
        {
            case 'f':
                int count = DecimalDigits.WriteFixed(magnitude, precision, digits, out int exponent);
                return WriteFixed(digits[..count], exponent, precision, keepsPoint, body);
            case 'e':
                DecimalDigits.WriteSignificant(magnitude, precision + 1, digits, out exponent);
                return WriteScientific(digits[..(precision + 1)], exponent, keepsPoint, isUpper, body);
            default:
                count = Math.Max(precision, 1);
                DecimalDigits.WriteSignificant(magnitude, count, digits, out exponent);
                if (!keepsPoint)
                {
                    while (count > 1 && digits[count - 1] == '0') count--;
                }
                bool isScientific = exponent < SmallestFixedExponent || exponent >= Math.Max(precision, 1);
                return isScientific
                    ? WriteScientific(digits[..count], exponent, keepsPoint, isUpper, body)
                    : WriteFixed(digits[..count], exponent, Math.Max(count - 1 - exponent, 0), keepsPoint, body);
        }
    }

    // The first digit stands for 10^exponent; what is not among the digits is 0.
    private static int WriteFixed(ReadOnlySpan<byte> digits, int exponent, int decimals, bool keepsPoint, Span<byte> body)
    {
        int length = 0;
        for (int power = Math.Max(exponent, 0); power >= -decimals; power--)
        {
            if (power == -1) body[length++] = (byte)'.';
            int index = exponent - power;
            body[length++] = index >= 0 && index < digits.Length ? digits[index] : (byte)'0';
        }
        if (decimals == 0 && keepsPoint) body[length++] = (byte)'.';
        return length;
    }

    private static int WriteScientific(ReadOnlySpan<byte> digits, int exponent, bool keepsPoint, bool isUpper, Span<byte> body)
    {
        int length = 0;
        body[length++] = digits[0];
        if (digits.Length > 1 || keepsPoint) body[length++] = (byte)'.';
        digits[1..].CopyTo(body[length..]);
        length += digits.Length - 1;
        body[length++] = isUpper ? (byte)'E' : (byte)'e';
        body[length++] = exponent < 0 ? (byte)'-' : (byte)'+';
        int magnitude = Math.Abs(exponent);
        if (magnitude >= 100) body[length++] = (byte)('0' + (magnitude / 100));
        body[length++] = (byte)('0' + (magnitude / 10 % 10));
        body[length++] = (byte)('0' + (magnitude % 10));
        return length;
    }
}
