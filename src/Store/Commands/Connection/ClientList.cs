using System.Text;
using Galley.Resp.Protocol;

namespace Galley.Store.Commands;

/// <summary>CLIENT LIST and INFO: a line for each client.</summary>
internal static class ClientList
{
    [Command("CLIENT|LIST", "[TYPE (NORMAL | MASTER | REPLICA | PUBSUB)] [ID client-id:integer [client-id:integer ...]]",
        Group.Connection, Flags.Admin | Flags.NoScript | Flags.Loading | Flags.Stale, Since = "2.4.0",
        Cost = "O(N) in the number of clients", Tips = "nondeterministic_output", Summary = "Describes the clients.")]
    public static void List(Execution x)
    {
        var lines = new StringBuilder();
        if (x.Args.Count == 2)
        {
            foreach (Session session in x.Server.Sessions.All) AppendLine(lines, session, x);
        }
        else if (x.Args.Count == 4 && x.Is(2, "TYPE"u8))
        {
            if (!ClientType.TryParse(x, 3, out ClientType.Kind kind)) return;
            foreach (Session session in x.Server.Sessions.All)
                if (ClientType.Of(session) == kind) AppendLine(lines, session, x);
        }
        else if (x.Args.Count > 3 && x.Is(2, "ID"u8))
        {
            for (int i = 3; i < x.Args.Count; i++)
            {
                if (!x.TryInteger(i, out long id, "ERR Invalid client ID"u8)) return;
                if (x.Server.Sessions.Find(id) is { } session) AppendLine(lines, session, x);
            }
        }
        else
        {
            x.Reply.Error(Errors.Syntax);
            return;
        }
        x.Reply.Verbatim(Encoding.Latin1.GetBytes(lines.ToString()));
    }

    [Command("CLIENT|INFO", "", Group.Connection, Flags.NoScript | Flags.Loading | Flags.Stale, Since = "6.2.0", Cost = "O(1)",
        Tips = "nondeterministic_output", Summary = "Describes the client itself.")]
    public static void Info(Execution x)
    {
        var line = new StringBuilder();
        AppendLine(line, x.Session, x);
        x.Reply.Verbatim(Encoding.Latin1.GetBytes(line.ToString()));
    }

    private static void AppendLine(StringBuilder lines, Session session, Execution x)
    {
        if (session.Kind == SessionKind.Internal || session.Connection is { IsClosing: true }) return;
        Transaction transaction = session.Transaction;
        int waiting = session.Connection?.Reader.PendingBytes ?? 0;
        long pending = session.Connection?.Output.PendingBytes ?? 0;
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
        lines.Append(" ssub=0");
        lines.Append(" multi=").Append(transaction.IsOpen ? transaction.QueuedCount : -1);
        lines.Append(" qbuf=").Append(waiting);
        lines.Append(" qbuf-free=0 argv-mem=0");
        lines.Append(" multi-mem=").Append(transaction.QueuedBytes);
        lines.Append(" rbs=0 rbp=0");
        lines.Append(" obl=").Append(pending);
        lines.Append(" oll=0 omem=0");
        lines.Append(" tot-mem=").Append(waiting + transaction.QueuedBytes + pending);
        // What the client that asks is owed is the reply to this.
        lines.Append(" events=").Append(pending > 0 && session != x.Session ? "rw" : "r");
        lines.Append(" cmd=").Append(session.LastCommand);
        lines.Append(" user=").Append(session.UserName);
        lines.Append(" redir=-1 resp=").Append((int)session.Reply.Version);
        lines.Append(" lib-name=").Append(Text(session.LibraryName));
        lines.Append(" lib-ver=").Append(Text(session.LibraryVersion));
        lines.Append('\n');
    }

    private static string FlagsOf(Session session)
    {
        var flags = new StringBuilder();
        if (session.IsSubscribed) flags.Append('P');
        if (session.Transaction.IsOpen) flags.Append('x');
        if (session.Transaction.IsStale) flags.Append('d');
        if (session.Connection is { CloseAfterReply: true }) flags.Append('c');
        if (session.Connection is { IsUnixSocket: true }) flags.Append('U');
        if (session.IsSparedFromEviction) flags.Append('e');
        if (session.LeavesKeysUntouched) flags.Append('T');
        return flags.Length == 0 ? "N" : flags.ToString();
    }

    private static string Text(byte[] bytes) => Encoding.Latin1.GetString(bytes);
}
