namespace Galley.Store.Commands;

/// <summary>
/// Declares a command on its handler, a static method <c>void Name(Execution x)</c> of a static class in this assembly.
/// Everything that is to be known about the command derives from here: arity, key positions, ACL categories, COMMAND's
/// replies, the REST operation and openapi.yaml, the console's hints, and a family of tests.
/// </summary>
/// <param name="name">In capitals; a subcommand is <c>CLIENT|ID</c>, its container (if it has a handler) <c>CLIENT</c>.</param>
/// <param name="grammar">
/// What follows the name, on one line. A bare lower-case word is an argument of that name (type string); <c>name:type</c>
/// gives the type (key, string, integer, double, pattern, unix-time) where it is not the name itself (<c>key</c> is a key);
/// capitals are literal tokens; <c>[ ]</c> optional, <c>a | b</c> one of, <c>...</c> the previous may repeat. The whole is
/// at the head of <c>Grammar.cs</c>.
/// </param>
[AttributeUsage(AttributeTargets.Method, AllowMultiple = true)]
public sealed class CommandAttribute(string name, string grammar, Group group, Flags flags) : Attribute
{
    public string Name { get; } = name;

    public string Grammar { get; } = grammar;

    public Group Group { get; } = group;

    public Flags Flags { get; } = flags;

    /// <summary>The version of Redis (or <c>galley</c>, <c>valkey 9.0.0</c>) that brought it.</summary>
    public required string Since { get; init; }

    /// <summary>Its complexity in one line.</summary>
    public required string Cost { get; init; }

    public required string Summary { get; init; }

    /// <summary>
    /// How each key specification is used, in the order of the keys in the grammar, separated by a semicolon, in the words
    /// of COMMAND INFO: <c>RW ACCESS UPDATE</c>. Empty: RO ACCESS for a read-only command, RW UPDATE for one that writes.
    /// What else it can say is told by <c>KeyDeclaration.cs</c>.
    /// </summary>
    public string Keys { get; init; } = "";

    /// <summary>Command tips as COMMAND INFO lists them, separated by commas.</summary>
    public string Tips { get; init; } = "";

    /// <summary>
    /// ACL categories beyond those that follow from group and flags, separated by spaces; <c>-keyspace</c> takes one away.
    /// </summary>
    public string Categories { get; init; } = "";

    /// <summary>The version that deprecated it, and what takes its place.</summary>
    public string DeprecatedSince { get; init; } = "";

    public string ReplacedBy { get; init; } = "";

    /// <summary>The arity where the grammar's own count is not what redis-server says; 0 derives it.</summary>
    public int Arity { get; init; }

    /// <summary>The lenience under which a call may have no argument at all, where the grammar demands one.</summary>
    public Lenience TakesNothing { get; init; }
}

public enum Group : byte
{
    String, Generic, List, Set, SortedSet, Hash, PubSub, Transactions, Connection, Server, Scripting, HyperLogLog,
    Cluster, Geo, Stream, Bitmap,
}

[Flags]
public enum Flags : uint
{
    None = 0,
    Write = 1 << 0,
    ReadOnly = 1 << 1,
    DenyOom = 1 << 2,
    Admin = 1 << 3,
    PubSub = 1 << 4,
    NoScript = 1 << 5,
    Blocking = 1 << 6,
    Loading = 1 << 7,
    Stale = 1 << 8,
    SkipMonitor = 1 << 9,
    SkipSlowlog = 1 << 10,
    Asking = 1 << 11,
    Fast = 1 << 12,
    NoAuth = 1 << 13,
    MayReplicate = 1 << 14,
    NoAsyncLoading = 1 << 15,
    AllowBusy = 1 << 16,
    NoMulti = 1 << 17,
    NoMandatoryKeys = 1 << 18,

    /// <summary>Touches keys that its grammar does not name (SCAN, KEYS, FLUSHALL, SWAPDB).</summary>
    WholeKeyspace = 1 << 24,

    /// <summary>Is never queued: MULTI does not keep it from running at once (EXEC, DISCARD, WATCH, QUIT, RESET).</summary>
    RunsInsideMulti = 1 << 25,

    /// <summary>A RESP2 client that is subscribed may still call it.</summary>
    RunsWhileSubscribed = 1 << 26,

    /// <summary>Runs only where a setting that no client can change lets it (DEBUG, MODULE LOAD): see <see cref="ProtectedCommands"/>.</summary>
    Protected = 1 << 27,
}

/// <summary>Runs one command.</summary>
public delegate void CommandHandler(Execution x);
