using Galley.Resp.Protocol;
using Galley.Store.Keyspace.Values;
using Galley.Store.Types;

namespace Galley.Store.Commands.Streams;

/// <summary>How identifiers and entries look in replies.</summary>
internal static class StreamReply
{
    public static void Id(RespWriter reply, StreamId id)
    {
        Span<byte> text = stackalloc byte[StreamId.TextBytesMax];
        reply.Bulk(text[..id.Format(text)]);
    }

    /// <summary>The identifier, and a flat array of fields and values.</summary>
    public static void Entry(RespWriter reply, in StreamEntry entry)
    {
        reply.Array(2);
        Id(reply, entry.Id);
        Fields(reply, in entry);
    }

    public static void Fields(RespWriter reply, in StreamEntry entry)
    {
        reply.Array(entry.FieldCount * 2);
        StreamFields fields = entry.Fields;
        while (fields.TryNext(out ListPackElement name, out ListPackElement value))
        {
            name.SendTo(reply);
            value.SendTo(reply);
        }
    }

    /// <summary>The entries of a walk, as many as are asked for (0: all), as an array.</summary>
    public static void Entries(RespWriter reply, ref StreamWalk walk, long count)
    {
        Deferred start = reply.BeginDeferred();
        int sent = 0;
        while ((count == 0 || sent < count) && walk.TryNext(out StreamEntry entry))
        {
            Entry(reply, in entry);
            sent++;
        }
        reply.EndArray(start, sent);
    }

    /// <summary>Puts an identifier among the words of an effect.</summary>
    public static EffectWriter Word(this EffectWriter effect, StreamId id)
    {
        Span<byte> text = stackalloc byte[StreamId.TextBytesMax];
        return effect.Word(text[..id.Format(text)]);
    }
}
