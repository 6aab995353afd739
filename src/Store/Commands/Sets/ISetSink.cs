using Galley.Resp.Protocol;
using Galley.Store.Keyspace.Values;

namespace Galley.Store.Commands.Sets;

/// <summary>Where the members of a result go, a batch at a time.</summary>
internal interface ISetSink
{
    /// <summary>Takes the members of the batch, none of which it has met before; false when it wants no more.</summary>
    bool Take(in SetBatch batch);
}

/// <summary>Replies with them.</summary>
internal struct ReplySink(RespWriter reply) : ISetSink
{
    public int Count { get; private set; }

    public bool Take(in SetBatch batch)
    {
        for (int i = 0; i < batch.Count; i++) batch[i].SendTo(reply);
        Count += batch.Count;
        return true;
    }
}

/// <summary>Counts them, up to a limit (0: none).</summary>
internal struct CountSink(long limit) : ISetSink
{
    private long _count;

    public readonly long Count => limit > 0 ? Math.Min(_count, limit) : _count;

    public bool Take(in SetBatch batch)
    {
        _count += batch.Count;
        return limit == 0 || _count < limit;
    }
}

/// <summary>Puts them into a draft.</summary>
internal readonly struct DraftSink(SetDraft draft) : ISetSink
{
    public bool Take(in SetBatch batch)
    {
        for (int i = 0; i < batch.Count; i++) draft.Add(batch[i]);
        return true;
    }
}
