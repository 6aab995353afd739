using System.Text;
using Galley.Store.Keyspace;

namespace Galley.Store.Commands;

/// <summary>MEMORY: what a key takes, what all of it takes, and what can be done about it.</summary>
internal static class MemoryCommands
{
    private const int SamplesDefault = 5;
    private const string ForAll = "nondeterministic_output, request_policy:all_shards, response_policy:special";

    [Command("MEMORY|USAGE", "key [SAMPLES count:integer]", Group.Server, Flags.ReadOnly, Since = "4.0.0",
        Cost = "O(N) in the samples", Keys = "RO", Summary = "Tells how many bytes a key and its value take.")]
    public static void Usage(Execution x)
    {
        if (!TryReadSamples(x, out long samples)) return;
        Key key = x.Peek(2);
        if (key.Exists) x.Reply.Integer(key.MemoryBytesOf((int)Math.Min(samples, int.MaxValue)));
        else x.Reply.Null();
    }

    [Command("MEMORY|STATS", "", Group.Server, Flags.None, Since = "4.0.0", Cost = "O(1)", Tips = ForAll,
        Summary = "Tells where the memory is.")]
    public static void Stats(Execution x) => MemoryStats.Write(x);

    [Command("MEMORY|DOCTOR", "", Group.Server, Flags.None, Since = "4.0.0", Cost = "O(1)", Tips = ForAll,
        Summary = "Tells what is wrong with the use of memory, in words.")]
    public static void Doctor(Execution x) =>
        x.Reply.Verbatim(Encoding.ASCII.GetBytes(MemoryDoctor.Examine(MemoryFigures.Of(x.Server))));

    [Command("MEMORY|MALLOC-STATS", "", Group.Server, Flags.None, Since = "4.0.0", Cost = "O(N) in the pages of 64 KiB in use",
        Tips = ForAll, Summary = "Tells how the arena is filled, class by class.")]
    public static void MallocStats(Execution x) =>
        x.Reply.Verbatim(Encoding.ASCII.GetBytes(x.Server.Databases.Arena.Describe()));

    [Command("MEMORY|PURGE", "", Group.Server, Flags.None, Since = "4.0.0", Cost = "O(N) in the runs of free pages",
        Tips = "request_policy:all_shards, response_policy:all_succeeded",
        Summary = "Gives pages that hold nothing back to the system, in the background.")]
    public static void Purge(Execution x)
    {
        x.Server.Databases.Arena.GiveBackFreePages();
        x.Reply.Ok();
    }

    [Command("MEMORY|HELP", "", Group.Server, Flags.Loading | Flags.Stale, Since = "4.0.0", Cost = "O(1)",
        Summary = "Explains the subcommands.")]
    public static void Help(Execution x) => HelpReply.Write(x.Reply, "MEMORY", """
        DOCTOR
            Return memory problems reports.
        MALLOC-STATS
            Return internal statistics report from the memory allocator.
        PURGE
            Attempt to purge dirty pages for reclamation by the allocator.
        STATS
            Return information about the memory usage of the server.
        USAGE <key> [SAMPLES <count>]
            Return memory in bytes used by <key> and its value. Nested values are
            sampled up to <count> times (default: 5, 0 means sample all).
        """);

    /// <summary>Elements of a large collection to look at, 0 for all; the last of several SAMPLES counts.</summary>
    private static bool TryReadSamples(Execution x, out long samples)
    {
        samples = SamplesDefault;
        for (int i = 3; i < x.Args.Count; i += 2)
        {
            bool isSamples = i + 1 < x.Args.Count && x.Is(i, "SAMPLES"u8);
            if (isSamples && !x.TryInteger(i + 1, out samples)) return false;
            if (isSamples && samples >= 0) continue;
            x.Reply.Error(Errors.Syntax);
            return false;
        }
        return true;
    }
}
