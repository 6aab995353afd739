using System.Text;

namespace Galley.Store.Tests.Scripting.Lua.Libraries;

/// <summary>
/// A program of the corpus with what redis-server 7.0.15 answered to it. A line that begins with <c>?</c> is an expression, whose
/// values or error are shown; other lines are run. Corpus/*.expected hold the answers, section by section.
/// </summary>
public sealed record RecordedProgram(string Library, string Title, string Body, string Expected)
{
    private const string Mark = "--- ";

    // Those that lua5.1 has, too.
    private static readonly string[] Standard = ["string", "format", "patterns", "table", "math"];

    private static readonly Lazy<RecordedProgram[]> Programs = new(() => [.. Read()]);

    public static IReadOnlyList<RecordedProgram> All => Programs.Value;

    public bool IsStandard => Standard.Contains(Library);

    /// <summary>A script that returns what it shows.</summary>
    public string Script => Body + "\nreturn table.concat(lines, '\\n')";

    /// <summary>A script that prints what it shows.</summary>
    public string PrintingScript => Body + "\nio.write(table.concat(lines, '\\n'))";

    /// <summary>The first line that differs, or nothing.</summary>
    public string? Difference(string answer)
    {
        string[] expected = Expected.Split('\n');
        string[] lines = answer.Split('\n');
        for (int i = 0; i < Math.Max(expected.Length, lines.Length); i++)
        {
            string wanted = i < expected.Length ? expected[i] : "(no line)";
            string found = i < lines.Length ? lines[i] : "(no line)";
            if (wanted != found) return $"{this}, line {i + 1}\nexpected: {wanted}\nfound:    {found}";
        }
        return null;
    }

    public override string ToString() => $"{Library}: {Title}";

    private static IEnumerable<RecordedProgram> Read()
    {
        string directory = Path.Combine(AppContext.BaseDirectory, "Scripting", "Lua", "Libraries", "Corpus");
        string prologue = Text(Path.Combine(directory, "prologue.lua"));
        foreach (string path in Directory.GetFiles(directory, "*.expected").Order(StringComparer.Ordinal))
        {
            Dictionary<string, string> answers = Sections(Text(path)).ToDictionary(s => s.Title, s => string.Join('\n', s.Lines));
            foreach ((string title, List<string> lines) in Sections(Text(Path.ChangeExtension(path, ".lua"))))
            {
                IEnumerable<string> statements = lines.Select(l => l.StartsWith("? ", StringComparison.Ordinal)
                    ? $"show(pcall(function() return {l[2..]} end))"
                    : $"do {l} end");
                yield return new RecordedProgram(Path.GetFileNameWithoutExtension(path), title, prologue + string.Join('\n', statements), answers[title]);
            }
        }
    }

    private static List<(string Title, List<string> Lines)> Sections(string text)
    {
        var sections = new List<(string Title, List<string> Lines)>();
        foreach (string line in text.TrimEnd('\n').Split('\n'))
        {
            if (line.StartsWith(Mark, StringComparison.Ordinal)) sections.Add((line[Mark.Length..], []));
            else sections[^1].Lines.Add(line);
        }
        return sections;
    }

    private static string Text(string path) => File.ReadAllText(path, Encoding.Latin1);
}
