using Galley.Store.Memory;

namespace Galley.Store.Keyspace.Eviction;

/// <summary>
/// The items of an expiry wheel, or of one slot of it, as if they had numbers: where the chunks lie that hold them, and how
/// many items there are up to each. A chunk has up to 508 items, so the list is short; it is made anew when a chunk was
/// given back, or when the wheel has grown by an eighth.
/// </summary>
internal sealed class WheelItems(Arena arena)
{
    /// <summary>All places of the wheel.</summary>
    public const int AllPlaces = -1;

    /// <summary>Items beyond the chunks that one list holds, eight million, are not seen.</summary>
    private const int ChunksMax = 16 * 1024;

    private const int GrowthShare = 8;
    private const int GrowthFree = 64;

    private readonly Arena _arena = arena;
    private BlockRef[] _chunks = new BlockRef[64];
    private int[] _ends = new int[64];
    private int _count;
    private ExpiryWheel? _wheel;
    private int _place;
    private int _version;
    private long _itemsMax;

    /// <summary>How many items are listed.</summary>
    public int Count => _count == 0 ? 0 : _ends[_count - 1];

    /// <summary>Lists what this wheel has now, in one place or in all of them; it must be asked before every use.</summary>
    public void Follow(ExpiryWheel wheel, int place = AllPlaces)
    {
        if (ReferenceEquals(wheel, _wheel) && place == _place && wheel.ChunksGone == _version && wheel.ItemCount <= _itemsMax) return;
        _wheel = wheel;
        _place = place;
        _version = wheel.ChunksGone;
        _itemsMax = wheel.ItemCount + (wheel.ItemCount / GrowthShare) + GrowthFree;
        _count = 0;
        if (place != AllPlaces) List(wheel.HeadOf(place));
        else
            for (int next = wheel.NextPlace(0); next >= 0; next = wheel.NextPlace(next + 1)) List(wheel.HeadOf(next));
    }

    /// <summary>The list is to be made anew: what came since it was made matters.</summary>
    public void Forget() => _wheel = null;

    /// <summary>The hash that is the item with this number.</summary>
    public ulong this[int number]
    {
        get
        {
            int index = Array.BinarySearch(_ends, 0, _count, number + 1);
            if (index < 0) index = ~index;
            ReadOnlySpan<ulong> items = ExpiryChunk.ItemsOf(_arena, _chunks[index]);
            int first = index == 0 ? 0 : _ends[index - 1];
            // Some may have been taken out of it since.
            return items[(number - first) % items.Length];
        }
    }

    private void List(BlockRef chunk)
    {
        for (; !chunk.IsNone && _count < ChunksMax; chunk = ExpiryChunk.NextOf(_arena, chunk))
        {
            if (_count == _chunks.Length)
            {
                Array.Resize(ref _chunks, 2 * _count);
                Array.Resize(ref _ends, 2 * _count);
            }
            int items = ExpiryChunk.ItemsOf(_arena, chunk).Length;
            _chunks[_count] = chunk;
            _ends[_count] = Count + items;
            _count++;
        }
    }
}
