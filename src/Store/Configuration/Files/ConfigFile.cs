namespace Galley.Store.Configuration;

/// <summary>
/// Reads redis.conf: one directive a line, <c>#</c> at its head for a comment, words by <see cref="WordSplitter"/>,
/// <c>include</c> for another file in its place, whose name may hold <c>*</c> and <c>?</c>.
/// </summary>
public static class ConfigFile
{
    /// <summary>Files within files; deeper is a file that includes itself.</summary>
    public const int IncludesMax = 16;

    /// <summary>The directives of a file and of those it includes, in order.</summary>
    /// <param name="onFault">Takes what cannot be read; reading goes on after it, unless it throws.</param>
    public static IEnumerable<Directive> Read(string path, Action<ConfigurationException>? onFault = null) =>
        Read(path, onFault ?? Throw, depth: 0);

    /// <summary>The directives of text that is no file (<paramref name="source"/> names it), such as standard input.</summary>
    public static IEnumerable<Directive> Parse(string text, string source, Action<ConfigurationException>? onFault = null) =>
        Parse(text.Split('\n'), source, file: null, onFault ?? Throw, depth: 0);

    private static void Throw(ConfigurationException fault) => throw fault;

    private static IEnumerable<Directive> Read(string path, Action<ConfigurationException> onFault, int depth)
    {
        string full = Path.GetFullPath(path);
        return Parse(ReadLines(full, onFault), "the configuration file", full, onFault, depth);
    }

    private static IEnumerable<Directive> Parse(
        string[] lines, string source, string? file, Action<ConfigurationException> onFault, int depth)
    {
        for (int i = 0; i < lines.Length; i++)
        {
            string line = lines[i].Trim(' ', '\t', '\r', '\n');
            if (line.Length == 0 || line[0] == '#') continue;

            string place = $"{source}, at line {i + 1}";
            if (WordSplitter.Split(line) is not [var name, .. var words])
            {
                onFault(new ConfigurationException(place, line, "Unbalanced quotes in configuration line",
                    "Close every quote, and leave a blank after it.", file));
                continue;
            }
            if (!name.Equals("include", StringComparison.OrdinalIgnoreCase))
            {
                yield return new Directive(name.ToLowerInvariant(), words, line, place, File: file);
                continue;
            }
            (string Error, string NextStep)? fault = words.Count != 1
                ? ("wrong number of arguments", "Name one file for each include.")
                : depth == IncludesMax ? ("files include each other too deeply", "Look for a file that includes itself.") : null;
            if (fault is { } wrong) onFault(new ConfigurationException(place, line, wrong.Error, wrong.NextStep, file));
            else foreach (Directive included in Include(words[0], onFault, depth + 1)) yield return included;
        }
    }

    private static IEnumerable<Directive> Include(string pattern, Action<ConfigurationException> onFault, int depth) =>
        Files(pattern).SelectMany(file => Read(file, onFault, depth));

    /// <summary>A pattern may find nothing; a plain name must be there.</summary>
    private static IEnumerable<string> Files(string pattern)
    {
        if (pattern.AsSpan().IndexOfAny('*', '?') < 0) return [pattern];
        string folder = Path.GetDirectoryName(Path.GetFullPath(pattern))!;
        return Directory.Exists(folder)
            ? Directory.EnumerateFiles(folder, Path.GetFileName(pattern)).Order(StringComparer.Ordinal)
            : [];
    }

    private static string[] ReadLines(string path, Action<ConfigurationException> onFault)
    {
        try
        {
            return TextBytes.Decode(File.ReadAllBytes(path)).Split('\n');
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            string reason = error switch
            {
                FileNotFoundException or DirectoryNotFoundException => "No such file or directory",
                UnauthorizedAccessException when Directory.Exists(path) => "Is a directory",
                UnauthorizedAccessException => "Permission denied",
                _ => error.Message,
            };
            onFault(new ConfigurationException($"Fatal error, can't open config file '{path}': {reason}", error));
            return [];
        }
    }
}
