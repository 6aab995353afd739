using System.Numerics;
using Galley.Store.Memory;

namespace Galley.Store.Keyspace;

/// <content>
/// What eviction asks: where the items are. A place is a slot of a level; the lower its number, the sooner its items are
/// due, for a level holds what is due after all of the levels below it, and its slots that are taken lie ahead.
/// </content>
internal sealed partial class ExpiryWheel
{
    /// <summary>Counts the chunks that were given back, or taken out of their slots: whoever has a list of chunks must make it anew.</summary>
    public int ChunksGone { get; private set; }

    /// <summary>The first place from this one on that has items, or -1.</summary>
    public int NextPlace(int place)
    {
        for (int level = place / SlotCount, slot = place % SlotCount; level < LevelCount; level++, slot = 0)
        {
            ulong ahead = _occupied[level] >> slot;
            if (ahead != 0) return (level * SlotCount) + slot + BitOperations.TrailingZeroCount(ahead);
        }
        return -1;
    }

    /// <summary>The newest chunk of a place that has items.</summary>
    public BlockRef HeadOf(int place) => _levels[place / SlotCount]![place % SlotCount];

    /// <summary>A time lies before the end of a slot; the last one has none.</summary>
    public static bool IsBefore(long dueMs, long endMs) => dueMs < endMs || endMs == long.MaxValue;

    /// <summary>Up to when the items of a place are due, in milliseconds since 1970.</summary>
    public long DueBeforeMs(int place) => RangeOf(place / SlotCount, place % SlotCount).ToMs;
}
