using System.Diagnostics;
using System.Text;
using Galley.Conformance.Servers;
using Galley.Store.Tests.Scripting.Lua;

namespace Galley.Conformance.Scripting;

/// <summary>Debian's lua5.1: many programs in one process, each in globals of its own.</summary>
public sealed class ReferenceLua : IDisposable
{
    private const string OutputMark = "=== output of ";

    // What a program could reach in Galley, too; strings have an empty table of methods there.
    private const string Driver =
        """
        local names = {"assert", "collectgarbage", "error", "gcinfo", "getfenv", "getmetatable", "ipairs", "load", "loadstring", "next", "pairs", "pcall", "print",
          "rawequal", "rawget", "rawset", "select", "setfenv", "setmetatable", "tonumber", "tostring", "type", "unpack", "xpcall", "coroutine", "_VERSION"}
        local methods = getmetatable("").__index
        local list = io.open("programs")
        for name in list:lines() do
          print("=== output of " .. name)
          local file = io.open(name, "rb")
          local text = file:read("*a")
          file:close()
          local globals = {}
          for _, n in ipairs(names) do globals[n] = _G[n] end
          globals._G = globals
          getmetatable("").__index = {}
          setfenv(0, globals)
          local f, e = globals.loadstring(text, "=p")
          if not f then print("error", e) else
            local ok, e = pcall(f)
            if not ok then print("error", e) end
          end
          setfenv(0, getfenv(1))
          getmetatable("").__index = methods
        end
        """;

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("galley-lua-");

    /// <summary>What lua5.1 prints of each program, in their order.</summary>
    public string[] Run(IReadOnlyList<string> programs)
    {
        Oracle.DemandLua();
        Write("driver.lua", Driver);
        Write("programs", string.Concat(Enumerable.Range(0, programs.Count).Select(i => $"p{i}\n")));
        for (int i = 0; i < programs.Count; i++) Write($"p{i}", programs[i]);
        var start = new ProcessStartInfo(Oracle.Lua!, "driver.lua")
        {
            WorkingDirectory = _folder.FullName,
            RedirectStandardOutput = true,
            StandardOutputEncoding = Encoding.Latin1,
        };
        using Process process = Process.Start(start)!;
        string output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        string[] parts = output.Split(OutputMark);
        Assert.Equal(programs.Count, parts.Length - 1);
        return [.. parts[1..].Select(p => LuaProgram.Mask(p[(p.IndexOf('\n', StringComparison.Ordinal) + 1)..]))];
    }

    public void Dispose() => _folder.Delete(true);

    private void Write(string name, string text) => File.WriteAllBytes(Path.Combine(_folder.FullName, name), Encoding.Latin1.GetBytes(text));
}
