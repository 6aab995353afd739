using System.Collections.Frozen;
using System.Text.Json.Nodes;
using Galley.Api.Typed;
using Galley.Store.Commands;

namespace Galley.Api.OpenApi;

/// <summary>
/// Values for the arguments of examples, by the name that a grammar gives them. A key is named after the type that the
/// command works on: <c>example:string</c>, <c>example:hash</c>.
/// </summary>
internal static class ExampleWords
{
    private const string Lifetime2100Seconds = "4102444800";
    private const string Lifetime2100Milliseconds = "4102444800000";

    // As JSON. What is not here is 1, 1.5 or "example", by its type.
    private static readonly FrozenDictionary<string, string> ByName = new Dictionary<string, string>
    {
        ["seconds"] = "60", ["milliseconds"] = "60000", ["ttl"] = "0", ["timeout"] = "0",
        ["unix-time-seconds"] = Lifetime2100Seconds, ["unix-time-milliseconds"] = Lifetime2100Milliseconds,
        ["cursor"] = "0", ["count"] = "10", ["offset"] = "0", ["start"] = "0", ["stop"] = "-1", ["end"] = "-1",
        ["index"] = "0", ["index1"] = "0", ["index2"] = "1", ["db"] = "1", ["destination-db"] = "1", ["min-idle-time"] = "0",
        ["longitude"] = "13.361389", ["latitude"] = "38.115556", ["radius"] = "200", ["width"] = "400", ["height"] = "400",
        ["field"] = "\"name\"", ["member"] = "\"ada\"", ["element"] = "\"ada\"", ["value"] = "\"hello\"", ["message"] = "\"hello\"",
        ["pivot"] = "\"ada\"", ["pattern"] = "\"example:*\"", ["channel"] = "\"news\"", ["shardchannel"] = "\"news\"",
        ["lowerbound"] = "\"0\"", ["upperbound"] = "\"100\"", ["ifeq-value"] = "\"10\"", ["ifne-value"] = "\"11\"",
        ["ifdeq-digest"] = "\"0123456789abcdef\"", ["ifdne-digest"] = "\"0123456789abcdef\"", ["type"] = "\"string\"",
        ["id"] = "\"0-1\"", ["last-id"] = "\"9-1\"", ["group"] = "\"crew\"", ["consumer"] = "\"ada\"", ["threshold"] = "\"1000\"",
        ["groupname"] = "\"crew\"", ["consumername"] = "\"ada\"", ["stream-id"] = "\"0-1\"", ["max-deleted-entry-id"] = "\"0-1\"",
        ["pid"] = "\"till-1\"", ["iid"] = "\"order-17\"", ["maxcount"] = "100", ["maxsize"] = "100", ["duration"] = "100",
        ["script"] = "\"return ARGV[1]\"", ["sha1"] = "\"0123456789abcdef0123456789abcdef01234567\"", ["encoding"] = "\"u8\"",
        ["command"] = "\"get\"", ["command-name"] = "\"get\"", ["arg"] = "\"example:string\"", ["subcommand"] = "\"help\"",
        ["section"] = "\"server\"", ["parameter"] = "\"maxmemory\"", ["category"] = "\"read\"", ["categoryname"] = "\"read\"", ["username"] = "\"default\"",
        ["host"] = "\"127.0.0.1\"", ["port"] = "6379", ["bit"] = "1",
    }.ToFrozenDictionary();

    // The same name means another thing where the order is another, or the text is a number.
    private static readonly FrozenDictionary<(Group, string), string> ByGroup = new Dictionary<(Group, string), string>
    {
        [(Group.Stream, "start")] = "\"-\"", [(Group.Stream, "end")] = "\"+\"", [(Group.Server, "value")] = "\"0\"",
        [(Group.SortedSet, "min")] = "\"-\"", [(Group.SortedSet, "max")] = "\"+\"", [(Group.Bitmap, "value")] = "1",
        [(Group.List, "index")] = "0", [(Group.HyperLogLog, "subcommand")] = "\"encoding\"",
    }.ToFrozenDictionary();

    public static JsonNode Of(Word word, Group group) => word.Type switch
    {
        ArgumentType.Key => KeyName(word.Name, group),
        ArgumentType.Integer => Number(word.Name, group, "1"),
        ArgumentType.UnixTime => Number(word.Name, group, Lifetime2100Seconds),
        ArgumentType.Double => Number(word.Name, group, "1.5"),
        _ => Text(word.Name, group),
    };

    /// <summary>Where a command takes two keys, the second is there for it to make.</summary>
    private static string KeyName(string name, Group group)
    {
        bool isSecond = name.StartsWith("dest", StringComparison.Ordinal) || name is "newkey" or "key2";
        return $"example:{TypeOf(group)}{(isSecond ? ":2" : "")}";
    }

    private static string TypeOf(Group group) => group switch
    {
        Group.List or Group.Set or Group.Hash or Group.Geo or Group.Stream or Group.HyperLogLog => group.ToString().ToLowerInvariant(),
        Group.SortedSet => "zset",
        _ => "string",
    };

    private static string? Find(string name, Group group) =>
        ByGroup.TryGetValue((group, name), out string? value) ? value : ByName.GetValueOrDefault(name);

    /// <summary>A value of the table that is text is for another argument of the same name.</summary>
    private static JsonNode Number(string name, Group group, string otherwise)
    {
        string? value = Find(name, group);
        return JsonNode.Parse(value is null || value[0] == '"' ? otherwise : value)!;
    }

    private static JsonNode Text(string name, Group group) => (Find(name, group) ?? "example").Trim('"');
}
