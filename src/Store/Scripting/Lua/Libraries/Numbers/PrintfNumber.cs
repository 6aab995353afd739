using System.Buffers.Text;

namespace Galley.Store.Scripting.Lua.Libraries;

/// <summary>Numbers as C's printf writes them, digit for digit.</summary>
internal static partial class PrintfNumber
{
    private const int OctalDigitsMax = 22;
    private const int DefaultPrecision = 6;

    /// <summary>Adds an integer as %d does.</summary>
    internal static void AddInteger(ByteBuilder text, long value)
    {
        Span<byte> digits = stackalloc byte[OctalDigitsMax];
        Utf8Formatter.TryFormat(value, digits, out int length);
        text.Add(digits[..length]);
    }

    /// <summary>Adds a number as <c>%.14g</c> with another precision does: the form of tostring and of JSON.</summary>
    internal static void AddGeneral(ByteBuilder text, double value, int precision)
    {
        if (Math.Abs(value) < 1e9 && precision > 9 && value == (int)value && BitConverter.DoubleToInt64Bits(value) != long.MinValue)
            AddInteger(text, (int)value);
        else
            AddDouble(text, new PrintfSpecification((byte)'g', Precision: precision), value);
    }

    /// <summary>Adds an integer by %d and %i.</summary>
    internal static void AddSigned(ByteBuilder text, in PrintfSpecification form, long value)
    {
        ulong magnitude = value < 0 ? unchecked(0 - (ulong)value) : (ulong)value;
        AddDigits(text, form, form.Sign(value < 0), magnitude);
    }

    /// <summary>Adds an integer by %u, %o, %x and %X.</summary>
    internal static void AddUnsigned(ByteBuilder text, in PrintfSpecification form, ulong value)
    {
        bool hasPrefix = value != 0 && form.Has(PrintfFlags.Alternate);
        AddDigits(text, form, hasPrefix ? form.Conversion switch { (byte)'x' => "0x"u8, (byte)'X' => "0X"u8, _ => [] } : [], value);
    }

    private static void AddDigits(ByteBuilder text, in PrintfSpecification form, ReadOnlySpan<byte> prefix, ulong value)
    {
        // A precision is at most 99.
        Span<byte> digits = stackalloc byte[128];
        int start = digits.Length;
        (uint numberBase, uint ten) = form.Conversion switch { (byte)'o' => (8u, 0u), (byte)'x' => (16u, 'a' - 10u), (byte)'X' => (16u, 'A' - 10u), _ => (10u, 0u) };
        for (; value != 0; value /= numberBase)
        {
            uint digit = (uint)(value % numberBase);
            digits[--start] = (byte)(digit < 10 ? '0' + digit : ten + digit);
        }
        int precision = form.Precision < 0 ? 1 : form.Precision;
        while (digits.Length - start < precision) digits[--start] = (byte)'0';
        if (form.Conversion == 'o' && form.Has(PrintfFlags.Alternate) && (start == digits.Length || digits[start] != '0')) digits[--start] = (byte)'0';
        form.AddPadded(text, prefix, digits[start..], mayZero: form.Precision < 0);
    }
}
