using System.Text;
using Galley.Resp.Protocol;

namespace Galley.Store.Commands;

/// <summary>One client as CLIENT LIST and INFO describe it: the fields of redis-server, in its order.</summary>
internal static class ClientLine
{
    public static void Append(StringBuilder lines, Session session, Execution x)
    {
        Transaction transaction = session.Transaction;
        lines.Append("id=").Append(session.Id);
        lines.Append(" addr=").Append(session.RemoteAddress);
        lines.Append(" laddr=").Append(session.Connection?.LocalAddress);
        lines.Append(" fd=").Append(session.Connection?.Descriptor ?? -1);
        lines.Append(" name=").Append(Text(session.Name));
        lines.Append(" age=").Append((x.NowMs - session.CreatedMs) / 1000);
        lines.Append(" idle=").Append(Math.Max(0, x.NowMs - session.LastActiveMs) / 1000);
        lines.Append(" flags=").Append(FlagsOf(session));
        lines.Append(" db=").Append(session.DatabaseId);
        lines.Append(" sub=").Append(session.Subscriptions?.Channels.Count ?? 0);
        lines.Append(" psub=").Append(session.Subscriptions?.Patterns.Count ?? 0);
        lines.Append(" ssub=").Append(session.Subscriptions?.ShardChannels.Count ?? 0);
        lines.Append(" multi=").Append(transaction.IsOpen ? transaction.QueuedCount : -1);
        lines.Append(" watch=").Append(transaction.WatchedCount);
        AppendBuffers(lines, session, x);
        lines.Append(" cmd=").Append(session.LastCommand?.LowerName ?? "NULL");
        lines.Append(" user=").Append(session.UserName);
        lines.Append(" redir=").Append(session.Tracking?.RedirectId ?? ClientTracking.NoRedirection);
        lines.Append(" resp=").Append((int)session.Reply.Version);
        lines.Append(" lib-name=").Append(Text(session.LibraryName));
        lines.Append(" lib-ver=").Append(Text(session.LibraryVersion));
        AppendTotals(lines, session);
        lines.Append('\n');
    }

    /// <summary>What Redis 8.0 and Valkey 8.0 tell besides.</summary>
    private static void AppendTotals(StringBuilder lines, Session session)
    {
        OutputBuffer output = session.Connection?.Output ?? session.Reply.Output;
        lines.Append(" io-thread=0");
        lines.Append(" tot-net-in=").Append(session.Connection?.Reader.ReceivedBytes ?? 0);
        lines.Append(" tot-net-out=").Append(output.Written - output.PendingBytes);
        lines.Append(" tot-cmds=").Append(session.CommandsCalled);
    }

    /// <summary>The letters of CLIENT LIST, in redis-server's order; N where there is none.</summary>
    public static string FlagsOf(Session session)
    {
        var flags = new StringBuilder();
        if (session.IsMonitor) flags.Append('O');
        if (session.IsSubscribed) flags.Append('P');
        if (session.Transaction.IsOpen) flags.Append('x');
        if (session.IsBlocked) flags.Append('b');
        if (session.Tracking is not null) flags.Append('t');
        if (session.Tracking is { IsRedirectBroken: true }) flags.Append('R');
        if (session.Tracking is { Mode: TrackingMode.Broadcast }) flags.Append('B');
        if (session.Transaction.IsStale) flags.Append('d');
        if (session.Connection is { CloseAfterReply: true }) flags.Append('c');
        if (session.Connection is { IsUnixSocket: true }) flags.Append('U');
        if (session.IsSparedFromEviction) flags.Append('e');
        if (session.LeavesKeysUntouched) flags.Append('T');
        return flags.Length == 0 ? "N" : flags.ToString();
    }

    /// <summary>
    /// What redis-server keeps apart as a fixed buffer and a list of more replies is here the chunk that is being written
    /// and what was written before it.
    /// </summary>
    private static void AppendBuffers(StringBuilder lines, Session session, Execution x)
    {
        bool isSelf = session == x.Session;
        RespReader? reader = session.Connection?.Reader;
        OutputBuffer output = session.Connection?.Output ?? session.Reply.Output;
        long filled = reader?.FilledBytes ?? 0, size = reader?.BufferBytes ?? 0;
        long arguments = isSelf ? x.Args.TotalBytes : reader?.ArgumentBytes ?? 0;
        long open = output.OpenBytes, waiting = SessionMemory.WaitingBytesOf(session, output);
        lines.Append(" qbuf=").Append(filled).Append(" qbuf-free=").Append(size - filled);
        lines.Append(" argv-mem=").Append(arguments);
        lines.Append(" multi-mem=").Append(session.Transaction.QueuedBytes);
        lines.Append(" rbs=").Append(output.ChunkBytes);
        lines.Append(" rbp=").Append(Math.Max(open, output.LastTurnBytes));
        lines.Append(" obl=").Append(open);
        lines.Append(" oll=").Append(OutputBuffer.CountChunks(waiting)).Append(" omem=").Append(waiting);
        lines.Append(" tot-mem=").Append(SessionMemory.Of(session));
        // What the client that asks is owed is the reply to this.
        lines.Append(" events=").Append(session.PendingBytes > 0 && !isSelf ? "rw" : "r");
    }

    private static string Text(byte[] bytes) => Encoding.Latin1.GetString(bytes);
}
