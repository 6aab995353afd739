using System.Diagnostics;
using System.Text;
using Galley.Conformance.Servers;
using Galley.Conformance.Wire;
using Galley.Store.Tests.Scripting.Lua.Libraries;

namespace Galley.Conformance.Scripting.Libraries;

/// <summary>The recorded answers of the libraries' programs, which Galley is tested by, are what the originals still answer.</summary>
public sealed class RecordedAnswerTests : IDisposable
{
    private static readonly string? Lua = Executables.OnPath("lua5.1");

    private ServerProcess? _redis;

    public static TheoryData<string> Libraries() => [.. RecordedProgram.All.Select(p => p.Library).Distinct()];

    public static TheoryData<string> StandardLibraries() => [.. RecordedProgram.All.Where(p => p.IsStandard).Select(p => p.Library).Distinct()];

    [Theory]
    [MemberData(nameof(Libraries))]
    public void Redis_server_answers_what_is_recorded(string library)
    {
        Oracle.DemandRedis();
        _redis = ServerProcess.StartRedis();
        using var connection = new RespConnection(_redis.Port);
        foreach (RecordedProgram program in RecordedProgram.All.Where(p => p.Library == library))
        {
            Reply reply = connection.Ask([Encoding.ASCII.GetBytes("EVAL"), Encoding.Latin1.GetBytes(program.Script), Encoding.ASCII.GetBytes("0")]);
            Assert.True(program.Difference(reply.Text) is null, program.Difference(reply.Text));
        }
    }

    [Theory]
    [MemberData(nameof(StandardLibraries))]
    public void The_interpreter_lua_answers_what_is_recorded(string library)
    {
        Oracle.Demand(Lua, "lua5.1", "apt-get install lua5.1");
        foreach (RecordedProgram program in RecordedProgram.All.Where(p => p.Library == library))
        {
            string answer = RunLua(program.PrintingScript);
            Assert.True(program.Difference(answer) is null, program.Difference(answer));
        }
    }

    public void Dispose() => _redis?.Dispose();

    // A file's name is in its messages: scripts of redis-server are called so.
    private static string RunLua(string script)
    {
        DirectoryInfo directory = Directory.CreateTempSubdirectory("galley-lua-");
        try
        {
            File.WriteAllText(Path.Combine(directory.FullName, "user_script"), script, Encoding.Latin1);
            using Process process = Process.Start(new ProcessStartInfo(Lua!, "user_script")
            {
                WorkingDirectory = directory.FullName,
                RedirectStandardOutput = true,
                StandardOutputEncoding = Encoding.Latin1,
            })!;
            string answer = process.StandardOutput.ReadToEnd();
            process.WaitForExit();
            return answer;
        }
        finally
        {
            directory.Delete(recursive: true);
        }
    }
}
