using System.Reflection;

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

    internal override string? NextStep => base.NextStep ?? _rule?.NextStep;

    public override string Text => (string)Value;

    /// <summary>redis-server always writes where the data lies, so that the file means the same from any folder.</summary>
    internal override IEnumerable<WrittenLine> Lines => Declaration.EmptyIsNone && Text.Length == 0
        ? []
        : [new(WordSplitter.Quote(Text), IsNeeded: !IsDefault || _rule is { Rule: TextRule.Folder })];

    public override string? Parse(ReadOnlySpan<string> words, bool adds, out object value)
    {
        value = _rule?.Normal(words[0]) ?? words[0];
        return _rule?.Check(Name, words[0]);
    }
}

/// <summary>A value that knows its own writing: <see cref="IParameterValue{T}"/>.</summary>
internal sealed class ValueParameter<T>(Settings settings, PropertyInfo property, ParameterAttribute declaration)
    : Parameter(settings, property, declaration)
    where T : class, IParameterValue<T>
{
    public override bool TakesMany => T.TakesMany;

    public override string Text => ((T)Value).Text;

    internal override IEnumerable<WrittenLine> Lines => ((T)Value).Lines((T)Default);

    public override string? Parse(ReadOnlySpan<string> words, bool adds, out object value)
    {
        string? error = T.Parse(words, (T)Value, adds, out T parsed);
        value = parsed;
        return error;
    }
}
