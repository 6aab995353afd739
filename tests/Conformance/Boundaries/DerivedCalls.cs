namespace Galley.Conformance.Boundaries;

/// <summary>
/// Calls that follow from a command's grammar: for each of its numeric arguments the shortest one that has it, with {} in
/// its place, and one with {} in all those that it cannot do without.
/// </summary>
internal static class DerivedCalls
{
    private const string Hole = "{}";

    // Words that make a call a good one, by the argument's name; what is not here is "a", or 1.
    private static readonly Dictionary<string, string> ByName = new()
    {
        ["destination"] = "d", ["destkey"] = "d", ["newkey"] = "d", ["key2"] = "k2", ["start"] = "0", ["stop"] = "-1", ["end"] = "-1", ["cursor"] = "0",
        ["min"] = "-inf", ["max"] = "+inf", ["seconds"] = "1000", ["milliseconds"] = "1000000", ["unix-time-seconds"] = "33177117420",
        ["unix-time-milliseconds"] = "33177117420000", ["offset"] = "0", ["timeout"] = "0", ["radius"] = "1000", ["width"] = "1000", ["height"] = "1000",
        ["longitude"] = "13.4", ["latitude"] = "38.1", ["encoding"] = "u8", ["pattern"] = "*", ["index"] = "0", ["ttl"] = "0", ["type"] = "string",
        ["numreplicas"] = "0", ["numlocal"] = "0", ["id"] = "1-1", ["min-idle-time"] = "0", ["threshold"] = "1", ["last-id"] = "9-9", ["lastid"] = "1-1",
        ["max-deleted-id"] = "1-1",
    };

    private static readonly string[] ByMember = ["ZRANGEBYLEX", "ZREVRANGEBYLEX", "ZLEXCOUNT", "ZREMRANGEBYLEX"];

    /// <summary>The templates of one command.</summary>
    public static IEnumerable<string> Of(string command, IReadOnlyList<ArgumentNode> grammar)
    {
        string[] single = [.. WithHole(command, grammar).Select(words => $"{command} {string.Join(' ', words)}")];
        string all = string.Join(' ', grammar.SelectMany(node => Shortest(command, node, fillsNumbers: false)).Prepend(command));
        return all.Contains(Hole, StringComparison.Ordinal) ? single.Append(all).Distinct() : single;
    }

    /// <summary>
    /// Calls that are nearly right: each option once, twice, and without its last word; and the shortest call without its
    /// last word, and with one too many.
    /// </summary>
    public static IEnumerable<string> NearlyRight(string command, IReadOnlyList<ArgumentNode> grammar)
    {
        string[] shortest = [command, .. grammar.SelectMany(node => Shortest(command, node))];
        yield return string.Join(' ', shortest);
        if (shortest.Length > 1) yield return string.Join(' ', shortest[..^1]);
        yield return string.Join(' ', shortest.Append("a"));
        foreach (ArgumentNode option in grammar.Where(node => node.IsOptional))
        {
            foreach (ArgumentNode one in option.Type == "oneof" ? option.Items : [option])
            {
                string[] words = Shortest(command, one with { IsOptional = false });
                yield return string.Join(' ', shortest.Concat(words));
                yield return string.Join(' ', [.. shortest, .. words, .. words]);
                yield return string.Join(' ', shortest.Concat(words.SkipLast(1)));
            }
        }
    }

    private static IEnumerable<string[]> WithHole(string command, IReadOnlyList<ArgumentNode> sequence)
    {
        for (int i = 0; i < sequence.Count; i++)
        {
            string[] before = [.. sequence.Take(i).SelectMany(node => Shortest(command, node))];
            string[] after = [.. sequence.Skip(i + 1).SelectMany(node => Shortest(command, node))];
            foreach (string[] words in WithHole(command, sequence[i])) yield return [.. before, .. words, .. after];
        }
    }

    private static IEnumerable<string[]> WithHole(string command, ArgumentNode node)
    {
        IEnumerable<string[]> inside = node.Type switch
        {
            "oneof" => node.Items.SelectMany(item => WithHole(command, item)),
            "block" => WithHole(command, node.Items),
            _ => node.IsNumeric ? [[Hole]] : [],
        };
        return inside.Select(words => node.Token is null ? words : [node.Token, .. words]);
    }

    private static string[] Shortest(string command, ArgumentNode node, bool fillsNumbers = true)
    {
        if (node.IsOptional) return [];
        string[] words = node.Type switch
        {
            "pure-token" => [],
            "oneof" => Shortest(command, node.Items[0], fillsNumbers),
            "block" => [.. node.Items.SelectMany(item => Shortest(command, item, fillsNumbers))],
            _ => [node.IsNumeric && !fillsNumbers ? Hole : WordFor(command, node)],
        };
        return node.Token is null ? words : [node.Token, .. words];
    }

    private static string WordFor(string command, ArgumentNode node)
    {
        if (node.Name is "min" or "max" && ByMember.Contains(command)) return node.Name == "min" ? "-" : "+";
        if (node.Name is "start" or "end" && command.StartsWith('X')) return node.Name == "start" ? "-" : "+";
        if (ByName.TryGetValue(node.Name, out string? word)) return word;
        return node.Type == "key" ? "k" : node.IsNumeric ? "1" : "a";
    }
}
