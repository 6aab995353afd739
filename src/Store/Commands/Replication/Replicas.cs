using Galley.Resp.Protocol;

namespace Galley.Store.Commands;

/// <summary>
/// REPLICAOF, FAILOVER and what a replica says to its master. Galley follows nobody and nobody follows it yet, so that
/// what ends a replication succeeds and what begins one says so.
/// </summary>
internal static class Replicas
{
    private const int PortMax = 65535;

    private static ReadOnlySpan<byte> NotYet => "ERR Galley does not replicate yet: it can be neither a replica nor a master of one"u8;

    [Command("REPLICAOF", "(host port:integer | NO ONE)", Group.Server,
        Flags.Admin | Flags.NoScript | Flags.Stale | Flags.NoAsyncLoading, Since = "5.0.0", Cost = "O(1)",
        Summary = "Makes the server a replica of another, or its own master again.")]
    [Command("SLAVEOF", "(host port:integer | NO ONE)", Group.Server,
        Flags.Admin | Flags.NoScript | Flags.Stale | Flags.NoAsyncLoading, Since = "1.0.0", Cost = "O(1)",
        DeprecatedSince = "5.0.0", ReplacedBy = "`REPLICAOF`",
        Summary = "Makes the server a replica of another, or its own master again.")]
    public static void ReplicaOf(Execution x)
    {
        if (x.Is(1, "NO"u8) && x.Is(2, "ONE"u8)) x.Reply.Ok();
        else if (!Numbers.TryParseInt64(x.Args[2], out long port) || port is < 0 or > PortMax) x.Reply.Error("ERR Invalid master port"u8);
        else x.Reply.Error(NotYet);
    }

    [Command("FAILOVER", "[TO (host port:integer [FORCE])] [ABORT] [TIMEOUT milliseconds:integer]", Group.Server,
        Flags.Admin | Flags.NoScript | Flags.Stale, Since = "6.2.0", Cost = "O(1)",
        Summary = "Hands the part of the master over to a replica.")]
    public static void Failover(Execution x)
    {
        if (!TryReadFailover(x, out bool isAbort)) return;
        x.Reply.Error(isAbort ? "ERR No failover in progress."u8 : "ERR FAILOVER requires connected replicas."u8);
    }

    [Command("PSYNC", "replicationid offset:integer", Group.Server,
        Flags.Admin | Flags.NoScript | Flags.NoAsyncLoading | Flags.NoMulti, Since = "2.8.0", Cost = "O(N) in what is sent",
        Arity = -3, Summary = "Asks for the stream of changes from an offset on.")]
    public static void PartialSync(Execution x)
    {
        if (x.TryInteger(2, out _)) x.Reply.Error(NotYet);
    }

    [Command("REPLCONF", "", Group.Server, Flags.Admin | Flags.NoScript | Flags.Loading | Flags.Stale | Flags.AllowBusy,
        Since = "3.0.0", Cost = "O(1)", Arity = -1, Summary = "Tells a master about its replica, and the reverse.")]
    [Command("SYNC", "", Group.Server, Flags.Admin | Flags.NoScript | Flags.NoAsyncLoading | Flags.NoMulti,
        Since = "1.0.0", Cost = "O(N) in what is sent", Summary = "Asks for all data and the stream of changes.")]
    public static void Refuse(Execution x) => x.Reply.Error(NotYet);

    /// <summary>ABORT stands alone; the others come in any order, each once.</summary>
    private static bool TryReadFailover(Execution x, out bool isAbort)
    {
        isAbort = x.Args.Count == 2 && x.Is(1, "ABORT"u8);
        if (isAbort) return true;
        bool hasTimeout = false, hasTarget = false, isForced = false;
        for (int i = 1; i < x.Args.Count; i++)
        {
            int left = x.Args.Count - i - 1;
            if (x.Is(i, "TIMEOUT"u8) && left >= 1 && !hasTimeout)
            {
                if (!TryReadTimeout(x, ++i)) return false;
                hasTimeout = true;
            }
            else if (x.Is(i, "TO"u8) && left >= 2 && !hasTarget)
            {
                i += 2;
                if (!x.TryInteger(i, out _)) return false;
                hasTarget = true;
            }
            else if (x.Is(i, "FORCE"u8) && !isForced)
            {
                isForced = true;
            }
            else
            {
                x.Reply.Error(Errors.Syntax);
                return false;
            }
        }
        return true;
    }

    private static bool TryReadTimeout(Execution x, int argument)
    {
        if (!x.TryInteger(argument, out long timeoutMs)) return false;
        if (timeoutMs > 0) return true;
        x.Reply.Error("ERR FAILOVER timeout must be greater than 0"u8);
        return false;
    }
}
