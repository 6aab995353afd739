using Galley.Resp.Protocol;

namespace Galley.Store.Commands;

internal static class Ping
{
    [Command("PING", "[message]", Group.Connection, Flags.Fast | Flags.RunsWhileSubscribed, Since = "1.0.0", Cost = "O(1)",
        Tips = "request_policy:all_shards, response_policy:all_succeeded", Summary = "Answers that the server is there.")]
    public static void Run(Execution x)
    {
        if (x.Args.Count > 2)
        {
            x.Reply.Error(Errors.WrongArity(x.CommandName));
            return;
        }
        bool hasMessage = x.Args.Count == 2;
        if (x.Session.HearsAmongReplies)
        {
            // A RESP2 client that is subscribed takes every reply for a message, so this one has the form of a message.
            x.Reply.Array(2);
            x.Reply.Bulk("pong"u8);
            x.Reply.Bulk(hasMessage ? x.Args[1] : default);
            return;
        }
        if (hasMessage) x.Reply.Bulk(x.Args[1]);
        else x.Reply.Simple("PONG"u8);
    }

    [Command("ECHO", "message", Group.Connection, Flags.Loading | Flags.Stale | Flags.Fast, Since = "1.0.0", Cost = "O(1)",
        Summary = "Answers with the message.")]
    public static void Echo(Execution x) => x.Reply.Bulk(x.Args[1]);
}
