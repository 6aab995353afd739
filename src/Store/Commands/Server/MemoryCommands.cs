using Galley.Store.Keyspace;

namespace Galley.Store.Commands;

internal static class MemoryCommands
{
    [Command("MEMORY|USAGE", "key [SAMPLES count:integer]", Group.Server, Flags.ReadOnly, Since = "4.0.0", Cost = "O(1)", Keys = "RO",
        Summary = "Tells how many bytes a key and its value take.")]
    public static void Usage(Execution x)
    {
        if (!HasValidOptions(x)) return;
        Key key = x.Peek(2);
        if (key.Exists) x.Reply.Integer(key.MemoryBytes);
        else x.Reply.Null();
    }

    [Command("MEMORY|HELP", "", Group.Server, Flags.Loading | Flags.Stale, Since = "4.0.0", Cost = "O(1)",
        Summary = "Explains the subcommands.")]
    public static void Help(Execution x) => HelpReply.Write(x.Reply, "MEMORY", """
        USAGE <key> [SAMPLES <count>]
            Return memory in bytes used by <key> and its value. Nested values are
            sampled up to <count> times (default: 5, 0 means sample all).
        """);

    /// <summary>The number of samples is checked and not needed: the arena knows what it gave out.</summary>
    private static bool HasValidOptions(Execution x)
    {
        for (int i = 3; i < x.Args.Count; i += 2)
        {
            bool isSamples = i + 1 < x.Args.Count && x.Is(i, "SAMPLES"u8);
            long samples = -1;
            if (isSamples && !x.TryInteger(i + 1, out samples)) return false;
            if (samples >= 0) continue;
            x.Reply.Error(Errors.Syntax);
            return false;
        }
        return true;
    }
}
