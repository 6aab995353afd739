using Galley.Store.Types;

namespace Galley.Store.Commands;

internal static class Publish
{
    private const Flags Common = Flags.PubSub | Flags.Loading | Flags.Stale | Flags.Fast | Flags.MayReplicate;

    [Command("PUBLISH", "channel message", Group.PubSub, Common, Since = "2.0.0",
        Cost = "O(N + M) in the listeners of the channel and in all patterns",
        Summary = "Sends a message to those who listen to a channel, and counts them.")]
    public static void Run(Execution x)
    {
        if (MayPublish(x)) x.Reply.Integer(x.Server.PubSub.Publish(x.Args[1], x.Args[2]));
    }

    [Command("SPUBLISH", "shardchannel message", Group.PubSub, Common, Since = "7.0.0", Keys = "NOT_KEY",
        Cost = "O(N) in the listeners of the shard channel",
        Summary = "Sends a message to those who listen to a shard channel, and counts them.")]
    public static void ToShard(Execution x)
    {
        if (MayPublish(x)) x.Reply.Integer(x.Server.PubSub.PublishToShard(x.Args[1], x.Args[2]));
    }

    /// <summary>The client, or the one for whom a script runs, may publish to the channel; or an error is replied.</summary>
    private static bool MayPublish(Execution x)
    {
        if ((x.Session.Caller ?? x.Session).Channels is not { } granted) return true;
        foreach (byte[] pattern in granted)
            if (Glob.IsMatch(pattern, x.Args[1])) return true;
        x.Reply.Error(Errors.NoChannel);
        return false;
    }
}
