using System.Text;
using Galley.Store.Commands;

namespace Galley.Store.Engine;

/// <summary>Says that a command will not run. A refused EXEC gives its transaction up, and says so in redis-server's words.</summary>
internal static class Refusal
{
    private const string GeneralCode = "ERR ";

    public static void Reply(Session session, ServerContext server, CommandInfo command, ReadOnlySpan<byte> error)
    {
        if (command.Name == "EXEC") AbortTransaction(session, server, Encoding.Latin1.GetString(error));
        else session.Reply.Error(error);
    }

    public static void Reply(Session session, ServerContext server, CommandInfo command, string error)
    {
        if (command.Name == "EXEC") AbortTransaction(session, server, error);
        else session.Reply.Error(error);
    }

    private static void AbortTransaction(Session session, ServerContext server, string error)
    {
        string reason = error.StartsWith(GeneralCode, StringComparison.Ordinal) ? error[GeneralCode.Length..] : error;
        session.Transaction.Close();
        session.Transaction.Unwatch(server.Watches, session);
        session.Reply.Error("EXECABORT Transaction discarded because of: " + reason);
    }
}
