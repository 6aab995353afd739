using Galley.Store.Memory;

namespace Galley.Store.Keyspace;

/// <content>
/// Drops stale items, slot by slot, when they outnumber the live ones; and in one slot for whoever has met nothing else there.
/// When the clock was set back, the same walk puts every item where it belongs now.
/// </content>
internal sealed partial class ExpiryWheel
{
    /// <summary>Stale items that are not worth a sweep.</summary>
    private const int StaleFree = 1024;

    /// <summary>Chunks swept together where only stale items were met: what is live of one of them does not stand before the next.</summary>
    private const int NewestChunks = 4;
    private const int NewestItemsMax = NewestChunks * ExpiryChunk.ItemsMax;

    private BlockRef _sweeping;
    private int _sweptPlaces = NotSweeping;
    private const int NotSweeping = -1;

    /// <summary>Items that the last sweep left: what it could not drop the next one could not either.</summary>
    private long _itemsLeft;

    /// <summary>The sweep puts items where their times have them now, and not back.</summary>
    private bool _isPlacingAnew;

    private void StartSweepWhenStale()
    {
        _itemsLeft = Math.Min(_itemsLeft, ItemCount);
        if (_sweptPlaces == NotSweeping && ItemCount > (2 * Math.Max(KeyCount + HashCount, _itemsLeft)) + StaleFree) _sweptPlaces = 0;
    }

    /// <summary>The clock was set back: the present is another tick, and the places follow from it.</summary>
    private void TurnBack(long tick)
    {
        _tick = tick;
        _sweptPlaces = 0;
        _isPlacingAnew = true;
    }

    /// <summary>Goes on with a sweep under way; true when none is, or when it may wait for the next turn.</summary>
    private bool FinishSweep<TSink>(ref int budget, ref TSink sink) where TSink : struct, IExpirySink, allows ref struct
    {
        while (_sweptPlaces != NotSweeping)
        {
            if (!_sweeping.IsNone)
            {
                budget -= SweepChunks(ref _sweeping, 1, _sweptPlaces - 1, ref sink);
                if (budget <= 0) return _sweeping.IsNone;
                continue;
            }
            if (_sweptPlaces == LevelCount * SlotCount)
            {
                _sweptPlaces = NotSweeping;
                _isPlacingAnew = false;
                _itemsLeft = ItemCount;
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

    /// <summary>Drops what is stale of the newest chunks of a place that has items, about 2000 of them at most; returns how many went.</summary>
    public int SweepNewest<TItems>(int place, ref TItems items) where TItems : struct, IExpiryItems, allows ref struct
    {
        long before = ItemCount;
        ref BlockRef head = ref _levels[place / SlotCount]![place % SlotCount];
        SweepChunks(ref head, NewestChunks, place, ref items);
        if (head.IsNone) _occupied[place / SlotCount] &= ~(1UL << (place % SlotCount));
        ChunksGone++;
        return (int)(before - ItemCount);
    }

    /// <summary>
    /// Takes chunks out of a list, drops what is stale or there twice, and puts the rest back into its place; returns how many
    /// items they had.
    /// </summary>
    private int SweepChunks<TItems>(ref BlockRef list, int chunks, int place, ref TItems items)
        where TItems : struct, IExpiryItems, allows ref struct
    {
        Span<ulong> swept = stackalloc ulong[NewestItemsMax];
        int count = 0;
        for (; chunks > 0 && !list.IsNone; chunks--) count += ExpiryChunk.PopChunk(_arena, ref list, swept[count..]);
        ItemCount -= count;
        swept = swept[..count];
        swept.Sort();
        for (int i = 0; i < swept.Length; i++)
        {
            Unremember(swept[i]);
            if (i > 0 && swept[i] == swept[i - 1]) continue;
            long dueMs = items.DueMs(swept[i]);
            if (dueMs < 0) continue;
            if (_isPlacingAnew) Add(swept[i], dueMs);
            // Not where its time would have it: a slot that is half moved down would give it to one that has no time for it.
            else if (Holds(place, dueMs)) Put(swept[i], place / SlotCount, place % SlotCount);
        }
        return count;
    }

    /// <summary>What is overdue lies in the present slot.</summary>
    private bool Holds(int place, long dueMs)
    {
        (long fromMs, long toMs) = RangeOf(place / SlotCount, place % SlotCount);
        return IsBefore(dueMs, toMs) && (dueMs >= fromMs || fromMs >> TickBits <= _tick);
    }
}
