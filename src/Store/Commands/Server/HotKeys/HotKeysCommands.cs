using System.Diagnostics;
using Galley.Resp.Protocol;

namespace Galley.Store.Commands;

/// <summary>HOTKEYS: which keys take most of the server's time, or of its network.</summary>
internal static class HotKeysCommands
{
    private const Flags Common = Flags.Admin | Flags.NoScript;
    private const string Tips = "request_policy:special, response_policy:special";

    [Command("HOTKEYS|START",
        "(METRICS count:integer [CPU] [NET]) [COUNT k:integer] [DURATION seconds:integer] [SAMPLE ratio:integer] [SLOTS count:integer slot:integer [slot:integer ...]]",
        Group.Server, Common, Since = "8.6.0", Cost = "O(1)", Arity = -2, Tips = Tips,
        Summary = "Begins to find out which keys take most time, or move most bytes.")]
    public static void Start(Execution x)
    {
        if (!HotKeysArguments.TryRead(x, out HotKeysTerms terms)) return;
        if (x.Server.HotKeys.Session is { IsActive: true })
        {
            x.Reply.Error("ERR hotkeys tracking session already in progress"u8);
            return;
        }
        x.Server.HotKeys.Start(terms);
        x.Reply.Ok();
    }

    [Command("HOTKEYS|STOP", "", Group.Server, Common, Since = "8.6.0", Cost = "O(1)", Tips = Tips,
        Summary = "Ends that; what was found stays.")]
    public static void Stop(Execution x)
    {
        if (x.Server.HotKeys.Session is not { IsActive: true })
        {
            x.Reply.Error("ERR no hotkeys tracking session in progress"u8);
            return;
        }
        x.Server.HotKeys.Stop();
        x.Reply.Ok();
    }

    [Command("HOTKEYS|RESET", "", Group.Server, Common, Since = "8.6.0", Cost = "O(1)", Tips = Tips,
        Summary = "Throws away what was found.")]
    public static void Reset(Execution x)
    {
        if (x.Server.HotKeys.Session is { IsActive: true })
        {
            x.Reply.Error("ERR hotkeys tracking session in progress, stop tracking first"u8);
            return;
        }
        x.Server.HotKeys.Reset();
        x.Reply.Ok();
    }

    [Command("HOTKEYS|GET", "", Group.Server, Common, Since = "8.6.0", Cost = "O(K) in the keys replied", Tips = Tips,
        Summary = "Tells which keys take most time, or move most bytes, and how much of it all commands did.")]
    public static void Get(Execution x)
    {
        if (x.Server.HotKeys.Session is not { } session)
        {
            x.Reply.Null();
            return;
        }
        HotKeysTerms terms = session.Terms;
        HotKeysProcess spent = x.Server.HotKeys.Spent(session);
        // An array of one: those of several servers are joined to one array.
        x.Reply.Array(1);
        x.Reply.Map(7 + (terms.Cpu ? 3 : 0) + (terms.Net ? 2 : 0));
        Field(x.Reply, "tracking-active"u8, session.IsActive ? 1 : 0);
        Field(x.Reply, "sample-ratio"u8, terms.SampleRatio);
        x.Reply.Bulk("selected-slots"u8);
        x.Reply.Array(0);
        Field(x.Reply, "all-commands-all-slots-us"u8, Microseconds(session.Ticks));
        Field(x.Reply, "net-bytes-all-commands-all-slots"u8, session.Bytes);
        Field(x.Reply, "collection-start-time-unix-ms"u8, session.StartedMs);
        Field(x.Reply, "collection-duration-ms"u8, session.DurationMs(x.NowMs));
        if (terms.Cpu)
        {
            Field(x.Reply, "total-cpu-time-user-ms"u8, (long)spent.User.TotalMilliseconds);
            Field(x.Reply, "total-cpu-time-sys-ms"u8, (long)spent.System.TotalMilliseconds);
        }
        if (terms.Net) Field(x.Reply, "total-net-bytes"u8, spent.NetBytes);
        if (session.ByTicks is { } byTicks) Keys(x.Reply, "by-cpu-time-us"u8, byTicks, terms.Count, Microseconds);
        if (session.ByBytes is { } byBytes) Keys(x.Reply, "by-net-bytes"u8, byBytes, terms.Count, static bytes => bytes);
    }

    [Command("HOTKEYS|HELP", "", Group.Server, Flags.Loading | Flags.Stale, Since = "8.6.0", Cost = "O(1)",
        Summary = "Explains the subcommands.")]
    public static void Help(Execution x) => HelpReply.Write(x.Reply, "HOTKEYS", """
        START METRICS <count> [CPU] [NET] [COUNT <k>] [DURATION <seconds>] [SAMPLE <ratio>]
            Start to track the keys whose commands take most CPU time, or move most bytes.
        GET
            Return the top <k> keys (default: 10) by each metric, and the totals of all commands.
        STOP
            Stop tracking; the results stay.
        RESET
            Release the results of tracking that was stopped.
        """);

    private static void Field(RespWriter reply, ReadOnlySpan<byte> name, long value)
    {
        reply.Bulk(name);
        reply.Integer(value);
    }

    private static void Keys(RespWriter reply, ReadOnlySpan<byte> name, TopKeys keys, int count, Func<long, long> unit)
    {
        IReadOnlyList<(byte[] Key, long Amount)> top = keys.Top(count);
        reply.Bulk(name);
        reply.Array(2 * top.Count);
        foreach ((byte[] key, long amount) in top) Field(reply, key, unit(amount));
    }

    private static long Microseconds(long ticks) => (long)Stopwatch.GetElapsedTime(0, ticks).TotalMicroseconds;
}
