namespace Galley.Store.Commands;

/// <summary>WAIT and WAITAOF: until what the client has written is where it wants it.</summary>
internal static class WaitCommands
{
    [Command("WAIT", "numreplicas:integer timeout:integer", Group.Generic, Flags.NoScript, Since = "3.0.0", Cost = "O(1)",
        Categories = "-keyspace connection", Tips = "request_policy:all_shards, response_policy:agg_min",
        Summary = "Waits until so many replicas have the client's writes, and tells how many do.")]
    public static void Wait(Execution x)
    {
        if (!x.TryInteger(1, out long replicas)) return;
        if (!x.TryTimeoutMs(2, out long timeoutMs)) return;
        if (replicas <= ReplicaCount) x.Reply.Integer(ReplicaCount);
        else x.Block(new BlockingTerms { TimeoutMs = timeoutMs, TimeoutReply = static x => x.Reply.Integer(ReplicaCount) });
    }

    [Command("WAITAOF", "numlocal:integer numreplicas:integer timeout:integer", Group.Generic, Flags.Blocking, Since = "7.2.0",
        Cost = "O(1)", Categories = "-keyspace connection", Tips = "request_policy:all_shards, response_policy:agg_min",
        Summary = "Waits until the client's writes are durable here, and on so many replicas, and tells where they are.")]
    public static void WaitAof(Execution x)
    {
        if (!TryReadCounts(x, out long local, out long replicas) || !x.TryTimeoutMs(3, out long timeoutMs)) return;
        if (local > 0 && !x.Server.Effects.IsRead)
        {
            x.Reply.Error("ERR WAITAOF cannot be used when numlocal is set but appendonly is disabled."u8);
            return;
        }
        if (IsDurable(x) >= local && ReplicaCount >= replicas) Tell(x);
        else x.Block(new BlockingTerms { DurableOffset = x.Session.LogOffset, TimeoutMs = timeoutMs, TimeoutReply = Tell });
    }

    /// <summary>Galley has no replicas yet.</summary>
    private const int ReplicaCount = 0;

    private static bool TryReadCounts(Execution x, out long local, out long replicas)
    {
        replicas = 0;
        if (!x.TryInteger(1, out local)) return false;
        if (local is < 0 or > 1)
        {
            x.Reply.Error("ERR value is out of range, value must between 0 and 1"u8);
            return false;
        }
        if (!x.TryInteger(2, out replicas)) return false;
        if (replicas >= 0) return true;
        x.Reply.Error("ERR value is out of range, must be positive"u8);
        return false;
    }

    /// <summary>1 where all that the client has written before is durable on this machine, else 0.</summary>
    private static int IsDurable(Execution x) =>
        x.Server.Effects.IsRead && x.Server.Control.DurableOffset >= x.Session.LogOffset ? 1 : 0;

    private static void Tell(Execution x)
    {
        x.Reply.Array(2);
        x.Reply.Integer(IsDurable(x));
        x.Reply.Integer(ReplicaCount);
    }
}
