namespace Galley.Store.Commands;

/// <summary>
/// Blocked commands by the time at which they give up: a binary heap in an array, in which each command knows its place,
/// so that one that is served early leaves in O(log N) and nothing is left behind.
/// </summary>
internal sealed class TimeoutHeap
{
    private BlockedCommand[] _heap = new BlockedCommand[16];
    private long _sequence;

    public int Count { get; private set; }

    /// <summary>The earliest due time, in milliseconds since 1970, or <see cref="long.MaxValue"/>.</summary>
    public long NextDueMs => Count > 0 ? _heap[0].DueMs : long.MaxValue;

    /// <summary>Who gives up first; only while there is one.</summary>
    public BlockedCommand First => _heap[0];

    public void Add(BlockedCommand command)
    {
        if (Count == _heap.Length) Array.Resize(ref _heap, Count * 2);
        command.Sequence = _sequence++;
        Rise(command, Count++);
    }

    public void Remove(BlockedCommand command)
    {
        int at = command.HeapIndex;
        if (at < 0) return;
        command.HeapIndex = -1;
        BlockedCommand last = _heap[--Count];
        _heap[Count] = null!;
        if (last == command) return;
        if (at > 0 && IsBefore(last, _heap[(at - 1) / 2])) Rise(last, at);
        else Sink(last, at);
    }

    private void Rise(BlockedCommand command, int at)
    {
        while (at > 0 && IsBefore(command, _heap[(at - 1) / 2]))
        {
            Put(_heap[(at - 1) / 2], at);
            at = (at - 1) / 2;
        }
        Put(command, at);
    }

    private void Sink(BlockedCommand command, int at)
    {
        while (2 * at + 1 < Count)
        {
            int child = 2 * at + 1;
            if (child + 1 < Count && IsBefore(_heap[child + 1], _heap[child])) child++;
            if (!IsBefore(_heap[child], command)) break;
            Put(_heap[child], at);
            at = child;
        }
        Put(command, at);
    }

    private void Put(BlockedCommand command, int at)
    {
        _heap[at] = command;
        command.HeapIndex = at;
    }

    private static bool IsBefore(BlockedCommand one, BlockedCommand other) =>
        one.DueMs < other.DueMs || (one.DueMs == other.DueMs && one.Sequence < other.Sequence);
}
