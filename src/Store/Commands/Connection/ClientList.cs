using System.Text;

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
        bool isListed = x.Args.Count > 3 && x.Is(2, "ID"u8) ? TryAppendById(lines, x) : TryAppendFiltered(lines, x);
        if (isListed) x.Reply.Verbatim(Encoding.Latin1.GetBytes(lines.ToString()));
    }

    [Command("CLIENT|INFO", "", Group.Connection, Flags.NoScript | Flags.Loading | Flags.Stale, Since = "6.2.0", Cost = "O(1)",
        Tips = "nondeterministic_output", Summary = "Describes the client itself.")]
    public static void Info(Execution x)
    {
        var line = new StringBuilder();
        ClientLine.Append(line, x.Session, x);
        x.Reply.Verbatim(Encoding.Latin1.GetBytes(line.ToString()));
    }

    /// <summary>The ids are the rest of the command; who is not there any more has no line.</summary>
    private static bool TryAppendById(StringBuilder lines, Execution x)
    {
        for (int i = 3; i < x.Args.Count; i++)
        {
            if (!x.TryInteger(i, out long id, "ERR Invalid client ID"u8)) return false;
            if (x.Server.Sessions.Find(id) is { } session && IsShown(session)) ClientLine.Append(lines, session, x);
        }
        return true;
    }

    private static bool TryAppendFiltered(StringBuilder lines, Execution x)
    {
        var filter = new ClientFilter(x);
        if (!filter.TryRead(from: 2)) return false;
        foreach (Session session in x.Server.Sessions.All)
            if (IsShown(session) && filter.Accepts(session)) ClientLine.Append(lines, session, x);
        return true;
    }

    private static bool IsShown(Session session) =>
        session is { Kind: not SessionKind.Internal, IsKilled: false, Connection: null or { IsClosing: false } };
}
