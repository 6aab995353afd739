using System.Diagnostics;
using Galley.Conformance.Servers;
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
    public void Random_programs_print_the_same() => Compare(g => g.Next(), "");

    [Fact]
    public void Spoilt_programs_are_refused_with_the_same_words() =>
        Compare(g => g.Spoil(g.Next()), "return function(text) local f, e = loadstring(text, '=p') print(f and 'it loads' or e) end");

    // With a wrapper a program is not run, but handed over to what the wrapper returns, as a string.
    private static void Compare(Func<ProgramGenerator, string> make, string wrapper)
    {
        int seed = int.Parse(Environment.GetEnvironmentVariable("GALLEY_LUA_SEED") ?? "1", System.Globalization.CultureInfo.InvariantCulture);
        var limit = TimeSpan.FromSeconds(int.Parse(Environment.GetEnvironmentVariable("GALLEY_LUA_SECONDS") ?? "2", System.Globalization.CultureInfo.InvariantCulture));
        using var reference = new ReferenceLua();
        var clock = Stopwatch.StartNew();
        do
        {
            string[] programs = [.. Enumerable.Range(seed, ProgramsAtOnce).Select(s => Wrap(make(new ProgramGenerator(s)), wrapper))];
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

    private static string Wrap(string program, string wrapper)
    {
        if (wrapper.Length == 0) return program;
        string quoted = program.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal)
            .Replace("\r", "\\r", StringComparison.Ordinal).Replace("\n", "\\n", StringComparison.Ordinal);
        return $"{wrapper.Replace("return function(text)", "local function load_it(text)", StringComparison.Ordinal)} load_it(\"{quoted}\")";
    }
}
