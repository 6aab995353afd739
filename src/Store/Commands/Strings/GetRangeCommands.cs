using Galley.Store.Keyspace;

namespace Galley.Store.Commands;

/// <summary>GETRANGE, and SUBSTR, its name of old.</summary>
internal static class GetRangeCommands
{
    [Command("GETRANGE", "key start:integer end:integer", Group.String, Flags.ReadOnly, Since = "2.4.0",
        Cost = "O(N) in the length of the part",
        Summary = "Returns a part of a string value, by its first and last byte.")]
    public static void GetRange(Execution x)
    {
        if (!x.TryInteger(2, out long start) || !x.TryInteger(3, out long end)) return;
        if (!x.TryRead(1, KeyType.String, out Key key)) return;
        x.Reply.Bulk(Part(key.String, start, end));
    }

    [Command("SUBSTR", "key start:integer end:integer", Group.String, Flags.ReadOnly, Since = "1.0.0",
        Cost = "O(N) in the length of the part", DeprecatedSince = "2.0.0", ReplacedBy = "`GETRANGE`",
        Summary = "Returns a part of a string value, by its first and last byte.")]
    public static void SubStr(Execution x) => GetRange(x);

    /// <summary>The bytes from start to end, both included; negative ones count from the end, -1 the last.</summary>
    private static ReadOnlySpan<byte> Part(ReadOnlySpan<byte> value, long start, long end)
    {
        if (start < 0 && end < 0 && start > end) return default;
        long first = Math.Max(0, start < 0 ? value.Length + start : start);
        long last = Math.Min(value.Length - 1L, Math.Max(0, end < 0 ? value.Length + end : end));
        return first > last ? default : value[(int)first..(int)(last + 1)];
    }
}
