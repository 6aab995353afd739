using System.Globalization;
using System.Reflection;

namespace Galley.Store.Configuration;

/// <summary>A whole number within bounds, in the writing of its unit.</summary>
internal sealed class NumberParameter(Settings settings, PropertyInfo property, ParameterAttribute declaration)
    : Parameter(settings, property, declaration)
{
    private readonly Type _type = property.PropertyType;

    public override string Text => Print(Number);

    internal override IEnumerable<WrittenLine> Lines =>
        [new(Declaration.Unit == Unit.Memory ? MemorySize.Shortened((ulong)Number) : Text, IsNeeded: !IsDefault)];

    public override string? Parse(ReadOnlySpan<string> words, bool adds, out object value)
    {
        value = 0L;
        if (!TryRead(words[0], out Int128 number)) return Declaration.Unit switch
        {
            Unit.Memory => "argument must be a memory value",
            Unit.Octal => "argument couldn't be parsed as an octal number",
            _ => "argument couldn't be parsed into an integer",
        };
        if (number < Declaration.Min || number > Max)
            return $"argument must be between {Print(Declaration.Min)} and {Print(Max)} inclusive";
        if (_type == typeof(ulong)) value = (ulong)number;
        else if (_type == typeof(long)) value = (long)number;
        else value = (int)number;
        return null;
    }

    private Int128 Max => _type == typeof(ulong) ? ulong.MaxValue : Declaration.Max;

    private Int128 Number => Value switch { ulong big => big, long wide => wide, _ => (int)Value };

    private bool TryRead(string word, out Int128 number)
    {
        number = 0;
        switch (Declaration.Unit)
        {
            case Unit.Memory:
                bool isMemory = MemorySize.TryParse(word, out ulong bytes);
                number = bytes;
                return isMemory;
            case Unit.Octal:
                return TryReadOctal(word, out number);
            default:
                bool isInteger = TryReadInteger(word, out long integer);
                number = integer;
                return isInteger;
        }
    }

    private string Print(Int128 number) => Declaration.Unit == Unit.Octal
        ? Convert.ToString((long)number, 8)
        : number.ToString(CultureInfo.InvariantCulture);

    /// <summary>Only the one writing that prints the same again: no sign but minus, no zero in front, no space.</summary>
    private static bool TryReadInteger(string word, out long number) =>
        long.TryParse(word, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out number)
        && number.ToString(CultureInfo.InvariantCulture) == word;

    /// <summary>As strtoll reads it, which stands behind redis-server's permissions: nothing at all is zero.</summary>
    private static bool TryReadOctal(string word, out Int128 number)
    {
        number = 0;
        bool isNegative = word.StartsWith('-');
        foreach (char digit in isNegative ? word.AsSpan(1) : word)
        {
            if (digit is < '0' or > '7') return false;
            if (number <= long.MaxValue) number = number * 8 + (digit - '0');
        }
        if (isNegative) number = -number;
        return true;
    }
}
