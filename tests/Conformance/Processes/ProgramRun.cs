using System.Diagnostics;
using System.Globalization;
using System.Text;

namespace Galley.Conformance.Processes;

/// <summary>A program that a test has started: what it prints, how it is signalled, how it ends.</summary>
internal sealed class ProgramRun : IDisposable
{
    /// <summary>Longer than any start or end takes on a busy machine.</summary>
    public const int LimitMs = 30_000;

    private readonly Process _process;
    private readonly StringBuilder _output = new();

    private ProgramRun(Process process)
    {
        _process = process;
        process.OutputDataReceived += Keep;
        process.ErrorDataReceived += Keep;
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
    }

    public int Id => _process.Id;

    /// <summary>What it has printed so far, its errors included.</summary>
    public string Output
    {
        get
        {
            lock (_output) return _output.ToString();
        }
    }

    public static ProgramRun Start(
        string program, string folder, IEnumerable<string> arguments, string input = "", (string Name, string? Value)? variable = null)
    {
        var start = new ProcessStartInfo(program)
        {
            WorkingDirectory = folder,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        foreach (string argument in arguments) start.ArgumentList.Add(argument);
        if (variable is { } named) start.Environment[named.Name] = named.Value;
        Process process = Process.Start(start)!;
        process.StandardInput.Write(input);
        process.StandardInput.Close();
        return new ProgramRun(process);
    }

    /// <summary>Runs a program that ends by itself.</summary>
    public static (int Code, string Output) ToEnd(string program, string folder, IEnumerable<string> arguments, string input = "")
    {
        using ProgramRun run = Start(program, folder, arguments, input);
        return (run.AwaitEnd(), run.Output);
    }

    /// <summary>Waits until it has printed this.</summary>
    public ProgramRun Await(string text)
    {
        Waiting.Until(() => Output.Contains(text, StringComparison.Ordinal), () => $"'{text}' was not printed:\n{Output}");
        return this;
    }

    /// <summary>Sends a signal by its name, such as TERM.</summary>
    public void Signal(string name) => Signal(Id, name);

    public static void Signal(int processId, string name)
    {
        string[] command = ["-c", $"kill -{name} {processId.ToString(CultureInfo.InvariantCulture)}"];
        using Process kill = Process.Start("/bin/sh", command);
        kill.WaitForExit();
    }

    /// <summary>The exit code, when it has ended and all that it printed is here.</summary>
    public int AwaitEnd()
    {
        if (!_process.WaitForExit(LimitMs)) Assert.Fail($"It did not end:\n{Output}");
        // Waits for the ends of the pipes too.
        _process.WaitForExit();
        return _process.ExitCode;
    }

    public void Dispose()
    {
        if (!_process.HasExited) _process.Kill();
        _process.Dispose();
    }

    private void Keep(object sender, DataReceivedEventArgs e)
    {
        if (e.Data is null) return;
        lock (_output) _output.Append(e.Data).Append('\n');
    }
}
