namespace Galley.Conformance.Boundaries;

/// <summary>Keys of every type and encoding to copy from, and on which of them the commands of a group work.</summary>
internal static class BoundaryKeys
{
    private const int LongCount = 250;

    /// <summary>By name, what makes it; {} is the key.</summary>
    public static readonly Dictionary<string, string> Makers = new()
    {
        ["number"] = "SET {} 10",
        ["text"] = "SET {} 0123456789abcdef",
        ["list"] = "RPUSH {} a b c 1 2 3",
        ["long-list"] = "RPUSH {} " + Many(i => $"{i} element-{i}"),
        ["hash"] = "HSET {} a 5 n 1.5 text value",
        ["long-hash"] = "HSET {} a 9223372036854775807 " + Many(i => $"field-{i} {i}"),
        ["intset"] = "SADD {} 1 2 3 10",
        ["set"] = "SADD {} a b c 1",
        ["zset"] = "ZADD {} -inf lowest -1.5 a 0 b 1 c 1 d 2 e 9007199254740993 f inf highest",
        ["lex"] = "ZADD {} 0 a 0 b 0 c 0 d",
        ["long-zset"] = "ZADD {} 1 a " + Many(i => $"{i} member-{i}"),
        ["geo"] = "GEOADD {} 13.361389 38.115556 a 15.087269 37.502669 b 12.5 37.8 c -179.9 0 d",
    };

    public static bool AreOwn(string group, string type) => group switch
    {
        "string" or "bitmap" or "hyperloglog" => type is "number" or "text",
        "list" => type is "list" or "long-list",
        "hash" => type is "hash" or "long-hash",
        "set" => type is "intset" or "set",
        "sorted-set" => type is "zset" or "lex" or "long-zset",
        "geo" => type is "geo",
        "generic" => type is "number" or "list",
        _ => false,
    };

    private static string Many(Func<int, string> element) => string.Join(' ', Enumerable.Range(0, LongCount).Select(element));
}
