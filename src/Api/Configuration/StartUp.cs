using System.Collections;
using Galley.Store.Commands;
using Galley.Store.Configuration;

namespace Galley.Api.Configuration;

/// <summary>
/// What the server is told at its start, the later winning: the defaults, the file, the environment
/// (<c>GALLEY_CONFIG_APPENDFSYNC</c> for <c>appendfsync</c>), the command line.
/// </summary>
public sealed class StartUp
{
    private const string Prefix = "GALLEY_CONFIG_";

    /// <summary>HTTP listens so far above RESP where nothing names its port.</summary>
    private const int HttpPortDistance = 1000;

    private StartUp(CommandLine commandLine, string standardInput, Settings settings)
    {
        Settings = settings;
        HostArguments = commandLine.HostArguments;
        IsUnconfigured = commandLine.IsEmpty;
        ReadsStandardInput = commandLine.ReadsStandardInput;
        StandardInput = standardInput;
    }

    public Settings Settings { get; }

    /// <summary>What goes to the builder of the .NET host; not empty where a test tool runs the program.</summary>
    public string[] HostArguments { get; }

    /// <summary>A test tool runs this program within its own process, which is not Galley's to change or to end.</summary>
    public bool IsHosted => HostArguments.Length > 0;

    /// <summary>The program was called without a word.</summary>
    public bool IsUnconfigured { get; }

    public bool ReadsStandardInput { get; }

    /// <summary>What was read there, for the copy that <c>daemonize</c> starts; empty where nothing was.</summary>
    public string StandardInput { get; }

    /// <summary>Somebody named <c>http-port</c>: it must be had.</summary>
    public bool IsHttpPortNamed => Settings.Parameters.Find("http-port")!.IsGiven;

    /// <exception cref="ConfigurationException">The first thing that is wrong.</exception>
    public static StartUp Read(IReadOnlyList<string> args, IDictionary environment, TextReader input) =>
        Read(args, environment, input, static fault => throw fault);

    /// <summary>Goes on after a fault, so that all of them can be told.</summary>
    public static StartUp Read(
        IReadOnlyList<string> args, IDictionary environment, TextReader input, Action<ConfigurationException> onFault)
    {
        var commandLine = CommandLine.Parse(args);
        string standardInput = commandLine.ReadsStandardInput ? input.ReadToEnd() : "";
        IEnumerable<Directive> file = commandLine.ConfigFilePath is { } path ? ConfigFile.Read(path, onFault) : [];
        IEnumerable<Directive> typed = ConfigFile.Parse(standardInput, "standard input", onFault);

        var settings = new Settings { ConfigFilePath = commandLine.ConfigFilePath ?? "" };
        IEnumerable<Directive> named = FromEnvironment(environment, settings.Parameters);
        foreach (Directive directive in file.Concat(typed).Concat(named).Concat(commandLine.Directives))
            Follow(() => directive.ApplyTo(settings), onFault);
        // The table comes up in any case; a wrong name is found before anything else begins.
        if (settings.RenamedCommands.Count > 0) Follow(() => CommandTable.Shared.Renamed(settings.RenamedCommands), onFault);

        var startUp = new StartUp(commandLine, standardInput, settings);
        if (!startUp.IsHttpPortNamed) SetDefaultHttpPort(settings);
        return startUp;
    }

    private static void Follow(Action follow, Action<ConfigurationException> onFault)
    {
        try
        {
            follow();
        }
        catch (ConfigurationException fault)
        {
            onFault(fault);
        }
    }

    private static IEnumerable<Directive> FromEnvironment(IDictionary environment, Parameters parameters)
    {
        foreach (DictionaryEntry variable in environment)
        {
            string name = (string)variable.Key;
            if (!name.StartsWith(Prefix, StringComparison.Ordinal)) continue;
            string value = (string?)variable.Value ?? "";
            string directive = DirectiveOf(name[Prefix.Length..], parameters);
            yield return new Directive(directive, [value], $"{name}={value}", $"the environment variable {name}", Adds: false);
        }
    }

    /// <summary>A few names of redis-server (<c>bio_cpulist</c>) have underscores of their own.</summary>
    private static string DirectiveOf(string variable, Parameters parameters)
    {
        string name = variable.ToLowerInvariant();
        return parameters.Find(name)?.Name ?? name.Replace('_', '-');
    }

    /// <summary>CONFIG REWRITE is not to write down what was only worked out.</summary>
    private static void SetDefaultHttpPort(Settings settings)
    {
        settings.HttpPort = DefaultHttpPort(settings.Port);
        settings.Parameters.Find("http-port")!.TakeAsDefault();
    }

    /// <summary>Without a RESP port, or above the last port there is, HTTP stays shut.</summary>
    private static int DefaultHttpPort(int respPort) =>
        respPort == 0 || respPort + HttpPortDistance > ushort.MaxValue ? 0 : respPort + HttpPortDistance;
}
