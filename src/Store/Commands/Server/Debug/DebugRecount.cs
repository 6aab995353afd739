using System.Diagnostics;
using Galley.Resp.Protocol;
using Galley.Store.Keyspace;
using Galley.Store.Memory;

namespace Galley.Store.Commands;

/// <summary>
/// DEBUG RECOUNT, Galley's own: whether what is counted as memory is so. Pages are counted anew by their headers, and what their
/// owners hold is counted block by block, in one turn; what waits to be freed is freed first.
/// <code>
///   arena.counted  =  arena.reached   unless blocks are lost, or replies (lent) or a snapshot still hold values that are gone
/// </code>
/// </summary>
internal static class DebugRecount
{
    public static void Run(Execution x)
    {
        Databases space = x.Server.Databases;
        while (!space.Graveyard.Dig(int.MaxValue) || !x.Server.Tracking.Dig(int.MaxValue)) { }
        if (FaultOf(space.Arena) is { } fault)
        {
            x.Reply.Error("ERR " + fault);
            return;
        }
        OwnedMemory owned = OwnedMemory.Of(space);
        long trackingBytes = x.Server.Tracking.Memory.CountBytes();
        x.Reply.Map(9);
        Write(x.Reply, "arena.counted", space.Arena.UsedBytes);
        Write(x.Reply, "arena.reached", owned.Total + trackingBytes);
        Write(x.Reply, "entries", owned.EntryBytes);
        Write(x.Reply, "tables", owned.TableBytes);
        Write(x.Reply, "expiries", owned.ExpiryBytes);
        Write(x.Reply, "tracking", trackingBytes);
        Write(x.Reply, "lent", space.Arena.LentBytes);
        Write(x.Reply, "clients.counted", x.Server.Memory.Clients.TotalBytes);
        Write(x.Reply, "clients.recounted", ClientFigures.Of(x.Server).HeldBytes);
    }

    /// <summary>What does not add up in the pages of the arena, or null.</summary>
    private static string? FaultOf(Arena arena)
    {
        try
        {
            arena.Verify();
            return null;
        }
        catch (UnreachableException fault)
        {
            return fault.Message;
        }
    }

    private static void Write(RespWriter reply, string name, long value)
    {
        reply.Bulk(name);
        reply.Integer(value);
    }
}
