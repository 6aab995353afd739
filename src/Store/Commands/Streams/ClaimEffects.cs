using Galley.Store.Keyspace;
using Galley.Store.Keyspace.Values;
using Galley.Store.Types;

namespace Galley.Store.Commands.Streams;

/// <summary>What reading from groups and claiming leave in the log.</summary>
internal static class ClaimEffects
{
    public static void Given(
        Execution x, in Key key, StreamGroup group, StreamConsumer consumer, StreamId id, long deliveredAtMs, long count) =>
        x.Effect(12).Word("XCLAIM"u8).Word(key.Name).Word(group.Name).Word(consumer.Name).Word(0).Word(id)
            .Word("TIME"u8).Word(deliveredAtMs).Word("RETRYCOUNT"u8).Word(count).Word("FORCE"u8).Word("JUSTID"u8);

    /// <summary>Where the group reads on.</summary>
    public static void Position(Execution x, in Key key, StreamGroup group)
    {
        long read = group.Head.EntriesRead;
        EffectWriter effect = x.Effect(read >= 0 ? 7 : 5).Word("XGROUP"u8).Word("SETID"u8).Word(key.Name).Word(group.Name).Word(group.Head.LastDelivered);
        if (read >= 0) effect.Word("ENTRIESREAD"u8).Word(read);
    }
}
