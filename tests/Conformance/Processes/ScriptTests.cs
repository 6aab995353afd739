using Galley.Conformance.Servers;

namespace Galley.Conformance.Processes;

/// <summary>A shell script as people write them: starts a server in its background, waits for its log, and stops it.</summary>
public sealed class ScriptTests : IDisposable
{
    private const string Script = """
        set -u
        program=$1 port=$2 signal=$3
        shift 3
        "$program" --port "$port" "$@" > server.out 2>&1 &
        started=$!
        for _ in $(seq 300); do
          grep -qs 'Ready to accept connections' server.out && break
          sleep 0.1
        done
        grep -q 'Server initialized' server.out || echo 'not initialized'
        pid=$(grep -oE 'pid=[0-9]+' server.out | head -1 | cut -d= -f2)
        [ "$pid" = "$started" ] || echo "pid $pid, not $started"
        [ "$(grep -oE 'port=[0-9]+' server.out | head -1)" = "port=$port" ] || echo 'another port'
        redis-cli -p "$port" ping
        kill -"$signal" "$pid"
        wait "$started"
        echo "code $?"
        grep -q 'User requested shutdown' server.out || echo 'no word of the shutdown'
        tail -1 server.out | grep -oE 'is now ready to exit, bye bye...'
        """;

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("galley-script-");

    /// <summary>A shell has SIGINT ignored by what it starts in the background of a script; redis-server heeds it all the same.</summary>
    [Theory]
    [InlineData("TERM")]
    [InlineData("INT")]
    public void The_script_finds_what_it_waits_for(string signal)
    {
        string bash = Executables.OnPath("bash") ?? "";
        Oracle.Demand(bash.Length > 0 ? bash : null, "bash", "apt-get install bash");
        string script = Path.Combine(_folder.FullName, "run.sh");
        File.WriteAllText(script, Script);
        foreach (ServerProgram program in Enum.GetValues<ServerProgram>())
        {
            string[] words = [script, program.Path(), $"{ServerProcess.FreePort()}", signal, .. program.Quiet()];
            (int code, string output) = ProgramRun.ToEnd(bash, _folder.FullName, words);
            Assert.Equal((0, "PONG\ncode 0\nis now ready to exit, bye bye...\n"), (code, output));
        }
    }

    public void Dispose() => _folder.Delete(recursive: true);
}
