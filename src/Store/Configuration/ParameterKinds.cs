using System.Globalization;
using System.Reflection;
using System.Text;

namespace Galley.Store.Configuration;

/// <summary>yes or no.</summary>
internal sealed class SwitchParameter(Settings settings, PropertyInfo property, ParameterAttribute declaration)
    : Parameter(settings, property, declaration)
{
    public override string Text => (bool)Value ? "yes" : "no";

    public override string? Parse(ReadOnlySpan<string> words, bool adds, out object value)
    {
        bool isYes = words[0].Equals("yes", StringComparison.OrdinalIgnoreCase);
        value = isYes;
        return isYes || words[0].Equals("no", StringComparison.OrdinalIgnoreCase) ? null : "argument must be 'yes' or 'no'";
    }
}

/// <summary>Free text, perhaps with a rule of its own: file names must not be paths.</summary>
internal sealed class TextParameter(Settings settings, PropertyInfo property, ParameterAttribute declaration)
    : Parameter(settings, property, declaration)
{
    private readonly TextRuleAttribute? _rule = property.GetCustomAttribute<TextRuleAttribute>();

    public override string? Advice => _rule?.Advice;

    public override string Text => (string)Value;

    public override string? Parse(ReadOnlySpan<string> words, bool adds, out object value)
    {
        value = _rule?.Normal(words[0]) ?? words[0];
        return _rule?.Check(Name, words[0]);
    }
}

/// <summary>A whole number within bounds, in the writing of its unit.</summary>
internal sealed class NumberParameter(Settings settings, PropertyInfo property, ParameterAttribute declaration)
    : Parameter(settings, property, declaration)
{
    private readonly Type _type = property.PropertyType;

    public override string Text => Print(Convert.ToInt64(Value, CultureInfo.InvariantCulture));

    public override string? Parse(ReadOnlySpan<string> words, bool adds, out object value)
    {
        value = 0L;
        if (!TryRead(words[0], out long number)) return Declaration.Unit switch
        {
            Unit.Memory => "argument must be a memory value",
            Unit.Octal => "argument couldn't be parsed as an octal number",
            _ => "argument couldn't be parsed into an integer",
        };
        if (number < Declaration.Min || number > Declaration.Max)
            return $"argument must be between {Print(Declaration.Min)} and {Print(Declaration.Max)} inclusive";
        value = Convert.ChangeType(number, _type, CultureInfo.InvariantCulture);
        return null;
    }

    private bool TryRead(string word, out long number) => Declaration.Unit switch
    {
        Unit.Memory => MemorySize.TryParse(word, out number),
        Unit.Octal => TryReadOctal(word, out number),
        _ => TryReadInteger(word, out number),
    };

    private string Print(long number) => Declaration.Unit == Unit.Octal
        ? Convert.ToString(number, 8)
        : number.ToString(CultureInfo.InvariantCulture);

    /// <summary>Only the one writing that prints the same again: no sign but minus, no zero in front, no space.</summary>
    private static bool TryReadInteger(string word, out long number) =>
        long.TryParse(word, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out number)
        && number.ToString(CultureInfo.InvariantCulture) == word;

    private static bool TryReadOctal(string word, out long number)
    {
        number = 0;
        if (word.Length is 0 or > 20) return false;
        foreach (char digit in word)
        {
            if (digit is < '0' or > '7') return false;
            number = number * 8 + (digit - '0');
        }
        return true;
    }
}

/// <summary>One of an enum's members, each written in small letters with a dash before every capital.</summary>
internal sealed class ChoiceParameter : Parameter
{
    private readonly object[] _members;
    private readonly string[] _names;

    public ChoiceParameter(Settings settings, PropertyInfo property, ParameterAttribute declaration)
        : base(settings, property, declaration)
    {
        _members = [.. Enum.GetValuesAsUnderlyingType(property.PropertyType).Cast<object>()
            .Select(member => Enum.ToObject(property.PropertyType, member))];
        _names = [.. _members.Select(member => Kebab(member.ToString()!))];
    }

    public override string Text => _names[Array.IndexOf(_members, Value)];

    public override string? Parse(ReadOnlySpan<string> words, bool adds, out object value)
    {
        string word = words[0];
        int at = Array.FindIndex(_names, name => name.Equals(word, StringComparison.OrdinalIgnoreCase));
        value = _members[Math.Max(at, 0)];
        return at >= 0 ? null : "argument(s) must be one of the following: " + string.Join(", ", _names);
    }

    private static string Kebab(string member)
    {
        var text = new StringBuilder();
        foreach (char letter in member)
        {
            if (char.IsUpper(letter) && text.Length > 0) text.Append('-');
            text.Append(char.ToLowerInvariant(letter));
        }
        return text.ToString();
    }
}

/// <summary>A value that knows its own writing: <see cref="IParameterValue{T}"/>.</summary>
internal sealed class ValueParameter<T>(Settings settings, PropertyInfo property, ParameterAttribute declaration)
    : Parameter(settings, property, declaration)
    where T : class, IParameterValue<T>
{
    public override bool TakesMany => T.TakesMany;

    public override string Text => ((T)Value).Text;

    public override string? Parse(ReadOnlySpan<string> words, bool adds, out object value)
    {
        string? error = T.Parse(words, (T)Value, adds, out T parsed);
        value = parsed;
        return error;
    }
}
