using System.Reflection;

namespace Galley.Store.Configuration;

/// <summary>
/// The parameters of one <see cref="Settings"/> by name: found by reflection when the settings are made. CONFIG GET and
/// SET, the file, the environment and the command line are its callers; under the gate once the server runs.
/// </summary>
public sealed class Parameters
{
    private readonly List<Parameter> _all = [];
    private readonly Dictionary<string, Parameter> _byName = new(StringComparer.OrdinalIgnoreCase);
    private readonly Dictionary<Parameter, List<Func<string?>>> _appliers = [];
    private readonly Settings _settings;

    internal Parameters(Settings settings)
    {
        _settings = settings;
        foreach (PropertyInfo property in typeof(Settings).GetProperties())
        {
            if (property.GetCustomAttribute<ParameterAttribute>() is not { } declaration) continue;
            Parameter parameter = Make(settings, property, declaration);
            _all.Add(parameter);
            _byName.Add(parameter.Name, parameter);
            foreach (string alias in parameter.Aliases) _byName.Add(alias, parameter);
        }
    }

    /// <summary>Every name that finds a parameter, aliases included.</summary>
    public IReadOnlyCollection<string> Names => _byName.Keys;

    /// <summary>Every parameter, once.</summary>
    public IReadOnlyList<Parameter> All => _all;

    /// <summary>Parameters that nothing acts on, and that somebody gave another value than the default: to be told at the start.</summary>
    public IEnumerable<Parameter> GivenWithoutEffect =>
        _all.Where(parameter => parameter is { Declaration: AcceptedAttribute, IsGiven: true, IsDefault: false });

    public Parameter? Find(string name) => _byName.GetValueOrDefault(name);

    /// <summary>
    /// Name and text of what CONFIG GET finds: each name once, spelt as it was asked for where the pattern is a plain name.
    /// </summary>
    public List<KeyValuePair<string, string>> List(params ReadOnlySpan<string> patterns)
    {
        var found = new List<KeyValuePair<string, string>>();
        var names = new HashSet<string>(StringComparer.OrdinalIgnoreCase);
        foreach (string pattern in patterns)
        {
            if (NamePattern.IsPlain(pattern)) Add(pattern);
            else foreach ((string name, _) in _byName.Where(known => !known.Value.Declaration.Hidden && NamePattern.Matches(pattern, known.Key))) Add(name);
        }
        return found;

        void Add(string name)
        {
            if (Find(name) is { } parameter && names.Add(name)) found.Add(new(name, parameter.Text));
        }
    }

    /// <summary>
    /// CONFIG SET: all of it or nothing. Null, or the error reply's text in redis-server's words, its code first.
    /// </summary>
    /// <param name="pairs">Name, value, name, value.</param>
    /// <param name="fromThisMachine">The client came by loopback or a Unix socket.</param>
    public string? TrySet(ReadOnlySpan<string> pairs, bool fromThisMachine = false)
    {
        if (pairs.IsEmpty || pairs.Length % 2 != 0) return "ERR syntax error";
        return Admit(pairs, fromThisMachine) ?? Set(pairs);
    }

    /// <summary>
    /// Calls <paramref name="apply"/> after CONFIG SET has changed a parameter. A text refuses the change, which is then
    /// undone with all that was set beside it; so an applier may be called once more, with the old value in place.
    /// </summary>
    public void OnChange(string name, Func<string?> apply)
    {
        Parameter parameter = Find(name) ?? throw new ArgumentException($"There is no parameter '{name}'.", nameof(name));
        if (!_appliers.TryGetValue(parameter, out List<Func<string?>>? appliers)) _appliers.Add(parameter, appliers = []);
        appliers.Add(apply);
    }

    /// <summary>Sets a parameter before the start. Null, or what is wrong in redis-server's words.</summary>
    public string? Load(string name, ReadOnlySpan<string> words, bool adds = true)
    {
        if (Find(name) is not { } parameter) return "Bad directive or wrong number of arguments";
        if (words.Length != 1 && !parameter.TakesMany) return "wrong number of arguments";
        string? error = parameter.Parse(parameter.Words(words), adds && parameter.IsGiven, out object value)
            ?? parameter.Refusal(value, atRunTime: false);
        if (error is not null) return error;
        parameter.Value = value;
        parameter.IsGiven = true;
        return null;
    }

    /// <summary>CONFIG REWRITE: the text of the configuration file, with what holds now.</summary>
    public string Rewrite(string old, bool writesAll = false) => ConfigRewrite.Of(old, this, writesAll);

    /// <summary>Every name is known, may change now, and stands once.</summary>
    private string? Admit(ReadOnlySpan<string> pairs, bool fromThisMachine)
    {
        string? refusal = null;
        var names = new HashSet<string>(StringComparer.OrdinalIgnoreCase);
        for (int i = 0; i < pairs.Length; i += 2)
        {
            string name = pairs[i];
            Parameter? parameter = Find(name);
            refusal ??= parameter switch
            {
                null => $"ERR Unknown option or number of arguments for CONFIG SET - '{name}'",
                { Declaration.Change: Change.AtStart } => Failed(name, "can't set immutable config"),
                { Declaration.Change: Change.Protected } when !MaySetProtected(fromThisMachine) =>
                    Failed(name, "can't set protected config"),
                _ => names.Add(name) ? null : Failed(name, "duplicate parameter"),
            };
        }
        return refusal;
    }

    private string? Set(ReadOnlySpan<string> pairs)
    {
        var before = new List<(Parameter Parameter, object Value)>();
        for (int i = 0; i < pairs.Length; i += 2)
        {
            Parameter parameter = Find(pairs[i])!;
            string? error = parameter.Parse(parameter.Words([pairs[i + 1]]), adds: false, out object value)
                ?? parameter.Refusal(value, atRunTime: true);
            if (error is not null)
            {
                Restore(before);
                return Failed(pairs[i], error);
            }
            before.Add((parameter, parameter.Value));
            parameter.Value = value;
        }
        return Apply(before);
    }

    private string? Apply(List<(Parameter Parameter, object Value)> before)
    {
        for (int i = 0; i < before.Count; i++)
        {
            Parameter parameter = before[i].Parameter;
            if (parameter.Value.Equals(before[i].Value)) continue;
            if (Applied(parameter) is not { } error) continue;

            Restore(before);
            for (int applied = 0; applied <= i; applied++) Applied(before[applied].Parameter);
            return Failed(parameter.Name, error);
        }
        foreach ((Parameter parameter, _) in before) parameter.IsGiven = true;
        return null;
    }

    /// <summary>Tells who acts on the parameter; the first refusal counts.</summary>
    private string? Applied(Parameter parameter)
    {
        string? refusal = null;
        foreach (Func<string?> apply in _appliers.GetValueOrDefault(parameter) ?? []) refusal ??= apply();
        return refusal;
    }

    /// <summary>Backwards, so that a parameter set twice by two of its names ends with its first value.</summary>
    private static void Restore(List<(Parameter Parameter, object Value)> before)
    {
        for (int i = before.Count - 1; i >= 0; i--) before[i].Parameter.Value = before[i].Value;
    }

    private bool MaySetProtected(bool fromThisMachine) => _settings.EnableProtectedConfigs switch
    {
        Allowed.Yes => true,
        Allowed.Local => fromThisMachine,
        _ => false,
    };

    private static string Failed(string name, string error) =>
        $"ERR CONFIG SET failed (possibly related to argument '{name}') - {error}";

    private static Parameter Make(Settings settings, PropertyInfo property, ParameterAttribute declaration)
    {
        Type type = property.PropertyType;
        if (type == typeof(bool)) return new SwitchParameter(settings, property, declaration);
        if (type == typeof(int) || type == typeof(long) || type == typeof(ulong)) return new NumberParameter(settings, property, declaration);
        if (type == typeof(string)) return new TextParameter(settings, property, declaration);
        if (type.IsEnum) return new ChoiceParameter(settings, property, declaration);
        // Any other knows its own writing, as IParameterValue of itself.
        return (Parameter)Activator.CreateInstance(typeof(ValueParameter<>).MakeGenericType(type), settings, property, declaration)!;
    }
}
