using System.Reflection;

namespace Galley.Store.Configuration;

/// <summary>
/// One parameter of one <see cref="Settings"/>: its declaration, and the way between its property and its text.
/// A subclass knows one kind of value.
/// </summary>
public abstract class Parameter
{
    private readonly Settings _settings;
    private readonly PropertyInfo _property;
    private readonly UnservedAttribute? _unserved;

    protected Parameter(Settings settings, PropertyInfo property, ParameterAttribute declaration)
    {
        _settings = settings;
        _property = property;
        _unserved = property.GetCustomAttribute<UnservedAttribute>();
        Default = property.GetValue(settings)!;
        Declaration = declaration;
        Aliases = declaration.Aliases.Split(' ', StringSplitOptions.RemoveEmptyEntries);
    }

    public ParameterAttribute Declaration { get; }

    public string Name => Declaration.Name;

    public IReadOnlyList<string> Aliases { get; }

    /// <summary>The file, the environment, the command line or CONFIG SET named it; otherwise it has its default.</summary>
    public bool IsGiven { get; internal set; }

    public bool IsDefault => Value.Equals(Default);

    /// <summary>The value is a list of words (<c>bind</c>, <c>save</c>) and not a single one.</summary>
    public virtual bool TakesMany => false;

    /// <summary>The value as CONFIG GET prints it.</summary>
    public abstract string Text { get; }

    /// <summary>The lines that CONFIG REWRITE gives it, one for most, without its name.</summary>
    internal virtual IEnumerable<WrittenLine> Lines => [new(Text, IsNeeded: !IsDefault)];

    /// <summary>What to do about a value that cannot be had, where the default is of no help.</summary>
    internal virtual string? NextStep => _unserved?.NextStep;

    /// <summary>
    /// Reads a value without setting it. Null, or what is wrong with it in redis-server's words.
    /// <paramref name="adds"/> tells that an earlier line of the same start gave the parameter already.
    /// </summary>
    public abstract string? Parse(ReadOnlySpan<string> words, bool adds, out object value);

    /// <summary>The value that it has now is what it has when nobody names it: it was worked out of other parameters.</summary>
    public void TakeAsDefault() => Default = Value;

    /// <summary>Why this value cannot be had, or null.</summary>
    internal string? Refusal(object value, bool atRunTime)
    {
        if (_unserved is null || value.Equals(Default)) return null;
        return atRunTime ? _unserved.AtRunTime ?? _unserved.Reason : _unserved.Reason;
    }

    /// <summary>What it has when nobody names it.</summary>
    internal object Default { get; private set; }

    internal object Value
    {
        get => _property.GetValue(_settings)!;
        set => _property.SetValue(_settings, value);
    }

    /// <summary>The words of one value: a single word that holds spaces is a list where a list is due.</summary>
    internal ReadOnlySpan<string> Words(ReadOnlySpan<string> given) =>
        TakesMany && given.Length == 1 ? (given[0].Length == 0 ? [] : given[0].Split(' ')) : given;
}

/// <summary>A line of the rewritten file, without the parameter's name.</summary>
/// <param name="IsNeeded">It is added where the file has no line for it; otherwise it only takes the place of one.</param>
public readonly record struct WrittenLine(string Text, bool IsNeeded);
