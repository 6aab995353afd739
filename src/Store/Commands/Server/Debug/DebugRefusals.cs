namespace Galley.Store.Commands;

/// <summary>What DEBUG has in redis-server and not in Galley, each with the reason.</summary>
internal static class DebugRefusals
{
    /// <summary>In the order of DEBUG HELP.</summary>
    public static DebugSubcommand[] All { get; } =
    [
        OnPurpose("ASSERT"),
        OnPurpose("CRASH-AND-RECOVER"),
        OnPurpose("LEAK"),
        OfRedis("HTSTATS"),
        OfRedis("HTSTATS-KEY"),
        OfRedis("MALLCTL"),
        OfRedis("MALLCTL-STR"),
        OnPurpose("OOM"),
        OnPurpose("PANIC"),
        Refusal("RESTART", "Galley does not start itself again: send SHUTDOWN, and let what supervises it start it"),
        OfRedis("SDSLEN"),
        OnPurpose("SEGFAULT"),
        OfRedis("STRUCTSIZE"),
    ];

    private static DebugSubcommand OnPurpose(string name) =>
        Refusal(name, $"DEBUG {name} harms the server on purpose, and Galley does not have it");

    private static DebugSubcommand OfRedis(string name) =>
        Refusal(name, $"DEBUG {name} tells of the allocator and the dictionaries of redis-server, which Galley does not have: "
            + "see MEMORY STATS, MEMORY MALLOC-STATS and MEMORY USAGE");

    private static DebugSubcommand Later(string name) => Refusal(name, $"Galley does not have DEBUG {name} yet");

    private static DebugSubcommand Refusal(string name, string reason) =>
        new(name, 0, int.MaxValue, x => x.Reply.Error("ERR " + reason));
}
