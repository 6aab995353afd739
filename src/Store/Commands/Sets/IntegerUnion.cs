using Galley.Resp.Protocol;
using Galley.Store.Keyspace;
using Galley.Store.Keyspace.Values;

namespace Galley.Store.Commands.Sets;

/// <summary>
/// The union of sets of integers, in their order, as redis-server replies with it: as long as there are not too many for it
/// to be a set of integers itself.
/// </summary>
/// <param name="countMax">How many there may be.</param>
internal struct IntegerUnion(long countMax)
{
    private List<long> _integers = [];
    private List<long> _merged = [];

    /// <summary>Unites the inputs; false where one is no set of integers in its order, or there are too many.</summary>
    public bool TryUnite(Execution x, ReadOnlySpan<SetInput> inputs)
    {
        foreach (SetInput input in inputs)
            if (input.Count > 0 && !input.IsOrdered) return false;
        foreach (SetInput input in inputs)
        {
            if (input.Count == 0) continue;
            Key key = x.Peek(input.Argument);
            if (!TryMerge(new SetBatch(in key))) return false;
        }
        return true;
    }

    public readonly void Send(RespWriter reply)
    {
        reply.Set(_integers.Count);
        foreach (long integer in _integers) reply.BulkInteger(integer);
    }

    /// <summary>Both are in order, and the set of integers is one batch.</summary>
    private bool TryMerge(SetBatch set)
    {
        set.TryNext();
        if (set.Count > countMax) return false;
        _merged.Clear();
        int at = 0;
        for (int i = 0; i < set.Count; i++)
        {
            long integer = set[i].Integer;
            while (at < _integers.Count && _integers[at] < integer) _merged.Add(_integers[at++]);
            if (at < _integers.Count && _integers[at] == integer) at++;
            _merged.Add(integer);
        }
        _merged.AddRange(_integers[at..]);
        (_integers, _merged) = (_merged, _integers);
        return _integers.Count <= countMax;
    }
}
