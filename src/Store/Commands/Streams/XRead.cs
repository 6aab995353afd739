using Galley.Resp.Protocol;
using Galley.Store.Keyspace;
using Galley.Store.Keyspace.Values;
using Galley.Store.Types;

namespace Galley.Store.Commands.Streams;

/// <summary>XREAD: what came to streams behind an entry that the client knows, or the wait for it.</summary>
internal static class XRead
{
    [Command("XREAD", "[COUNT count:integer] [BLOCK milliseconds:integer] [MAXCOUNT maxcount:integer] [MAXSIZE maxsize:integer] (STREAMS key... id...)",
        Group.Stream, Flags.ReadOnly | Flags.Blocking, Since = "5.0.0", Cost = "O(log N + M) for each stream with M entries to reply",
        Summary = "Gives the entries of streams that came after those known, or waits for one.")]
    public static void Read(Execution x)
    {
        if (!ReadQuery.TryRead(x, isOfGroup: false, out ReadQuery query)) return;
        Span<StreamId> after = query.KeyCount <= XDel.IdsOnStackMax ? stackalloc StreamId[query.KeyCount] : new StreamId[query.KeyCount];
        bool knowsEnds = true;
        for (int i = 0; i < query.KeyCount; i++)
            if (!TryReadId(x, in query, i, out after[i], ref knowsEnds)) return;

        var reply = new StreamsReply(x.Reply);
        var budget = new ReadBudget(query.CountOfAll, query.BytesOfAll);
        for (int i = 0; i < query.KeyCount && !budget.IsSpent; i++)
        {
            if (x.IsRetry && query.FirstKey + i != x.ReadyKey) continue;
            Key key = x.Peek(query.FirstKey + i);
            if (!key.Exists || key.Type != KeyType.Stream || !after[i].TryNext(out StreamId from)) continue;
            StreamWalk walk = StreamValue.Walk(in key, from, StreamId.Max);
            SendTo(x.Reply, ref reply, key.Name, ref walk, query.Count, ref budget);
        }
        if (reply.TryEnd()) return;
        if (query.TimeoutMs < 0) x.Reply.NullArray();
        else x.Block(new BlockingTerms
        {
            FirstKey = query.FirstKey,
            KeyCount = query.KeyCount,
            Type = KeyType.Stream,
            TimeoutMs = query.TimeoutMs,
            TimeoutReply = static x => x.Reply.NullArray(),
            Retry = knowsEnds ? null : WithIds(x, in query, after),
        });
    }

    private static void SendTo(
        RespWriter writer, ref StreamsReply reply, ReadOnlySpan<byte> key, ref StreamWalk walk, long count, ref ReadBudget budget)
    {
        if (!walk.TryNext(out StreamEntry entry) || !budget.Allows(in entry)) return;
        reply.Begin(key);
        Deferred start = writer.BeginDeferred();
        int sent = 0;
        do
        {
            StreamReply.Entry(writer, in entry);
            budget.Take(in entry);
            sent++;
        }
        while ((count == 0 || sent < count) && walk.TryNext(out entry) && budget.Allows(in entry));
        writer.EndArray(start, sent);
    }

    /// <summary>The identifier behind which a stream is read; $ is its last one, + the one before its last entry.</summary>
    private static bool TryReadId(Execution x, in ReadQuery query, int index, out StreamId id, ref bool knowsEnds)
    {
        int argument = query.FirstKey + query.KeyCount + index;
        id = default;
        Key key = x.Read(query.FirstKey + index);
        if (!key.IsAbsentOr(KeyType.Stream))
        {
            // Who waits is not woken by what is no stream.
            if (x.IsRetry) return true;
            x.Reply.Error(Errors.WrongType);
            return false;
        }
        switch (x.Args[argument])
        {
            case [(byte)'$']:
                knowsEnds = false;
                if (key.Exists) id = StreamValue.Head(in key).LastId;
                return true;
            case [(byte)'+']:
                knowsEnds = false;
                id = key.Exists ? BeforeLast(in key) : default;
                return true;
            case [(byte)'>']:
                x.Reply.Error("ERR The > ID can be specified only when calling XREADGROUP using the GROUP <group> <consumer> option."u8);
                return false;
            default:
                return StreamArgument.TryId(x, argument, out id);
        }
    }

    private static StreamId BeforeLast(in Key key)
    {
        StreamWalk walk = StreamValue.Walk(in key, StreamId.Min, StreamId.Max, isBackward: true);
        if (!walk.TryNext(out StreamEntry last)) return StreamValue.Head(in key).LastId;
        last.Id.TryPrevious(out StreamId before);
        return before;
    }

    /// <summary>The words of the command with the identifiers that were found.</summary>
    private static Arguments WithIds(Execution x, in ReadQuery query, ReadOnlySpan<StreamId> ids)
    {
        var words = new byte[x.Args.Count][];
        int firstId = query.FirstKey + query.KeyCount;
        for (int i = 0; i < words.Length; i++)
            words[i] = i < firstId ? x.Args[i].ToArray() : System.Text.Encoding.ASCII.GetBytes(ids[i - firstId].ToString());
        return Arguments.Of(words);
    }
}

/// <summary>The reply of XREAD and XREADGROUP: a map of streams, begun when the first of them has something.</summary>
internal struct StreamsReply(RespWriter reply)
{
    private readonly RespWriter _reply = reply;
    private Deferred _start;
    private int _count;

    /// <summary>Begins with a stream, whose entries follow.</summary>
    public void Begin(ReadOnlySpan<byte> key)
    {
        if (_count++ == 0) _start = _reply.BeginDeferred();
        if (_reply.Version == RespVersion.Resp2) _reply.Array(2);
        _reply.Bulk(key);
    }

    /// <summary>Ends it; false, with nothing replied, if no stream had anything.</summary>
    public readonly bool TryEnd()
    {
        if (_count == 0) return false;
        if (_reply.Version == RespVersion.Resp2) _reply.EndArray(_start, _count);
        else _reply.EndMap(_start, _count);
        return true;
    }
}
