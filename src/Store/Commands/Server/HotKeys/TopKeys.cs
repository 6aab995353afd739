using Galley.Store.Keyspace;

namespace Galley.Store.Commands;

/// <summary>
/// The keys for which most of something was counted, of however many, in bounded memory: the Space-Saving algorithm. A
/// key that is not there takes the place of the one that has least, and its amount too. So the amount of a key that is
/// shown is exact while there are no more keys than places, and else too high by at most the whole divided by the places.
/// <code>
///   _heap   [ least | ... | ... | ... ]      a heap by amount; each counter knows its place in it
/// </code>
/// </summary>
public sealed class TopKeys
{
    /// <summary>Sixteen times as many as can be asked for: the error is then under a thousandth of the whole.</summary>
    public const int Places = 1024;

    /// <summary>Longer keys are not kept: <see cref="Places"/> of them would be what bounded memory is not.</summary>
    public const int KeyBytesMax = 16 * 1024;

    private readonly Counter[] _heap = new Counter[Places];
    private readonly Dictionary<byte[], Counter>.AlternateLookup<ReadOnlySpan<byte>> _counters =
        new Dictionary<byte[], Counter>(BytesComparer.Instance).GetAlternateLookup<ReadOnlySpan<byte>>();

    private int _count;

    /// <summary>Counts so much for a key.</summary>
    public void Add(ReadOnlySpan<byte> key, long amount)
    {
        if (key.Length > KeyBytesMax) return;
        if (_counters.TryGetValue(key, out Counter? counter)) counter.Amount += amount;
        else if (_count < Places)
        {
            counter = Put(new Counter { Key = key.ToArray(), Amount = amount, At = _count++ });
            Rise(counter);
        }
        else
        {
            counter = _heap[0];
            _counters.Dictionary.Remove(counter.Key);
            counter.Key = key.ToArray();
            counter.Amount += amount;
        }
        _counters.Dictionary.TryAdd(counter.Key, counter);
        Sink(counter);
    }

    /// <summary>So many keys with what was counted for them, the most first.</summary>
    public IReadOnlyList<(byte[] Key, long Amount)> Top(int count) =>
    [
        .. _heap.Take(_count).OrderByDescending(counter => counter.Amount).ThenBy(counter => counter.Key, BytesComparer.Instance)
            .Take(count).Select(counter => (counter.Key, counter.Amount)),
    ];

    /// <summary>Moves a counter that has grown away from the top.</summary>
    private void Sink(Counter counter)
    {
        int at = counter.At;
        while (true)
        {
            int child = (2 * at) + 1;
            if (child >= _count) break;
            if (child + 1 < _count && _heap[child + 1].Amount < _heap[child].Amount) child++;
            if (_heap[child].Amount >= counter.Amount) break;
            Put(_heap[child], at);
            at = child;
        }
        Put(counter, at);
    }

    /// <summary>Moves a counter that is new at the end towards the top.</summary>
    private void Rise(Counter counter)
    {
        int at = counter.At;
        for (; at > 0 && _heap[(at - 1) / 2].Amount > counter.Amount; at = (at - 1) / 2) Put(_heap[(at - 1) / 2], at);
        Put(counter, at);
    }

    private Counter Put(Counter counter) => Put(counter, counter.At);

    private Counter Put(Counter counter, int at)
    {
        counter.At = at;
        return _heap[at] = counter;
    }

    private sealed class Counter
    {
        public required byte[] Key { get; set; }

        public long Amount { get; set; }

        /// <summary>Its place in the heap.</summary>
        public int At { get; set; }
    }
}
