namespace Galley.Store.Tests.Scripting.Lua;

/// <summary>Programs for each section of the reference manual of Lua 5.1, beside what lua5.1 printed of them.</summary>
public sealed class ManualTests
{
    public static TheoryData<string, string> Programs()
    {
        var data = new TheoryData<string, string>();
        foreach (string path in Directory.EnumerateFiles(Folder, "*.lua").Order(StringComparer.Ordinal))
        {
            foreach ((string title, _) in LuaProgram.Parts(path)) data.Add(Path.GetFileNameWithoutExtension(path), title);
        }
        return data;
    }

    private static string Folder => Path.Combine(AppContext.BaseDirectory, "Scripting", "Lua", "Corpus");

    [Theory]
    [MemberData(nameof(Programs))]
    public void A_program_prints_what_lua_prints(string file, string title)
    {
        string program = LuaProgram.Parts(Path.Combine(Folder, file + ".lua")).Single(p => p.Title == title).Text;
        string expected = LuaProgram.Parts(Path.Combine(Folder, file + ".expected")).Single(p => p.Title == title).Text;
        Assert.Equal(expected.TrimEnd('\n'), new LuaProgram().Run(program).TrimEnd('\n'));
    }
}
