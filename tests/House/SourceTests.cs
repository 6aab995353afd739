using System.Text.RegularExpressions;

namespace Galley.House;

/// <summary>What may not stand in the sources, and what to write in its place.</summary>
public sealed class SourceTests
{
    private const int FileLinesMax = 400;

    // DEBUG SLEEP is there to hold the server up.
    private static readonly string[] MaySleep = ["src/Store/Commands/Server/DebugCommand.cs"];

    // The whole of the program's raw memory and libc: nothing here that these three do not audit.
    private static readonly string[] Audited =
        ["src/Resp/Transport/Libc.cs", "src/Store/Memory/PageSource.cs", "src/Store/Persistence/Files/DirectorySync.cs"];

    public static TheoryData<string, string, string> Banned() => new()
    {
        { "src", @"\bDateTime(Offset)?\.(Utc)?Now\b", "ask the injected TimeProvider: a test owns the clock" },
        { "src", @"\bThread\.Sleep\b", "wait on what is to happen, or let a timer of TimeProvider call" },
        { "src", @"\bTask\.Run\b", "name the thread, or await the work where it belongs: a hidden pool thread has no owner" },
        { "src", @"\.GetAwaiter\(\)\.GetResult\(\)", "await it, or give the synchronous caller a synchronous way" },
        { "src/Store", @"\bTask\b.*\.Result\b", "the engine does not block on tasks: complete it through a callback or the mailbox of the gate" },
        { "src/Store", @"\bEncoding\.UTF8\.GetString\b", "keys and values are bytes, and not always UTF-8: keep them bytes, or read what is known to be ASCII as Latin1" },
        { "src/Store", @"\bConsole\.", "tell the host through an interface: it alone speaks to the console" },
        { "src/Resp", @"\bConsole\.", "tell the host through an interface: it alone speaks to the console" },
        { "src", @"\b(TODO|FIXME|HACK)\b", "do it, or file an issue and leave it out of the code" },
        { "src", @"\bclass \w+(Manager|Helper|Util|Utils|Wrapper|Impl)\b", "name it after what it is: a noun of the field" },
        { "src", @"#region\b", "split the idea into files" },
    };

    [Theory]
    [MemberData(nameof(Banned))]
    public void A_banned_symbol_is_nowhere(string folder, string pattern, string remedy)
    {
        string[] hits = [.. from file in Sources.Under(folder)
                            from line in file.Lines.Select((text, i) => (Text: text, Number: i + 1))
                            where Regex.IsMatch(Sources.CodeOf(line.Text), pattern)
                            where !(pattern.Contains("Sleep", StringComparison.Ordinal) && MaySleep.Contains(file.Path))
                            select $"{file.Path}:{line.Number}: {line.Text.Trim()}"];
        Assert.True(hits.Length == 0, $"{string.Join('\n', hits)}\nRemedy: {remedy}.");
    }

    [Fact]
    public void Raw_memory_and_libc_live_in_three_audited_files()
    {
        const string pattern = @"\bunsafe\b|\bDllImport\b|\bLibraryImport\b|\bUnsafe\.|\bMarshal\.|\bNativeMemory\.|\bstackalloc\b.*\*|\bUnsafeAccessor\b";
        string[] hits = [.. from file in Sources.Under("src")
                            where !Audited.Contains(file.Path)
                            from line in file.Lines.Select((text, i) => (Text: text, Number: i + 1))
                            where Regex.IsMatch(Sources.CodeOf(line.Text), pattern)
                            select $"{file.Path}:{line.Number}: {line.Text.Trim()}"];
        Assert.True(hits.Length == 0, $"{string.Join('\n', hits)}\nRemedy: use spans, MemoryMarshal or BinaryPrimitives; a call to libc goes into"
            + $" the audited file that fits: {string.Join(", ", Audited)}.");
    }

    [Fact]
    public void A_file_fits_one_idea()
    {
        string[] long_ = [.. Sources.Under("src").Concat(Sources.Under("tests")).Concat(Sources.Under("load-tests"))
            .Where(f => f.Lines.Length > FileLinesMax).Select(f => $"{f.Path} has {f.Lines.Length} lines")];
        Assert.True(long_.Length == 0, $"{string.Join('\n', long_)}\nRemedy: split it by idea, not by size, into files of 250 lines and less.");
    }

    [Fact]
    public void No_test_is_without_an_assertion()
    {
        var empty = new List<string>();
        foreach ((string path, string[] lines) in Sources.Under("tests").Where(f => !f.Path.StartsWith("tests/House/", StringComparison.Ordinal)))
        {
            string text = string.Join('\n', lines);
            bool hasTests = Regex.IsMatch(text, @"\[(Fact|Theory)");
            bool asserts = Regex.IsMatch(text, @"\bAssert\w*\.|\bAssert\w+\(|\bExpect\w*\(|\bShould\w*\(|\bVerify\w*\(|\bPassAsync\(");
            if (hasTests && !asserts) empty.Add(path);
        }
        Assert.True(empty.Count == 0, $"{string.Join('\n', empty)}\nRemedy: say what is to be true; a test that cannot fail tests nothing.");
    }
}
