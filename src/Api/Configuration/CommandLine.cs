using Galley.Store.Configuration;

namespace Galley.Api.Configuration;

/// <summary>
/// <c>galley [redis.conf] [-] [--name value ...] ...</c> as redis-server reads it: what follows <c>--name</c> up to the
/// next option is its value, the first word even if it begins with two dashes; only <c>--save</c> may have none. A dash
/// alone reads more of the configuration from standard input.
/// </summary>
public sealed class CommandLine
{
    /// <summary>Options of the .NET host, which test tools pass; they go to the host's builder as they are.</summary>
    private static readonly string[] HostOptions = ["--environment=", "--contentRoot=", "--applicationName="];

    private readonly List<Directive> _directives = [];
    private readonly List<string> _hostArguments = [];

    private CommandLine(IReadOnlyList<string> args)
    {
        List<string> words = [.. args.Where(arg => !TakeHostOption(arg))];
        int at = 0;
        if (words.Count > 0 && words[0].Length > 0 && words[0][0] != '-') ConfigFilePath = words[at++];
        while (at < words.Count) at = ReadOption(words, at);
    }

    public string? ConfigFilePath { get; }

    public bool ReadsStandardInput { get; private set; }

    public IReadOnlyList<Directive> Directives => _directives;

    public string[] HostArguments => [.. _hostArguments];

    public static CommandLine Parse(IReadOnlyList<string> args) => new(args);

    private bool TakeHostOption(string arg)
    {
        bool isHostOption = HostOptions.Any(option => arg.StartsWith(option, StringComparison.OrdinalIgnoreCase));
        if (isHostOption) _hostArguments.Add(arg);
        return isHostOption;
    }

    /// <summary>Reads the option that begins here; gives where the next one does.</summary>
    private int ReadOption(List<string> words, int at)
    {
        string word = words[at++];
        if (word is "-")
        {
            ReadsStandardInput = true;
            return at;
        }
        if (!word.StartsWith("--", StringComparison.Ordinal))
        {
            // An empty word is redis-server's way to be started without a file.
            if (word.Length == 0) return at;
            throw new ConfigurationException("the command line", word, "Bad directive or wrong number of arguments",
                "The file comes first; every other setting is --name value.");
        }
        string name = word[2..].ToLowerInvariant();
        var values = new List<string>();
        while (at < words.Count && (!IsOption(words[at]) || TakesDashes(name, values))) values.Add(words[at++]);
        if (name == "save" && values.Count == 0) values.Add("");
        string line = string.Join(' ', [name, .. values.Select(WordSplitter.Quote)]);
        _directives.Add(new Directive(name, values, line, $"the command line, at '{word}'"));
        return at;
    }

    private static bool IsOption(string word) => word.StartsWith("--", StringComparison.Ordinal) || word == "-";

    private static bool TakesDashes(string name, List<string> values) => values.Count == 0 && name != "save";
}
