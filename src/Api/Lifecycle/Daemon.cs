using System.ComponentModel;
using System.Diagnostics;
using System.Reflection;
using Galley.Api.Configuration;
using Galley.Resp.Transport;

namespace Galley.Api.Lifecycle;

/// <summary>
/// <c>daemonize yes</c>. A .NET process cannot fork, so the program starts itself once more with the same words: the copy
/// leaves the terminal, and the starter ends as soon as the copy listens. As in redis-server, the starter ends with 0 once
/// the configuration was found to be in order; what goes wrong after that stands in the log.
/// </summary>
internal static class Daemon
{
    /// <summary>Tells the copy what it is.</summary>
    private const string CopyMark = "GALLEY_DAEMON";

    /// <summary>The starter waits no longer: the data may take its time to load.</summary>
    private static readonly TimeSpan StartLimit = TimeSpan.FromSeconds(2);

    /// <summary>This process is the detached copy.</summary>
    public static bool IsCopy { get; } = Environment.GetEnvironmentVariable(CopyMark) is not null;

    /// <summary>Starts the copy and waits until it listens, or has ended.</summary>
    public static async Task StartCopyAsync(IReadOnlyList<string> args, StartUp startUp)
    {
        // Nothing of the caller's own is handed on: who reads what the starter prints would wait for the daemon to end.
        var start = new ProcessStartInfo(Environment.ProcessPath!)
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        foreach (string word in OwnAssembly().Concat(args)) start.ArgumentList.Add(word);
        start.Environment[CopyMark] = "1";

        using Process copy = Launch(start);
        await copy.StandardInput.WriteAsync(startUp.StandardInput);
        copy.StandardInput.Close();
        using var limit = new CancellationTokenSource(StartLimit);
        try
        {
            if (await copy.StandardOutput.ReadLineAsync(limit.Token) is null)
                await Console.Error.WriteAsync(await copy.StandardError.ReadToEndAsync(limit.Token));
        }
        catch (OperationCanceledException)
        {
            // It is loading; nobody waits for redis-server's daemon either.
        }
    }

    /// <summary>Cuts the copy off from the terminal.</summary>
    public static void Detach()
    {
        Environment.SetEnvironmentVariable(CopyMark, null);
        UnixProcess.LeaveTerminal();
    }

    /// <summary>Tells the starter that it may end.</summary>
    public static void ReleaseStarter()
    {
        Console.Out.WriteLine("listening");
        UnixProcess.DiscardStreams();
    }

    private static Process Launch(ProcessStartInfo start)
    {
        try
        {
            return Process.Start(start)!;
        }
        catch (Win32Exception error)
        {
            throw new StartException($"Can't start the daemon {start.FileName}: {error.Message}\n"
                + "Set daemonize to no, and let systemd or a shell put the server into the background.", error);
        }
    }

    /// <summary><c>dotnet galley.dll ...</c> needs to be told again which program it runs.</summary>
    private static string[] OwnAssembly() =>
        Path.GetFileNameWithoutExtension(Environment.ProcessPath) == "dotnet" ? [Assembly.GetEntryAssembly()!.Location] : [];
}
