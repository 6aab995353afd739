using Galley.Resp.Protocol;

namespace Galley.Store.Commands;

/// <summary>
/// SUBSCRIBE and its three sisters. Each channel named is answered by a push of its own: what happened, the channel, and
/// to how many channels and patterns the client listens now.
/// </summary>
internal static class Subscribe
{
    private const Flags Common = Flags.PubSub | Flags.NoScript | Flags.Loading | Flags.Stale | Flags.RunsWhileSubscribed;

    [Command("SUBSCRIBE", "channel [channel ...]", Group.PubSub, Common, Since = "2.0.0", Cost = "O(N) in the number of channels",
        Summary = "Listens to channels.")]
    public static void Channels(Execution x)
    {
        for (int i = 1; i < x.Args.Count; i++)
        {
            x.Server.PubSub.Subscribe(x.Session, x.Args[i]);
            Tell(x, "subscribe"u8, x.Args[i]);
        }
    }

    [Command("PSUBSCRIBE", "(pattern)...", Group.PubSub, Common, Since = "2.0.0", Cost = "O(N) in the number of patterns",
        Summary = "Listens to all channels that match patterns.")]
    public static void Patterns(Execution x)
    {
        for (int i = 1; i < x.Args.Count; i++)
        {
            x.Server.PubSub.SubscribePattern(x.Session, x.Args[i]);
            Tell(x, "psubscribe"u8, x.Args[i]);
        }
    }

    [Command("UNSUBSCRIBE", "[channel ...]", Group.PubSub, Common, Since = "2.0.0",
        Cost = "O(N) in the number of channels", Summary = "Listens no longer to channels, or to none of them.")]
    public static void FromChannels(Execution x)
    {
        if (x.Args.Count == 1)
        {
            FromAll(x, x.Session.Subscriptions?.Channels, "unsubscribe"u8);
            return;
        }
        for (int i = 1; i < x.Args.Count; i++)
        {
            x.Server.PubSub.Unsubscribe(x.Session, x.Args[i]);
            Tell(x, "unsubscribe"u8, x.Args[i]);
        }
    }

    [Command("PUNSUBSCRIBE", "[pattern ...]", Group.PubSub, Common, Since = "2.0.0",
        Cost = "O(N) in the number of patterns", Summary = "Listens no longer by patterns, or by none of them.")]
    public static void FromPatterns(Execution x)
    {
        if (x.Args.Count == 1)
        {
            FromAll(x, x.Session.Subscriptions?.Patterns, "punsubscribe"u8);
            return;
        }
        for (int i = 1; i < x.Args.Count; i++)
        {
            x.Server.PubSub.UnsubscribePattern(x.Session, x.Args[i]);
            Tell(x, "punsubscribe"u8, x.Args[i]);
        }
    }

    private static void FromAll(Execution x, HashSet<byte[]>? names, ReadOnlySpan<byte> what)
    {
        if (names is null or { Count: 0 })
        {
            RespWriter writer = x.Session.PushWriter;
            writer.Push(3);
            writer.Bulk(what);
            writer.Null();
            writer.Integer(x.Session.Subscriptions?.Count ?? 0);
            return;
        }
        bool areChannels = ReferenceEquals(names, x.Session.Subscriptions!.Channels);
        foreach (byte[] name in names.ToArray())
        {
            if (areChannels) x.Server.PubSub.Unsubscribe(x.Session, name);
            else x.Server.PubSub.UnsubscribePattern(x.Session, name);
            Tell(x, what, name);
        }
    }

    private static void Tell(Execution x, ReadOnlySpan<byte> what, ReadOnlySpan<byte> name)
    {
        RespWriter reply = x.Session.PushWriter;
        reply.Push(3);
        reply.Bulk(what);
        reply.Bulk(name);
        reply.Integer(x.Session.Subscriptions?.Count ?? 0);
    }
}
