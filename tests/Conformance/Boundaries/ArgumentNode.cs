using Galley.Conformance.Wire;

namespace Galley.Conformance.Boundaries;

/// <summary>One node of a command's grammar, as COMMAND DOCS has it.</summary>
internal sealed record ArgumentNode(string Name, string Type, string? Token, bool IsOptional, IReadOnlyList<ArgumentNode> Items)
{
    /// <summary>Texts that are numbers to those who read them: ends of ranges, and cursors.</summary>
    private static readonly string[] NumericTexts = ["start", "stop", "min", "max", "cursor"];

    public bool IsNumeric => Type is "integer" or "double" or "unix-time" || (Type == "string" && NumericTexts.Contains(Name));

    /// <summary>The arguments of every command and subcommand that a server documents, by its name: <c>CLIENT LIST</c>.</summary>
    public static Dictionary<string, IReadOnlyList<ArgumentNode>> OfCommands(RespConnection server)
    {
        var commands = new Dictionary<string, IReadOnlyList<ArgumentNode>>();
        Add(commands, server.Ask("COMMAND", "DOCS"));
        return commands;
    }

    private static void Add(Dictionary<string, IReadOnlyList<ArgumentNode>> commands, Reply docs)
    {
        foreach (Reply[] pair in docs.Items.Chunk(2))
        {
            Dictionary<string, Reply> map = Map(pair[1]);
            commands[pair[0].Text.Replace('|', ' ').ToUpperInvariant()] = map.TryGetValue("arguments", out Reply? arguments) ? Of(arguments) : [];
            if (map.TryGetValue("subcommands", out Reply? subcommands)) Add(commands, subcommands);
        }
    }

    private static ArgumentNode[] Of(Reply arguments) => [.. arguments.Items.Select(argument =>
    {
        Dictionary<string, Reply> map = Map(argument);
        return new ArgumentNode(
            map["name"].Text,
            map["type"].Text,
            map.TryGetValue("token", out Reply? token) ? token.Text : null,
            map.TryGetValue("flags", out Reply? flags) && flags.Items.Any(flag => flag.Text == "optional"),
            map.TryGetValue("arguments", out Reply? items) ? Of(items) : []);
    })];

    private static Dictionary<string, Reply> Map(Reply flat) => flat.Items.Chunk(2).ToDictionary(pair => pair[0].Text, pair => pair[1]);
}
