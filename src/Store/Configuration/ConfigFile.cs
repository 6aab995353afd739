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
    public static IEnumerable<Directive> Read(string path) => Read(path, depth: 0);

    /// <summary>The directives of text that is no file (<paramref name="source"/> names it), such as standard input.</summary>
    public static IEnumerable<Directive> Parse(string text, string source) => Parse(text.Split('\n'), source, depth: 0);

    private static IEnumerable<Directive> Read(string path, int depth)
    {
        string full = Path.GetFullPath(path);
        return Parse(ReadLines(full), $"the configuration file '{full}'", depth);
    }

    private static IEnumerable<Directive> Parse(string[] lines, string source, int depth)
    {
        for (int i = 0; i < lines.Length; i++)
        {
            string line = lines[i].Trim(' ', '\t', '\r', '\n');
            if (line.Length == 0 || line[0] == '#') continue;

            string place = $"{source}, at line {i + 1}";
            if (WordSplitter.Split(line) is not [var name, .. var words])
                throw new ConfigurationException(place, line, "Unbalanced quotes in configuration line",
                    "Close every quote, and leave a blank after it.");
            if (!name.Equals("include", StringComparison.OrdinalIgnoreCase))
            {
                yield return new Directive(name.ToLowerInvariant(), words, line, place);
                continue;
            }
            foreach (Directive included in Include(words, line, place, depth + 1)) yield return included;
        }
    }

    private static IEnumerable<Directive> Include(List<string> words, string line, string place, int depth)
    {
        if (words.Count != 1)
            throw new ConfigurationException(place, line, "wrong number of arguments", "Name one file for each include.");
        if (depth > IncludesMax)
            throw new ConfigurationException(place, line, "files include each other too deeply",
                "Look for a file that includes itself.");
        return Files(words[0]).SelectMany(file => Read(file, depth));
    }

    /// <summary>A pattern may find nothing; a plain name must be there.</summary>
    private static IEnumerable<string> Files(string pattern)
    {
        if (pattern.AsSpan().IndexOfAny('*', '?') < 0) return [pattern];
        string folder = Path.GetDirectoryName(Path.GetFullPath(pattern))!;
        return Directory.Exists(folder)
            ? Directory.EnumerateFiles(folder, Path.GetFileName(pattern)).Order(StringComparer.Ordinal)
            : [];
    }

    private static string[] ReadLines(string path)
    {
        try
        {
            return TextBytes.Decode(File.ReadAllBytes(path)).Split('\n');
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            string reason = error is FileNotFoundException or DirectoryNotFoundException
                ? "No such file or directory" : error.Message;
            throw new ConfigurationException($"Fatal error, can't open config file '{path}': {reason}", error);
        }
    }
}
