using System.Collections;
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

    private StartUp(CommandLine commandLine, Settings settings)
    {
        Settings = settings;
        HostArguments = commandLine.HostArguments;
        ConfigFilePath = commandLine.ConfigFilePath;
    }

    public Settings Settings { get; }

    /// <summary>What goes to the builder of the .NET host; not empty where a test tool runs the program.</summary>
    public string[] HostArguments { get; }

    public string? ConfigFilePath { get; }

    /// <summary>Somebody named <c>http-port</c>: it must be had.</summary>
    public bool IsHttpPortNamed => Settings.Parameters.Find("http-port")!.IsGiven;

    public static StartUp Read(IReadOnlyList<string> args, IDictionary environment, TextReader input)
    {
        var commandLine = CommandLine.Parse(args);
        var settings = new Settings { ConfigFilePath = commandLine.ConfigFilePath is { } named ? Path.GetFullPath(named) : "" };
        foreach (Directive directive in All(commandLine, environment, input, settings.Parameters)) directive.ApplyTo(settings);

        var startUp = new StartUp(commandLine, settings);
        if (!startUp.IsHttpPortNamed) SetDefaultHttpPort(settings);
        return startUp;
    }

    private static IEnumerable<Directive> All(
        CommandLine commandLine, IDictionary environment, TextReader input, Parameters parameters)
    {
        IEnumerable<Directive> file = commandLine.ConfigFilePath is { } path ? ConfigFile.Read(path) : [];
        IEnumerable<Directive> typed = commandLine.ReadsStandardInput ? ConfigFile.Parse(input.ReadToEnd(), "standard input") : [];
        return file.Concat(typed).Concat(FromEnvironment(environment, parameters)).Concat(commandLine.Directives);
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
