using Galley.Store.Keyspace;
using Galley.Store.Keyspace.Values;

namespace Galley.Store.Commands.Streams;

/// <summary>What commands on consumer groups ask of their arguments.</summary>
internal static class GroupArgument
{
    /// <summary>The argument is a stream with the group, which may be changed, or a reply says which is missing.</summary>
    public static bool TryEdit(Execution x, out Key key, out StreamGroup group)
    {
        group = default;
        if (!StreamArgument.TryWrite(x, 1, out key)) return false;
        if (StreamValue.TryEditGroup(ref key, x.Args[2], out group)) return true;
        x.Reply.Error($"NOGROUP No such key '{PrintedText.Of(x.Args[1])}' or consumer group '{PrintedText.Of(x.Args[2])}'");
        return false;
    }

    /// <summary>As <see cref="TryEdit"/>, to be read.</summary>
    public static bool TryRead(Execution x, out Key key, out StreamGroup group)
    {
        group = default;
        if (!StreamArgument.TryRead(x, 1, out key)) return false;
        if (StreamValue.TryFindGroup(in key, x.Args[2], out group)) return true;
        x.Reply.Error($"NOGROUP No such key '{PrintedText.Of(x.Args[1])}' or consumer group '{PrintedText.Of(x.Args[2])}'");
        return false;
    }

    /// <summary>Finds the consumer, or adds it and tells so.</summary>
    public static StreamConsumer GetOrAddConsumer(Execution x, in Key key, StreamGroup group, ReadOnlySpan<byte> name)
    {
        StreamConsumer consumer = group.GetOrAddConsumer(name, x.NowMs, out bool isNew);
        if (isNew)
        {
            x.ChangedBeside(in key, "xgroup-createconsumer"u8);
            x.Effect(5).Word("XGROUP"u8).Word("CREATECONSUMER"u8).Word(key.Name).Word(group.Name).Word(name);
        }
        consumer.See(x.NowMs);
        return consumer;
    }

    /// <summary>There is no such group, in the words of XGROUP and XINFO.</summary>
    public static void RefuseGroup(Execution x) =>
        x.Reply.Error($"NOGROUP No such consumer group '{PrintedText.Of(x.Args[3])}' for key name '{PrintedText.Of(x.Args[2])}'");
}
