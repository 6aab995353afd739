namespace Galley.Store.Configuration;

/// <summary><c>shutdown-on-sigterm</c> and <c>shutdown-on-sigint</c>: how a signal ends the server, in the words of SHUTDOWN.</summary>
public sealed record ShutdownOptions(bool Save, bool NoSave, bool Now, bool Force) : IParameterValue<ShutdownOptions>
{
    private const string Unknown = "argument(s) must be one of the following: default, save, nosave, now, force";

    public static ShutdownOptions Default { get; } = new(false, false, false, false);

    public static bool TakesMany => true;

    public string Text
    {
        get
        {
            string[] words = [.. Words()];
            return words.Length == 0 ? "default" : string.Join(' ', words);
        }
    }

    public static string? Parse(ReadOnlySpan<string> words, ShutdownOptions current, bool adds, out ShutdownOptions value)
    {
        value = Default;
        if (words.IsEmpty) return Unknown;
        foreach (string word in words)
        {
            switch (word.ToLowerInvariant())
            {
                case "default": break;
                case "save": value = value with { Save = true }; break;
                case "nosave": value = value with { NoSave = true }; break;
                case "now": value = value with { Now = true }; break;
                case "force": value = value with { Force = true }; break;
                default: return Unknown;
            }
        }
        return value is { Save: true, NoSave: true } ? "shutdown options SAVE and NOSAVE can't be used simultaneously" : null;
    }

    private IEnumerable<string> Words()
    {
        if (Save) yield return "save";
        if (NoSave) yield return "nosave";
        if (Now) yield return "now";
        if (Force) yield return "force";
    }
}
