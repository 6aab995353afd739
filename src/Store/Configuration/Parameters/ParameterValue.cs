namespace Galley.Store.Configuration;

/// <summary>
/// An immutable value of a parameter that is more than a number, a word or a switch. Changing the parameter puts
/// another object in its place, so that a reader on any thread sees the old value or the new one, whole.
/// </summary>
public interface IParameterValue<T> where T : class, IParameterValue<T>
{
    static abstract bool TakesMany { get; }

    /// <summary>Null, or what is wrong in redis-server's words.</summary>
    static abstract string? Parse(ReadOnlySpan<string> words, T current, bool adds, out T value);

    string Text { get; }

    /// <summary>The lines of a rewritten file, where they are not the text itself. <paramref name="standard"/> is the default.</summary>
    IEnumerable<WrittenLine> Lines(T standard) => [new(Text, IsNeeded: !Equals(standard))];
}

/// <summary>A rule for a parameter of free text.</summary>
[AttributeUsage(AttributeTargets.Property)]
public sealed class TextRuleAttribute(TextRule rule) : Attribute
{
    private const int HostNameLengthMax = 255;

    public TextRule Rule { get; } = rule;

    internal string? NextStep => Rule == TextRule.Folder ? "Make the folder, or name one that is there." : null;

    internal string? Check(string name, string text) => Rule switch
    {
        TextRule.FileName when text.Length == 0 => $"{name} can't be empty",
        TextRule.FileName or TextRule.FileNameOrNone when IsPath(text) => $"{name} can't be a path, just a filename",
        TextRule.FolderName when text.Length == 0 => $"{name} can't be empty",
        TextRule.FolderName when IsPath(text) => $"{name} can't be a path, just a dirname",
        TextRule.Folder when !Directory.Exists(text) => File.Exists(text) ? "Not a directory" : "No such file or directory",
        TextRule.HostName when text.Any(letter => !char.IsAsciiLetterOrDigit(letter) && letter is not ('-' or '.')) =>
            "Hostnames may only contain alphanumeric characters, hyphens or dots",
        TextRule.HostName when text.Length > HostNameLengthMax => $"Hostnames must be less than {HostNameLengthMax + 1} characters",
        TextRule.AsciiOrNone when text.Length > 1 || text.Any(character => !char.IsAscii(character)) => $"{name} must be one ASCII character, or empty",
        TextRule.TitleTemplate when !TitleTemplate.IsValid(text) => "template format is invalid or contains unknown variables",
        _ => null,
    };

    /// <summary>A folder is kept in full, so that the working directory may change; null keeps the text as it is.</summary>
    internal string? Normal(string text) => Rule == TextRule.Folder && text.Length > 0 ? Path.GetFullPath(text) : null;

    private static bool IsPath(string text) => text.Contains('/') || text.Contains('\\');
}

public enum TextRule : byte
{
    /// <summary>A file's name without a folder.</summary>
    FileName,

    /// <summary>The same, but it may be empty.</summary>
    FileNameOrNone,

    /// <summary>A folder's name without another before it.</summary>
    FolderName,

    /// <summary>A folder that is there.</summary>
    Folder,

    /// <summary>Letters, digits, dashes and dots.</summary>
    HostName,

    /// <summary>One byte of ASCII, or nothing.</summary>
    AsciiOrNone,

    /// <summary>The process title, with its variables in braces.</summary>
    TitleTemplate,
}
