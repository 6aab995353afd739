using System.Globalization;

namespace Galley.Conformance.Boundaries;

/// <summary>How a reply is compared with redis-server's.</summary>
internal enum ReplyRule
{
    Exact,

    /// <summary>The same types all the way down, and errors to the letter: what is at random, or tells of the server.</summary>
    Shape,

    /// <summary>The same elements, in whatever order.</summary>
    Unordered,

    /// <summary>An error to the letter, or none: a cursor hangs on the hash.</summary>
    Errors,

    /// <summary>The same but for what tells of the time.</summary>
    Times,

    /// <summary>Not asked of redis-server: there is to be a reply.</summary>
    AnyReply,
}

/// <summary>What is known of commands that cannot be tried, or not be compared, like all others.</summary>
internal static class BoundaryRules
{
    /// <summary>No more elements at random than redis-server is to be asked for: it would fill its memory with the reply.</summary>
    private const long RepeatedMax = 1000;

    /// <summary>Where redis-server looks whether there is memory for so many ids: it hangs on the machine.</summary>
    private const long ClaimedMax = 1_000_000;

    /// <summary>A string of so many bytes costs more than it shows.</summary>
    private const long PaddedMax = 1 << 24;

    /// <summary>Sockets would be closed, the protocol changed, a client be told what it has not asked for, databases swapped under the keys to copy from, or the server sent elsewhere.</summary>
    private static readonly string[] NotTried =
        ["CLIENT KILL", "CLIENT PAUSE", "CLIENT REPLY", "CLIENT TRACKING", "DEBUG", "FAILOVER", "HELLO", "MIGRATE", "PSYNC", "REPLCONF", "REPLICAOF", "SLAVEOF", "SHUTDOWN", "SWAPDB"];

    /// <summary>DUMP writes a table in its order; <c>dump.txt</c> has the payloads that are the same to the byte.</summary>
    private static readonly string[] AtRandom = ["DUMP", "SPOP", "SRANDMEMBER", "HRANDFIELD", "ZRANDMEMBER", "RANDOMKEY", "ACL GENPASS", "LOLWUT", "MEMORY USAGE", "CLIENT LIST", "XADD k *"];

    private static readonly string[] OfTimes = ["XINFO", "XPENDING"];

    private static readonly string[] OnlyErrors = ["SCAN", "HSCAN", "SSCAN", "ZSCAN", "SLOWLOG GET", "ACL LOG", "COMMANDLOG GET", "LATENCY HISTORY"];

    private static readonly string[] WithoutOrder = ["HGETALL", "HKEYS", "HVALS", "KEYS", "SDIFF", "SINTER", "SMEMBERS", "SUNION"];

    /// <summary>They take more words than they did in 7.0.15; and a copy of a shared number is shared, too.</summary>
    private static readonly string[] Otherwise = ["ZRANK k a a", "ZREVRANK k a a", "OBJECT REFCOUNT"];

    /// <summary>Whole calls: a start needs no end any more.</summary>
    private static readonly string[] Shorter = ["BITCOUNT k 0", "BITCOUNT k a"];

    private static readonly string[] Paddings = ["SETRANGE", "SETBIT", "BITFIELD"];

    private static readonly string[] Repeating = ["SRANDMEMBER", "HRANDFIELD", "ZRANDMEMBER"];

    public static bool IsTried(string command) => !NotTried.Any(name => Names(command, name));

    /// <summary>Commands of these groups touch nothing but keys: any call of them may be tried.</summary>
    public static bool IsOfKeys(string group) => group is "string" or "list" or "hash" or "set" or "sorted-set" or "geo" or "bitmap" or "hyperloglog" or "stream" or "generic";

    public static ReplyRule For(string call, string number)
    {
        if (Repeating.Any(name => Names(call, name)) && IsWhole(number, out long count) && count < -RepeatedMax && count != long.MinValue) return ReplyRule.AnyReply;
        if (call.StartsWith("XAUTOCLAIM", StringComparison.Ordinal) && IsWhole(number, out long claimed) && claimed > ClaimedMax) return ReplyRule.AnyReply;
        if (Shorter.Contains(call) || Otherwise.Any(name => Names(call, name))) return ReplyRule.AnyReply;
        if (WithoutOrder.Any(name => Names(call, name))) return ReplyRule.Unordered;
        if (OfTimes.Any(name => Names(call, name))) return ReplyRule.Times;
        if (AtRandom.Any(name => Names(call, name))) return ReplyRule.Shape;
        return OnlyErrors.Any(name => Names(call, name)) ? ReplyRule.Errors : ReplyRule.Exact;
    }

    /// <summary>It would be obeyed, at a cost of gigabytes.</summary>
    public static bool IsTooCostly(string call, string number) =>
        Paddings.Any(name => Names(call, name)) && IsWhole(number, out long offset) && offset is > PaddedMax and <= uint.MaxValue;

    /// <summary>Elements were taken at random, or got an id of the clock's, or nobody can say whether a key of two milliseconds is still there.</summary>
    public static bool LeavesTheSame(string call, string number)
    {
        if (Names(call, "SPOP") || Names(call, "XADD k *")) return false;
        bool isInMilliseconds = call.Contains(" PX ", StringComparison.Ordinal) || Names(call, "PSETEX") || Names(call, "PEXPIRE") || Names(call, "HPEXPIRE");
        return !isInMilliseconds || number is not ("1" or "2" or "10");
    }

    private static bool Names(string call, string command) => call == command || call.StartsWith(command + " ", StringComparison.Ordinal);

    private static bool IsWhole(string number, out long value) => long.TryParse(number, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out value);
}
