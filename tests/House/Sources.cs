using System.Text;

namespace Galley.House;

/// <summary>The source files of the repository, as text and as text without comments and strings.</summary>
public static class Sources
{
    public static string Root { get; } = FindRoot();

    /// <summary>Every C# file under a folder of the repository: its path from the root, with slashes, and its lines.</summary>
    public static IEnumerable<(string Path, string[] Lines)> Under(string folder)
    {
        string start = Path.Combine(Root, folder);
        if (!Directory.Exists(start)) yield break;
        foreach (string file in Directory.EnumerateFiles(start, "*.cs", SearchOption.AllDirectories).Order(StringComparer.Ordinal))
        {
            string path = Path.GetRelativePath(Root, file).Replace('\\', '/');
            if (path.Contains("/obj/", StringComparison.Ordinal) || path.Contains("/bin/", StringComparison.Ordinal)) continue;
            yield return (path, File.ReadAllLines(file));
        }
    }

    /// <summary>A line without its comment and with its strings empty: what is left is code.</summary>
    public static string CodeOf(string line)
    {
        var code = new StringBuilder();
        bool quoted = false;
        for (int i = 0; i < line.Length; i++)
        {
            if (quoted && line[i] == '\\') i++;
            else if (line[i] == '"' && !(i > 0 && line[i - 1] == '\'')) quoted = !quoted;
            else if (!quoted && line[i] == '/' && i + 1 < line.Length && line[i + 1] == '/') break;
            else if (!quoted) code.Append(line[i]);
        }
        return code.ToString();
    }

    private static string FindRoot()
    {
        for (var at = new DirectoryInfo(AppContext.BaseDirectory); at is not null; at = at.Parent)
        {
            if (File.Exists(Path.Combine(at.FullName, "Galley.slnx"))) return at.FullName;
        }
        throw new InvalidOperationException("The tests run from a folder inside the repository: Galley.slnx was not found above them.");
    }
}
