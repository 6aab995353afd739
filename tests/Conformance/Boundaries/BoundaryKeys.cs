namespace Galley.Conformance.Boundaries;

/// <summary>Keys of every type and encoding to copy from, and on which of them the commands of a group work.</summary>
internal static class BoundaryKeys
{
    private const int LongCount = 250;

    /// <summary>1-1 and 2-1, of which the group a has given the first to its consumer a, in 2023.</summary>
    public const string StreamPayload =
        @"""\x13\x01\x10\x00\x00\x00\x00\x00\x00\x00\x01\x00\x00\x00\x00\x00\x00\x00\x01((\x00\x00\x00\x0f\x00\x02\x01\x00\x01\x01" +
        """\x01\x81f\x02\x00\x01\x02\x01\x00\x01\x00\x01\x81v\x02\x04\x01\x02\x01\x01\x01\x00\x01\x81v\x02\x04\x01\xff\x02\x02\x01""" +
        """\x01\x01\x00\x00\x02\x01\x01a\x01\x01\x01\x01\x00\x00\x00\x00\x00\x00\x00\x01\x00\x00\x00\x00\x00\x00\x00\x01\x00h\xe5""" +
        """\xcf\x8b\x01\x00\x00\x03\x01\x01a\x00h\xe5\xcf\x8b\x01\x00\x00\x01\x00\x00\x00\x00\x00\x00\x00\x01\x00\x00\x00\x00\x00""" +
        @"\x00\x00\x01\x0a\x00\x0d\xd8=\xf9`D7\xf6""";

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
        ["stream"] = "RESTORE {} 0 " + StreamPayload,
    };

    public static bool AreOwn(string group, string type) => group switch
    {
        "string" or "bitmap" or "hyperloglog" => type is "number" or "text",
        "list" => type is "list" or "long-list",
        "hash" => type is "hash" or "long-hash",
        "set" => type is "intset" or "set",
        "sorted-set" => type is "zset" or "lex" or "long-zset",
        "geo" => type is "geo",
        "stream" => type is "stream",
        "generic" => type is "number" or "list",
        _ => false,
    };

    private static string Many(Func<int, string> element) => string.Join(' ', Enumerable.Range(0, LongCount).Select(element));
}
