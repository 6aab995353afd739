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

    protected Parameter(Settings settings, PropertyInfo property, ParameterAttribute declaration)
    {
        _settings = settings;
        _property = property;
        Declaration = declaration;
        Aliases = declaration.Aliases.Split(' ', StringSplitOptions.RemoveEmptyEntries);
    }

    public ParameterAttribute Declaration { get; }

    public string Name => Declaration.Name;

    public IReadOnlyList<string> Aliases { get; }

    /// <summary>The file, the environment, the command line or CONFIG SET named it; otherwise it has its default.</summary>
    public bool IsGiven { get; internal set; }

    /// <summary>The value is a list of words (<c>bind</c>, <c>save</c>) and not a single one.</summary>
    public virtual bool TakesMany => false;

    /// <summary>What to do about a wrong value, where its default is of no help.</summary>
    public virtual string? Advice => null;

    /// <summary>The value as CONFIG GET prints it.</summary>
    public abstract string Text { get; }

    /// <summary>
    /// Reads a value without setting it. Null, or what is wrong with it in redis-server's words.
    /// <paramref name="adds"/> tells that an earlier line of the same start gave the parameter already.
    /// </summary>
    public abstract string? Parse(ReadOnlySpan<string> words, bool adds, out object value);

    internal object Value
    {
        get => _property.GetValue(_settings)!;
        set => _property.SetValue(_settings, value);
    }

    /// <summary>The words of one value: a single word that holds spaces is a list where a list is due.</summary>
    internal ReadOnlySpan<string> Words(ReadOnlySpan<string> given) =>
        TakesMany && given.Length == 1 ? (given[0].Length == 0 ? [] : given[0].Split(' ')) : given;
}
