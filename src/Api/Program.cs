using System.Collections;
using Galley.Api.Configuration;
using Galley.Api.Lifecycle;
using Galley.Api.Logging;
using Galley.Api.OpenApi;
using Galley.Resp.Transport;
using Galley.Store.Commands;
using Galley.Store.Configuration;

namespace Galley.Api;

/// <summary>What <c>galley</c> was called for: to be a server, or to answer a question and end.</summary>
public sealed class Program
{
    private Program() { }

    /// <summary>
    /// Lets what waits for a socket go on at once, on the thread that saw its bytes come, and not on another of the pool: a
    /// quarter of the processor time of a REST request. .NET looks for it in the environment before the first socket.
    /// </summary>
    private const string InlineCompletions = "DOTNET_SYSTEM_NET_SOCKETS_INLINE_COMPLETIONS";

    public static async Task<int> Main(string[] args)
    {
        if (Environment.GetEnvironmentVariable(InlineCompletions) is null) Environment.SetEnvironmentVariable(InlineCompletions, "1");
        IDictionary environment = Environment.GetEnvironmentVariables();
        try
        {
            return CheckTools.Named(args) switch
            {
                ["-v" or "--version", ..] => Say(Console.Out, Usage.Version, 0),
                ["-h" or "--help", ..] => Say(Console.Error, Usage.Help, 1),
                ["--test-memory", ..] => Say(Console.Error, Usage.NoMemoryTest, 1),
                ["--check-system"] => SystemCheck.Run(Console.Out),
                ["--check-config", .. var rest] => ConfigCheck.Run(rest, environment, Console.In, Console.Out),
                ["check-rdb" or "check-aof", .. var rest] named => CheckTools.Run(named[0], rest),
                ["--openapi"] => await ApiDescription.PrintAsync(Console.Out),
                _ when args.Contains("--sentinel") => Say(Console.Error, Usage.NoSentinel, 1),
                _ => await ServeAsync(args, environment),
            };
        }
        catch (ConfigurationException error)
        {
            return Refuse(error);
        }
        catch (StartException error)
        {
            return Say(Console.Error, error.Message, 1);
        }
    }

    private static async Task<int> ServeAsync(string[] args, IDictionary environment)
    {
        // Before the console is touched: with it, .NET decides for good which signals it may take.
        if (!OperatingSystem.IsWindows()) UnixProcess.HeedInterrupt();
        // Reading the declarations of all commands takes about as long as reading the settings: another core does it meanwhile.
        _ = ThreadPool.UnsafeQueueUserWorkItem(static _ => _ = CommandTable.Shared, null);
        StartUp startUp = StartUp.Read(args, environment, Console.In);
        if (Daemon.IsCopy) Daemon.Detach();
        var log = new ServerLog(startUp.Settings, TimeProvider.System, Daemon.IsCopy ? TextWriter.Null : null) { Role = 'C' };
        log.DemandWritable();
        if (startUp.ReadsStandardInput) log.Warning("Reading config from stdin");
        Supervisor supervisor = Supervisor.Find(startUp.Settings.Supervised, environment, log);
        if (startUp.Settings.Daemonize && !supervisor.IsActive && !Daemon.IsCopy && !OperatingSystem.IsWindows())
        {
            await Daemon.StartCopyAsync(args, startUp);
            return 0;
        }
        return await new ServerRun(startUp, supervisor, log).RunAsync();
    }

    /// <summary>As redis-server does: a file that cannot be read is an event of the log, a bad line an error.</summary>
    private static int Refuse(ConfigurationException error)
    {
        if (error.InnerException is null) return Say(Console.Error, error.Message, 1);
        new ServerLog(new Settings(), TimeProvider.System) { Role = 'C' }.Warning(error.Message);
        return 1;
    }

    private static int Say(TextWriter output, string text, int exitCode)
    {
        output.WriteLine(text);
        return exitCode;
    }
}
