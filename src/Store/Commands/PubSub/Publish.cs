namespace Galley.Store.Commands;

internal static class Publish
{
    [Command("PUBLISH", "channel message", Group.PubSub, Flags.PubSub | Flags.Loading | Flags.Stale | Flags.Fast | Flags.MayReplicate, Since = "2.0.0",
        Cost = "O(N + M) in the listeners of the channel and in all patterns",
        Summary = "Sends a message to those who listen to a channel, and counts them.")]
    public static void Run(Execution x) => x.Reply.Integer(x.Server.PubSub.Publish(x.Args[1], x.Args[2]));
}
