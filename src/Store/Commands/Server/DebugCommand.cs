using System.Buffers;
using System.Diagnostics;
using System.Globalization;
using System.Text;
using Galley.Store.Configuration;

namespace Galley.Store.Commands;

/// <summary>DEBUG: for tests and measurements, where <c>enable-debug-command</c> allows it.</summary>
internal static class DebugCommand
{
    private static readonly TimeSpan SleepSlice = TimeSpan.FromMilliseconds(5);

    private static readonly SearchValues<byte> LineEnds = SearchValues.Create("\r\n"u8);

    private static readonly DebugSubcommand[] Subcommands =
    [
        new("AOF-FLUSH-SLEEP", 1, 1, SetLogDelay),
        new("CHANGE-REPL-ID", 0, 0, ChangeReplicationId),
        new("CLIENT-EVICTION", 0, 0, DebugClientEviction.Run),
        new("CLUSTERLINK", 3, 3, RefuseClusterLink),
        new("CONFIG-REWRITE-FORCE-ALL", 0, 0, static x => Config.Rewrite(x, "CONFIG-REWRITE-FORCE-ALL failed", writesAll: true)),
        new("DICT-RESIZING", 1, 1, Accept),
        new("DIGEST", 0, 0, DebugDigest.OfAll),
        new("DIGEST-VALUE", 0, int.MaxValue, DebugDigest.OfValues),
        new("DROP-CLUSTER-PACKET-FILTER", 1, 1, AcceptInteger),
        new("ERROR", 1, 1, ReplyError),
        new("HELP", 0, 0, DebugHelp.Write),
        new("LISTPACK", 1, 1, DebugObject.ShowListpack),
        new("LOADAOF", 0, 0, DebugReload.FromLog),
        new("LOG", 1, 1, Log),
        new("OBJECT", 1, 1, DebugObject.Describe),
        new("PAUSE-CRON", 1, 1, PauseCron),
        new("POPULATE", 1, 3, DebugPopulate.Run),
        new("PROTOCOL", 1, 1, DebugProtocol.Run),
        new("QUICKLIST", 1, 2, DebugObject.ShowQuicklist),
        new("QUICKLIST-PACKED-THRESHOLD", 1, 1, SetPackedThreshold),
        new("RECOUNT", 0, 0, DebugRecount.Run),
        new("RELOAD", 0, int.MaxValue, DebugReload.Run),
        new("REPLICATE", 1, int.MaxValue, Accept),
        new("REPLYBUFFER", 2, 2, AcceptReplyBuffer),
        new("SET-ACTIVE-EXPIRE", 1, 1, SetActiveExpire),
        new("SET-DISABLE-DENY-SCRIPTS", 1, 1, Accept),
        new("SET-SKIP-CHECKSUM-VALIDATION", 1, 1, SetSkipsChecksums),
        new("SLEEP", 1, 1, Sleep),
        new("STRINGMATCH-TEST", 0, 0, DebugGlob.Run),
        .. DebugRefusals.All,
    ];

    [Command("DEBUG", "subcommand [argument ...]", Group.Server, Flags.Admin | Flags.NoScript | Flags.Loading | Flags.Stale | Flags.Protected,
        Since = "1.0.0", Cost = "That of the subcommand", Summary = "Helps to test the server.")]
    public static void Run(Execution x)
    {
        if (Find(x) is { } subcommand) subcommand.Run(x);
        else RefuseSubcommand(x);
    }

    private static DebugSubcommand? Find(Execution x)
    {
        int values = x.Args.Count - 2;
        foreach (DebugSubcommand subcommand in Subcommands)
            if (values >= subcommand.ValuesMin && values <= subcommand.ValuesMax && subcommand.IsNamed(x.Args[1])) return subcommand;
        return null;
    }

    private static void RefuseSubcommand(Execution x) => x.Reply.Error(Errors.SubcommandSyntax("DEBUG", x.Args[1]));

    /// <summary>Holds the gate, and with it every client: that is what it is for. Whoever comes after a while hears BUSY.</summary>
    private static void Sleep(Execution x)
    {
        _ = double.TryParse(x.Args[2], NumberStyles.Float, CultureInfo.InvariantCulture, out double seconds);
        TimeSpan whole = TimeSpan.FromSeconds(Math.Clamp(seconds, 0, int.MaxValue / 1000));
        long startedAt = Stopwatch.GetTimestamp();
        for (TimeSpan left = whole; left > TimeSpan.Zero; left = whole - Stopwatch.GetElapsedTime(startedAt))
        {
            Thread.Sleep(left < SleepSlice ? left : SleepSlice);
            if (!x.Server.Control.Yield(LongWork.Command)) break;
        }
        x.Reply.Ok();
    }

    private static void SetActiveExpire(Execution x)
    {
        _ = int.TryParse(x.Args[2], NumberStyles.Integer, CultureInfo.InvariantCulture, out int value);
        x.Server.ExpiresActively = value != 0;
        x.Reply.Ok();
    }

    private static void PauseCron(Execution x)
    {
        _ = int.TryParse(x.Args[2], NumberStyles.Integer, CultureInfo.InvariantCulture, out int value);
        x.Server.IsCronPaused = value != 0;
        x.Reply.Ok();
    }

    private static void SetSkipsChecksums(Execution x)
    {
        _ = int.TryParse(x.Args[2], NumberStyles.Integer, CultureInfo.InvariantCulture, out int value);
        x.Server.SkipsChecksums = value != 0;
        x.Reply.Ok();
    }

    private static void SetLogDelay(Execution x)
    {
        _ = int.TryParse(x.Args[2], NumberStyles.Integer, CultureInfo.InvariantCulture, out int microseconds);
        x.Server.Effects.WriteDelay = TimeSpan.FromMicroseconds(Math.Max(0, microseconds));
        x.Reply.Ok();
    }

    private static void ChangeReplicationId(Execution x)
    {
        x.Server.ChangeReplicationId();
        x.Reply.Ok();
    }

    /// <summary>A test of a client: it is counted nowhere. What would end the line becomes a space.</summary>
    private static void ReplyError(Execution x)
    {
        byte[] reply = [(byte)'-', .. x.Args[2], (byte)'\r', (byte)'\n'];
        reply.AsSpan(1, x.Args[2].Length).ReplaceAny(LineEnds, (byte)' ');
        x.Reply.Raw(reply);
    }

    private static void Log(Execution x)
    {
        x.Server.Log(LogLevel.Warning, "DEBUG LOG: " + PrintedText.Of(x.Args[2]));
        x.Reply.Ok();
    }

    /// <summary>What has no object in Galley, or none yet (a dictionary's growth, scripts, RDB, replicas), and may stand in a test.</summary>
    private static void Accept(Execution x) => x.Reply.Ok();

    private static void AcceptInteger(Execution x)
    {
        if (x.TryInteger(2, out _)) x.Reply.Ok();
    }

    /// <summary>Reply buffers grow and shrink by themselves; the words are checked as redis-server checks them.</summary>
    private static void AcceptReplyBuffer(Execution x)
    {
        if (x.Is(2, "RESIZING"u8)) x.Reply.Ok();
        else if (!x.Is(2, "PEAK-RESET-TIME"u8)) RefuseSubcommand(x);
        else if (x.Is(3, "NEVER"u8) || x.Is(3, "RESET"u8) || x.TryInteger(3, out _)) x.Reply.Ok();
    }

    /// <summary>How lists are packed is Galley's own choice.</summary>
    private static void SetPackedThreshold(Execution x)
    {
        // redis-server keeps a megabyte below 4 GiB.
        const ulong ThresholdMax = (1UL << 32) - (1UL << 20);
        bool isSize = MemorySize.TryParse(Encoding.Latin1.GetString(x.Args[2]), out ulong bytes);
        if (isSize && bytes <= ThresholdMax) x.Reply.Ok();
        else x.Reply.Error("ERR argument must be a memory value bigger than 1 and smaller than 4gb"u8);
    }

    private static void RefuseClusterLink(Execution x) =>
        x.Reply.Error("ERR Debug option only available for cluster mode enabled setup!"u8);
}
