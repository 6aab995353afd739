using Galley.Resp.Protocol;

namespace Galley.Store.Commands;

/// <summary>HELLO: the client says which protocol it speaks and who it is, the server what it is.</summary>
internal static class Hello
{
    [Command("HELLO", "[protover:integer [AUTH username password] [SETNAME clientname]]", Group.Connection,
        Flags.NoScript | Flags.Loading | Flags.Stale | Flags.Fast | Flags.NoAuth | Flags.AllowBusy, Since = "6.0.0", Cost = "O(1)",
        Summary = "Greets the server, and chooses the version of the protocol.")]
    public static void Run(Execution x)
    {
        RespVersion version = x.Reply.Version;
        if (x.Args.Count > 1 && !TryReadVersion(x, out version)) return;
        if (!TryReadOptions(x)) return;
        if (!x.Session.IsAuthenticated)
        {
            x.Reply.Error("NOAUTH HELLO must be called with the client already authenticated, otherwise the HELLO AUTH <user> "u8
                + "<pass> option can be used to authenticate the client and select the RESP protocol version at the same time"u8);
            return;
        }
        x.Reply.Version = version;
        WriteServer(x);
    }

    private static bool TryReadVersion(Execution x, out RespVersion version)
    {
        version = default;
        if (!x.TryInteger(1, out long number, "ERR Protocol version is not an integer or out of range"u8)) return false;
        version = (RespVersion)number;
        if (number is >= (int)RespVersion.Resp2 and <= (int)RespVersion.Resp3) return true;
        x.Reply.Error("NOPROTO unsupported protocol version"u8);
        return false;
    }

    /// <summary>
    /// Each option takes effect where it stands, as in redis-server: a name stays though the password after it is wrong.
    /// </summary>
    private static bool TryReadOptions(Execution x)
    {
        for (int i = 2; i < x.Args.Count; i++)
        {
            int following = x.Args.Count - 1 - i;
            if (following >= 2 && x.Is(i, "AUTH"u8))
            {
                if (!TryAuthenticate(x, i + 1)) return false;
                i += 2;
            }
            else if (following >= 1 && x.Is(i, "SETNAME"u8))
            {
                if (!ClientCommands.TrySetName(x, ++i)) return false;
            }
            else
            {
                x.Reply.Error($"ERR Syntax error in HELLO option '{PrintedText.Of(x.Args[i])}'");
                return false;
            }
        }
        return true;
    }

    /// <summary>Takes a user's name and password, or replies that they are wrong.</summary>
    private static bool TryAuthenticate(Execution x, int argument)
    {
        x.Redact(argument);
        x.Redact(argument + 1);
        bool isRight = Authentication.TryAuthenticate(x.Server, x.Session, x.Args[argument], x.Args[argument + 1]);
        if (!isRight) x.Reply.Error(Errors.WrongPassword);
        return isRight;
    }

    private static void WriteServer(Execution x)
    {
        RespWriter reply = x.Reply;
        reply.Map(7);
        reply.Bulk("server"u8);
        reply.Bulk("redis"u8);
        reply.Bulk("version"u8);
        reply.Bulk(ServerVersion.Redis);
        reply.Bulk("proto"u8);
        reply.Integer((int)reply.Version);
        reply.Bulk("id"u8);
        reply.Integer(x.Session.Id);
        reply.Bulk("mode"u8);
        reply.Bulk("standalone"u8);
        reply.Bulk("role"u8);
        reply.Bulk("master"u8);
        reply.Bulk("modules"u8);
        reply.Array(0);
    }
}
