using System.Text;

namespace Galley.Store.Commands;

/// <summary>CLIENT KILL, with an address alone, or with filters that a client must all pass.</summary>
internal static class ClientKill
{
    [Command("CLIENT|KILL", "(address | (ID client-id:integer | TYPE (NORMAL | MASTER | SLAVE | REPLICA | PUBSUB) | USER username "
        + "| ADDR address | LADDR address | SKIPME yes-no | MAXAGE maxage:integer)...)", Group.Connection,
        Flags.Admin | Flags.NoScript | Flags.Loading | Flags.Stale, Since = "2.4.0", Cost = "O(N) in the number of clients",
        Summary = "Closes the connections of clients.")]
    public static void Kill(Execution x)
    {
        bool byAddressAlone = x.Args.Count == 3;
        var filter = new Filter();
        if (byAddressAlone) filter = new Filter { Address = Encoding.Latin1.GetString(x.Args[2]), SkipsSelf = false };
        else if (!TryReadFilter(x, ref filter)) return;

        int killed = 0;
        foreach (Session session in x.Server.Sessions.All)
        {
            if (session.Connection is null or { IsClosing: true } || !filter.Accepts(session, x.Session, x.NowMs)) continue;
            killed++;
            Close(session, x.Session);
            if (byAddressAlone) break;
        }
        if (!byAddressAlone) x.Reply.Integer(killed);
        else if (killed > 0) x.Reply.Ok();
        else x.Reply.Error("ERR No such client"u8);
    }

    /// <summary>Whoever kills itself still gets the reply.</summary>
    private static void Close(Session session, Session self)
    {
        if (session == self) session.Connection!.CloseAfterReply = true;
        else session.Connection!.Abort();
    }

    private static bool TryReadFilter(Execution x, ref Filter filter)
    {
        for (int i = 2; i < x.Args.Count; i += 2)
        {
            if (i + 1 == x.Args.Count)
            {
                x.Reply.Error(Errors.Syntax);
                return false;
            }
            if (!TryReadOption(x, i, ref filter)) return false;
        }
        return true;
    }

    private static bool TryReadOption(Execution x, int i, ref Filter filter)
    {
        string value = Encoding.Latin1.GetString(x.Args[i + 1]);
        if (x.Is(i, "ID"u8)) return TryReadPositive(x, i + 1, "client-id", "client-id should be greater than 0", out filter.Id);
        if (x.Is(i, "MAXAGE"u8))
            return TryReadPositive(x, i + 1, "maxage", "maxage is not an integer or out of range", out filter.AgeSecondsMin);
        if (x.Is(i, "TYPE"u8))
        {
            filter.HasType = true;
            return ClientType.TryParse(x, i + 1, out filter.Type);
        }
        if (x.Is(i, "ADDR"u8)) filter.Address = value;
        else if (x.Is(i, "LADDR"u8)) filter.LocalAddress = value;
        else if (x.Is(i, "USER"u8)) return TryReadUser(x, value, ref filter);
        else if (x.Is(i, "SKIPME"u8) && x.Is(i + 1, "YES"u8)) filter.SkipsSelf = true;
        else if (x.Is(i, "SKIPME"u8) && x.Is(i + 1, "NO"u8)) filter.SkipsSelf = false;
        else return Refuse(x, Encoding.ASCII.GetString(Errors.Syntax));
        return true;
    }

    private static bool TryReadPositive(Execution x, int argument, string name, string errorWhenNone, out long value)
    {
        if (!x.TryInteger(argument, out value, Encoding.ASCII.GetBytes("ERR " + errorWhenNone))) return false;
        return value > 0 || Refuse(x, $"ERR {name} should be greater than 0");
    }

    private static bool TryReadUser(Execution x, string name, ref Filter filter)
    {
        filter.UserName = name;
        return name == Authentication.DefaultUser || Refuse(x, $"ERR No such user '{name}'");
    }

    private static bool Refuse(Execution x, string error)
    {
        x.Reply.Error(error);
        return false;
    }

    /// <summary>What a client must be to be killed.</summary>
    private struct Filter()
    {
        public long Id;
        public long AgeSecondsMin;
        public string? Address;
        public string? LocalAddress;
        public string? UserName;
        public bool HasType;
        public ClientType.Kind Type;
        public bool SkipsSelf = true;

        public readonly bool Accepts(Session session, Session self, long nowMs) =>
            (Id == 0 || session.Id == Id)
            && (AgeSecondsMin == 0 || (nowMs - session.CreatedMs) / 1000 >= AgeSecondsMin)
            && (Address is null || session.RemoteAddress == Address)
            && (LocalAddress is null || session.Connection?.LocalAddress == LocalAddress)
            && (UserName is null || (session.IsAuthenticated && session.UserName == UserName))
            && (!HasType || ClientType.Of(session) == Type)
            && (!SkipsSelf || session != self);
    }
}
