using Galley.Store.Configuration;

namespace Galley.Api.Configuration;

/// <summary>
/// <c>galley [redis.conf] [--name value ...] ... [-]</c> by redis-server's rules: the file comes first, unless an empty
/// word says that there is none; what follows <c>--name</c> up to the next option is its value, the first word even if it
/// begins with two dashes; only <c>--save</c> may have none; <c>"--name value"</c> may be one word. A dash as the first or
/// the last word reads more of the configuration from standard input.
/// </summary>
public sealed class CommandLine
{
    private const string OptionMark = "--";
    private const string StandardInputMark = "-";

    /// <summary>Options of the .NET host, which test tools pass; they go to the host's builder as they are.</summary>
    private static readonly string[] HostOptions = ["--environment=", "--contentRoot=", "--applicationName="];

    private readonly List<Directive> _directives = [];
    private readonly List<string> _hostArguments = [];

    private CommandLine(IReadOnlyList<string> args)
    {
        List<string> words = [.. args.Where(arg => !TakeHostOption(arg))];
        IsEmpty = words.Count == 0;
        int at = 0;
        if (words is [var file, ..] && !file.StartsWith('-'))
        {
            at = 1;
            if (file.Length > 0) ConfigFilePath = Path.GetFullPath(file);
        }
        while (at < words.Count) at = ReadOption(words, at);
    }

    /// <summary>There was not a word: redis-server then reminds of the configuration file.</summary>
    public bool IsEmpty { get; }

    /// <summary>In full; null where no file was named.</summary>
    public string? ConfigFilePath { get; }

    /// <summary>More of the configuration comes from standard input, after the file and before the options.</summary>
    public bool ReadsStandardInput { get; private set; }

    /// <summary>The options, in order.</summary>
    public IReadOnlyList<Directive> Directives => _directives;

    /// <summary>What the .NET host is to read, and Galley is not.</summary>
    public string[] HostArguments => [.. _hostArguments];

    /// <exception cref="ConfigurationException">A word is neither an option nor the value of one.</exception>
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
        string option = words[at];
        if (IsStandardInput(words, at))
        {
            ReadsStandardInput = true;
            return at + 1;
        }
        if (!IsOption(option)) throw NotAnOption(option);

        List<string> values = SplitOption(option, out string name);
        for (at++; at < words.Count && !IsStandardInput(words, at); at++)
        {
            bool isFirstValue = values.Count == 0 && name != "save";
            if (IsOption(words[at]) && !isFirstValue) break;
            values.Add(words[at]);
        }
        if (name == "save" && values.Count == 0) values.Add("");
        if (name.Length > 0) Add(name, values, option);
        else if (values.Count > 0) throw NotAnOption(values[0]);
        return at;

        static List<string> SplitOption(string option, out string name)
        {
            List<string> parts = WordSplitter.Split(option[OptionMark.Length..]) ?? throw NotAnOption(option);
            name = parts is [var first, ..] ? first.ToLowerInvariant() : "";
            return parts is [_, .. var rest] ? rest : [];
        }
    }

    private void Add(string name, List<string> values, string option)
    {
        string line = string.Join(' ', [name, .. values.Select(WordSplitter.Quote)]);
        _directives.Add(new Directive(name, values, line, $"the command line, at '{option}'"));
    }

    private static bool IsOption(string word) => word.StartsWith(OptionMark, StringComparison.Ordinal);

    private static bool IsStandardInput(List<string> words, int at) =>
        words[at] == StandardInputMark && (at == 0 || at == words.Count - 1);

    private static ConfigurationException NotAnOption(string word) =>
        new("the command line", word, "Bad directive or wrong number of arguments",
            "The file comes first; every other setting is --name value.");
}
