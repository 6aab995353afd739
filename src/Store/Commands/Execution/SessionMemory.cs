using Galley.Resp.Protocol;

namespace Galley.Store.Commands;

/// <summary>What one client takes of the memory beside the data: its buffers, what it has queued, the names it listens to.</summary>
internal static class SessionMemory
{
    /// <summary>
    /// About what the objects of one connection take: the connection, its session, reader, writer and lists. Buffers are
    /// counted apart.
    /// </summary>
    private const long ObjectBytes = 1200;

    /// <summary>What a subscription, a prefix or a watched key takes beside its name.</summary>
    private const long NameBytes = 64;

    /// <summary>Bytes that go when the client goes. What a large value lends to a reply is among them. Under the gate.</summary>
    public static long Of(Session session)
    {
        if (session.IsEnding) return 0;
        long held = ObjectBytes + session.Transaction.QueuedBytes + NamesOf(session);
        // What another door than a connection is owed, it takes at once; what is pushed to it, it says.
        return session.Connection is { } connection
            ? held + connection.Reader.BufferBytes + connection.Output.ChunkBytes + WaitingBytesOf(session, connection.Output)
            : held + session.PendingBytes;
    }

    /// <summary>Bytes of its output beyond the chunk that is being written.</summary>
    public static long WaitingBytesOf(Session session, OutputBuffer output) => Math.Max(0, session.PendingBytes - output.OpenBytes);

    private static long NamesOf(Session session)
    {
        long names = session.Transaction.WatchedBytes + (session.Transaction.WatchedCount * NameBytes);
        if (session.Subscriptions is { } own) names += own.NameBytes + (own.TotalCount * NameBytes);
        if (session.Blocked is { } blocked) names += blocked.Arguments.TotalBytes;
        if (session.Tracking is { } tracking) names += tracking.PrefixBytes + (tracking.Prefixes.Count * NameBytes);
        return names;
    }
}
