namespace Galley.Store.Keyspace.Eviction;

/// <summary>
/// The best candidates that samples have met so far, the best last. As redis-server's it holds 16 and lives on from one
/// eviction to the next, which makes samples of five as good as far larger ones. It keeps no name and nothing of a key.
/// </summary>
internal sealed class EvictionPool
{
    public const int CandidatesMax = 16;

    private readonly Candidate[] _candidates = new Candidate[CandidatesMax];

    public int Count { get; private set; }

    /// <summary>The score of the best candidate; 0 where there is none.</summary>
    public ulong BestScore => Count == 0 ? 0 : _candidates[Count - 1].Score;

    /// <summary>A candidate with this score would be kept.</summary>
    public bool Wants(ulong score) => Count < CandidatesMax || score > _candidates[0].Score;

    /// <summary>Keeps a candidate if it is good enough; one that is there already is ranked anew.</summary>
    public void Offer(in Candidate candidate)
    {
        Forget(in candidate);
        if (!Wants(candidate.Score)) return;
        if (Count == CandidatesMax) RemoveAt(0);
        int at = 0;
        while (at < Count && _candidates[at].Score < candidate.Score) at++;
        _candidates.AsSpan(at, Count - at).CopyTo(_candidates.AsSpan(at + 1));
        _candidates[at] = candidate;
        Count++;
    }

    /// <summary>Takes the best candidate out.</summary>
    public bool TryTake(out Candidate best)
    {
        best = default;
        if (Count == 0) return false;
        best = _candidates[--Count];
        return true;
    }

    public void Clear() => Count = 0;

    private void Forget(in Candidate candidate)
    {
        for (int i = 0; i < Count; i++)
        {
            if (!_candidates[i].IsSameKey(in candidate)) continue;
            RemoveAt(i);
            return;
        }
    }

    private void RemoveAt(int index)
    {
        Count--;
        _candidates.AsSpan(index + 1, Count - index).CopyTo(_candidates.AsSpan(index));
    }
}
