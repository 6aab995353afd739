using Galley.Resp.Protocol;
using Galley.Store.Types;

namespace Galley.Store.Commands;

/// <summary>PUBSUB: who listens to what.</summary>
internal static class PubSubCommands
{
    private const Flags Common = Flags.PubSub | Flags.Loading | Flags.Stale;

    [Command("PUBSUB|CHANNELS", "[pattern]", Group.PubSub, Common, Since = "2.8.0", Cost = "O(N) in the channels that have listeners",
        Summary = "Lists the channels that have listeners.")]
    public static void Channels(Execution x) => List(x, x.Server.PubSub.Channels);

    [Command("PUBSUB|NUMSUB", "[channel ...]", Group.PubSub, Common, Since = "2.8.0", Cost = "O(N) in the channels asked for",
        Summary = "Counts the listeners of channels, patterns aside.")]
    public static void NumSub(Execution x) => Count(x, x.Server.PubSub.Channels);

    [Command("PUBSUB|NUMPAT", "", Group.PubSub, Common, Since = "2.8.0", Cost = "O(1)",
        Summary = "Counts the patterns that have listeners.")]
    public static void NumPat(Execution x) => x.Reply.Integer(x.Server.PubSub.Patterns.Count);

    [Command("PUBSUB|SHARDCHANNELS", "[pattern]", Group.PubSub, Common, Since = "7.0.0",
        Cost = "O(N) in the shard channels that have listeners", Summary = "Lists the shard channels that have listeners.")]
    public static void ShardChannels(Execution x) => List(x, x.Server.PubSub.ShardChannels);

    [Command("PUBSUB|SHARDNUMSUB", "[shardchannel ...]", Group.PubSub, Common, Since = "7.0.0",
        Cost = "O(N) in the shard channels asked for", Summary = "Counts the listeners of shard channels.")]
    public static void ShardNumSub(Execution x) => Count(x, x.Server.PubSub.ShardChannels);

    [Command("PUBSUB|HELP", "", Group.PubSub, Flags.Loading | Flags.Stale, Since = "6.2.0", Cost = "O(1)",
        Summary = "Explains the subcommands.")]
    public static void Help(Execution x) => HelpReply.Write(x.Reply, "PUBSUB", """
        CHANNELS [<pattern>]
            Return the currently active channels matching a <pattern> (default: '*').
        NUMPAT
            Return number of subscriptions to patterns.
        NUMSUB [<channel> ...]
            Return the number of subscribers for the specified channels, excluding
            pattern subscriptions(default: no channels).
        SHARDCHANNELS [<pattern>]
            Return the currently active shard level channels matching a <pattern> (default: '*').
        SHARDNUMSUB [<shardchannel> ...]
            Return the number of subscribers for the specified shard level channel(s)
        """);

    private static void List(Execution x, ListenerTable table)
    {
        if (x.Args.Count > 3)
        {
            x.Reply.Error(Errors.SubcommandSyntax("PUBSUB", x.Args[1]));
            return;
        }
        Deferred start = x.Reply.BeginDeferred();
        int count = 0;
        foreach (byte[] name in table.Names)
        {
            if (x.Args.Count == 3 && !Glob.IsMatch(x.Args[2], name)) continue;
            x.Reply.Bulk(name);
            count++;
        }
        x.Reply.EndArray(start, count);
    }

    private static void Count(Execution x, ListenerTable table)
    {
        x.Reply.Array(2 * (x.Args.Count - 2));
        for (int i = 2; i < x.Args.Count; i++)
        {
            x.Reply.Bulk(x.Args[i]);
            x.Reply.Integer(table.ListenersOf(x.Args[i]));
        }
    }
}
