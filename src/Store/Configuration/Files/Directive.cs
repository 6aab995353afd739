namespace Galley.Store.Configuration;

/// <summary>One setting as it was written somewhere, and where.</summary>
/// <param name="Line">As it stands there, to be quoted in an error.</param>
/// <param name="Place">Such as <c>the configuration file, at line 3</c>.</param>
/// <param name="Adds">A list may go on where an earlier line left it: <c>save</c>.</param>
/// <param name="File">The file's full path, if it was one.</param>
public sealed record Directive(
    string Name, IReadOnlyList<string> Words, string Line, string Place, bool Adds = true, string? File = null)
{
    /// <summary>Sets the parameter, or stops the start with a <see cref="ConfigurationException"/>.</summary>
    public void ApplyTo(Settings settings)
    {
        if (SpecialDirectives.TryApply(this, settings)) return;
        if (settings.Parameters.Load(Name, [.. Words], Adds) is not { } error) return;
        Parameter? parameter = settings.Parameters.Find(Name);
        string line = parameter is { Declaration.Secret: true } ? $"{Name} (not shown)" : Line;
        throw new ConfigurationException(Place, line, error, NextStep(parameter, settings.Parameters), File);
    }

    /// <summary>The end of a start that cannot follow this directive. A user's line may hold a password, and is not repeated.</summary>
    public ConfigurationException Refused(string error, string nextStep) =>
        new(Place, Name == "user" ? $"{Name} (not shown)" : Line, error, nextStep, File);

    private string NextStep(Parameter? parameter, Parameters parameters)
    {
        if (parameter is not null)
        {
            return parameter.NextStep ?? (parameter.Declaration.Secret
                ? "Give it one value."
                : $"Its default is: {parameter.Name} {Shown(new Settings().Parameters.Find(parameter.Name)!.Text)}");
        }
        string? nearest = NearestName.Of(Name, parameters.Names);
        return nearest is not null
            ? $"Did you mean '{nearest}'?"
            : "Galley does not know this directive: remove the line. CONFIG GET * on a running Galley lists those it knows.";
    }

    private static string Shown(string text) => text.Length == 0 ? "\"\"" : text;
}
