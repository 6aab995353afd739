using Galley.Store.Memory;

namespace Galley.Store.Keyspace;

/// <content>Drops stale items, slot by slot, when they outnumber the live ones.</content>
internal sealed partial class ExpiryWheel
{
    /// <summary>Stale items that are not worth a sweep.</summary>
    private const int StaleFree = 1024;

    private BlockRef _sweeping;
    private int _sweptPlaces = NotSweeping;
    private const int NotSweeping = -1;

    private void StartSweepWhenStale()
    {
        if (_sweptPlaces == NotSweeping && ItemCount > 2 * (KeyCount + HashCount) + StaleFree) _sweptPlaces = 0;
    }

    /// <summary>Goes on with a sweep under way; true when none is, or when it may wait for the next turn.</summary>
    private bool FinishSweep<TSink>(ref int budget, ref TSink sink) where TSink : struct, IExpirySink, allows ref struct
    {
        while (_sweptPlaces != NotSweeping)
        {
            if (!_sweeping.IsNone)
            {
                SweepChunk(ref budget, ref sink);
                if (budget <= 0) return _sweeping.IsNone;
                continue;
            }
            if (_sweptPlaces == LevelCount * SlotCount)
            {
                _sweptPlaces = NotSweeping;
                return true;
            }
            DetachSlot(_sweptPlaces++);
        }
        return true;
    }

    private void DetachSlot(int place)
    {
        int level = place / SlotCount, slot = place % SlotCount;
        if ((_occupied[level] & (1UL << slot)) == 0) return;
        _sweeping = _levels[level]![slot];
        _levels[level]![slot] = BlockRef.None;
        _occupied[level] &= ~(1UL << slot);
        ChunksGone++;
    }

    /// <summary>Takes one chunk of the detached slot, drops what is stale or there twice, and puts the rest back.</summary>
    private void SweepChunk<TSink>(ref int budget, ref TSink sink) where TSink : struct, IExpirySink, allows ref struct
    {
        int place = _sweptPlaces - 1;
        (long fromMs, long toMs) = RangeOf(place / SlotCount, place % SlotCount);
        Span<ulong> hashes = stackalloc ulong[ExpiryChunk.ItemsMax];
        hashes = hashes[..ExpiryChunk.PopChunk(_arena, ref _sweeping, hashes)];
        ItemCount -= hashes.Length;
        budget -= hashes.Length;
        hashes.Sort();
        for (int i = 0; i < hashes.Length; i++)
        {
            bool repeated = i > 0 && hashes[i] == hashes[i - 1];
            if (!repeated && sink.IsLive(hashes[i], fromMs, toMs)) Add(hashes[i], fromMs);
        }
    }
}
