using System.Diagnostics;
using System.Globalization;
using Galley.Store.Tests.Scripting.Lua;

namespace Galley.Conformance.Scripting;

/// <summary>
/// The language beside Debian's lua5.1: the programs of the manual's sections, and random ones, whole and spoilt. Random ones go on
/// for two seconds, or as many as GALLEY_LUA_SECONDS says (600 for a long run); GALLEY_LUA_SEED says where they begin.
/// </summary>
public sealed class LuaTests
{
    private const int ProgramsAtOnce = 100;

    public static TheoryData<string> Files() =>
        [.. Directory.EnumerateFiles(Folder, "*.lua").Order(StringComparer.Ordinal).Select(p => Path.GetFileNameWithoutExtension(p)!)];

    private static string Folder => Path.Combine(AppContext.BaseDirectory, "Scripting", "Corpus");

    [Theory]
    [MemberData(nameof(Files))]
    public void Programs_of_the_manual_print_the_same(string file)
    {
        (string Title, string Text)[] programs = [.. LuaProgram.Parts(Path.Combine(Folder, file + ".lua"))];
        using var reference = new ReferenceLua();
        string[] expected = reference.Run([.. programs.Select(p => p.Text)]);
        for (int i = 0; i < programs.Length; i++)
            Assert.Equal($"{programs[i].Title}\n{expected[i]}", $"{programs[i].Title}\n{new LuaProgram().Run(programs[i].Text)}");
    }

    [Fact]
    public void Random_programs_print_the_same() => Compare(g => g.Next());

    [Fact]
    public void Spoilt_programs_are_refused_with_the_same_words() => Compare(g => Loading(g.Spoil(g.Next())));

    private static void Compare(Func<ProgramGenerator, string> make)
    {
        int seed = Number("GALLEY_LUA_SEED", 1);
        var limit = TimeSpan.FromSeconds(Number("GALLEY_LUA_SECONDS", 2));
        using var reference = new ReferenceLua();
        var clock = Stopwatch.StartNew();
        do
        {
            string[] programs = [.. Enumerable.Range(seed, ProgramsAtOnce).Select(s => make(new ProgramGenerator(s)))];
            string[] expected = reference.Run(programs);
            for (int i = 0; i < programs.Length; i++)
            {
                string actual = new LuaProgram().Run(programs[i]);
                if (actual != expected[i]) Assert.Fail($"Seed {seed + i}:\n{programs[i]}\nlua5.1:\n{expected[i]}\nGalley:\n{actual}");
            }
            seed += ProgramsAtOnce;
        }
        while (clock.Elapsed < limit);
    }

    private static int Number(string variable, int otherwise) =>
        Environment.GetEnvironmentVariable(variable) is { Length: > 0 } text ? int.Parse(text, CultureInfo.InvariantCulture) : otherwise;

    // A program that loads another, and prints what is wrong with it.
    private static string Loading(string program)
    {
        string quoted = program.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal)
            .Replace("\r", "\\r", StringComparison.Ordinal).Replace("\n", "\\n", StringComparison.Ordinal);
        return $"local f, e = loadstring(\"{quoted}\", '=p') print(f and 'it loads' or e)";
    }
}
