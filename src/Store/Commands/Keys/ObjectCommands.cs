using Galley.Resp.Protocol;
using Galley.Store.Keyspace;

namespace Galley.Store.Commands;

/// <summary>OBJECT: how redis-server would hold a value, and how it has been used.</summary>
internal static class ObjectCommands
{
    private const string Tips = "nondeterministic_output";

    /// <summary>redis-server shares one object for each small integer; its count of references is this.</summary>
    private const int SharedReferences = int.MaxValue;
    private const long SharedIntegers = 10_000;

    private const string PolicyNote =
        " Please note that when switching between policies at runtime LRU and LFU data will take some time to adjust.";

    [Command("OBJECT|ENCODING", "key", Group.Generic, Flags.ReadOnly, Since = "2.2.3", Cost = "O(1)", Keys = "RO", Tips = Tips,
        Summary = "Tells the encoding that Redis would use for a value.")]
    public static void Encoding(Execution x)
    {
        Key key = x.Peek(2);
        if (key.Exists) x.Reply.Bulk(key.EncodingName);
        else x.Reply.Null();
    }

    [Command("OBJECT|REFCOUNT", "key", Group.Generic, Flags.ReadOnly, Since = "2.2.3", Cost = "O(1)", Keys = "RO", Tips = Tips,
        Summary = "Tells how many references to a value there are.")]
    public static void RefCount(Execution x)
    {
        Key key = x.Peek(2);
        if (key.Exists) x.Reply.Integer(ReferencesOf(in key));
        else x.Reply.Null();
    }

    [Command("OBJECT|IDLETIME", "key", Group.Generic, Flags.ReadOnly, Since = "2.2.3", Cost = "O(1)", Keys = "RO", Tips = Tips,
        Summary = "Tells for how many seconds a key has not been used.")]
    public static void IdleTime(Execution x)
    {
        Key key = x.Peek(2);
        if (!key.Exists) x.Reply.Null();
        else if (x.Server.Databases.Clock.CountsUses)
            x.Reply.Error("ERR An LFU maxmemory policy is selected, idle time not tracked." + PolicyNote);
        else x.Reply.Integer(key.IdleSeconds);
    }

    [Command("OBJECT|FREQ", "key", Group.Generic, Flags.ReadOnly, Since = "4.0.0", Cost = "O(1)", Keys = "RO", Tips = Tips,
        Summary = "Tells how often a key was used, on a logarithmic scale.")]
    public static void Frequency(Execution x)
    {
        Key key = x.Peek(2);
        if (!key.Exists) x.Reply.Null();
        else if (!x.Server.Databases.Clock.CountsUses)
            x.Reply.Error("ERR An LFU maxmemory policy is not selected, access frequency not tracked." + PolicyNote);
        else x.Reply.Integer(key.Frequency);
    }

    [Command("OBJECT|HELP", "", Group.Generic, Flags.Loading | Flags.Stale, Since = "6.2.0", Cost = "O(1)",
        Summary = "Explains the subcommands.")]
    public static void Help(Execution x) => HelpReply.Write(x.Reply, "OBJECT", """
        ENCODING <key>
            Return the kind of internal representation used in order to store the value
            associated with a <key>.
        FREQ <key>
            Return the access frequency index of the <key>. The returned integer is
            proportional to the logarithm of the recent access frequency of the key.
        IDLETIME <key>
            Return the idle time of the <key>, that is the approximated number of
            seconds elapsed since the last access to the key.
        REFCOUNT <key>
            Return the number of references of the value associated with the specified
            <key>.
        """);

    /// <summary>As redis-server counts them.</summary>
    internal static int ReferencesOf(in Key key) => IsSharedInteger(in key) ? SharedReferences : 1;

    private static bool IsSharedInteger(in Key key) =>
        key.Type == KeyType.String && key.EncodingName == "int"
        && Numbers.TryParseInt64(key.String, out long value) && value is >= 0 and < SharedIntegers;
}
