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
}

/// <summary>A rule for a parameter of free text.</summary>
[AttributeUsage(AttributeTargets.Property)]
public sealed class TextRuleAttribute(TextRule rule) : Attribute
{
    public TextRule Rule { get; } = rule;

    internal string? Advice => Rule == TextRule.Folder ? "Make the folder, or name one that is there." : null;

    internal string? Check(string name, string text) => Rule switch
    {
        TextRule.FileName when text.Length == 0 => $"{name} can't be empty",
        TextRule.FileName when IsPath(text) => $"{name} can't be a path, just a filename",
        TextRule.FolderName when text.Length == 0 => $"{name} can't be empty",
        TextRule.FolderName when IsPath(text) => $"{name} can't be a path, just a dirname",
        TextRule.Folder when !Directory.Exists(text) => File.Exists(text) ? "Not a directory" : "No such file or directory",
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

    /// <summary>A folder's name without another before it.</summary>
    FolderName,

    /// <summary>A folder that is there.</summary>
    Folder,
}
