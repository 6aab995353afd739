using Galley.Resp.Protocol;

namespace Galley.Store.Commands;

/// <summary>
/// SUBSCRIBE and its five sisters. Each name is answered by a push of its own: what happened, the name, and to how many
/// channels and patterns (or shard channels) the client listens now.
/// </summary>
internal static class Subscribe
{
    private const Flags Common = Flags.PubSub | Flags.NoScript | Flags.Loading | Flags.Stale | Flags.RunsWhileSubscribed;

    [Command("SUBSCRIBE", "channel [channel ...]", Group.PubSub, Common, Since = "2.0.0", Cost = "O(N) in the number of channels",
        Summary = "Listens to channels.")]
    public static void Channels(Execution x) => Join(x, x.Server.PubSub.Channels);

    [Command("PSUBSCRIBE", "(pattern)...", Group.PubSub, Common, Since = "2.0.0", Cost = "O(N) in the number of patterns",
        Summary = "Listens to all channels that match patterns.")]
    public static void Patterns(Execution x) => Join(x, x.Server.PubSub.Patterns);

    [Command("SSUBSCRIBE", "shardchannel [shardchannel ...]", Group.PubSub, Common, Since = "7.0.0", Keys = "NOT_KEY",
        Cost = "O(N) in the number of shard channels", Summary = "Listens to shard channels.")]
    public static void ShardChannels(Execution x)
    {
        if (x.Session.Transaction.IsRunning)
        {
            // The older two may, for the sake of clients that have always done so.
            x.Reply.Error("ERR SSUBSCRIBE isn't allowed for a DENY BLOCKING client"u8);
            return;
        }
        Join(x, x.Server.PubSub.ShardChannels);
    }

    [Command("UNSUBSCRIBE", "[channel ...]", Group.PubSub, Common, Since = "2.0.0",
        Cost = "O(N) in the number of channels", Summary = "Listens no longer to channels, or to none of them.")]
    public static void FromChannels(Execution x) => Leave(x, x.Server.PubSub.Channels);

    [Command("PUNSUBSCRIBE", "[pattern ...]", Group.PubSub, Common, Since = "2.0.0",
        Cost = "O(N) in the number of patterns", Summary = "Listens no longer by patterns, or by none of them.")]
    public static void FromPatterns(Execution x) => Leave(x, x.Server.PubSub.Patterns);

    [Command("SUNSUBSCRIBE", "[shardchannel ...]", Group.PubSub, Common, Since = "7.0.0", Keys = "NOT_KEY",
        Cost = "O(N) in the number of shard channels", Summary = "Listens no longer to shard channels, or to none of them.")]
    public static void FromShardChannels(Execution x) => Leave(x, x.Server.PubSub.ShardChannels);

    private static void Join(Execution x, ListenerTable table)
    {
        for (int i = 1; i < x.Args.Count; i++)
        {
            table.Add(x.Session, x.Args[i]);
            Tell(x, table, table.JoinWord, x.Args[i]);
        }
    }

    private static void Leave(Execution x, ListenerTable table)
    {
        if (x.Args.Count == 1)
        {
            LeaveAll(x, table);
            return;
        }
        for (int i = 1; i < x.Args.Count; i++)
        {
            table.Remove(x.Session, x.Args[i]);
            Tell(x, table, table.LeaveWord, x.Args[i]);
        }
    }

    private static void LeaveAll(Execution x, ListenerTable table)
    {
        if (table.OwnOf(x.Session) is not { Count: > 0 } places)
        {
            RespWriter reply = Begin(x, table.LeaveWord);
            reply.Null();
            reply.Integer(x.Server.PubSub.CountToTell(x.Session, table));
            return;
        }
        foreach (byte[] name in places.Keys.ToArray())
        {
            table.Remove(x.Session, name);
            Tell(x, table, table.LeaveWord, name);
        }
    }

    private static void Tell(Execution x, ListenerTable table, byte[] word, ReadOnlySpan<byte> name)
    {
        RespWriter reply = Begin(x, word);
        reply.Bulk(name);
        reply.Integer(x.Server.PubSub.CountToTell(x.Session, table));
    }

    private static RespWriter Begin(Execution x, byte[] word)
    {
        RespWriter reply = x.Session.PushWriter;
        reply.Push(3);
        reply.Bulk(word);
        return reply;
    }
}
