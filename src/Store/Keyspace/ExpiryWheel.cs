using System.Numerics;
using Galley.Store.Memory;

namespace Galley.Store.Keyspace;

/// <summary>
/// The index of what expires: a hierarchical timing wheel (Varghese and Lauck, 1987), so that what is due is found and
/// not sought.
/// <para>
/// Time is counted in ticks of 16 ms. Level <c>l</c> has 64 slots of 64^l ticks. A key lies at the level of the highest
/// group of six bits in which its tick differs from the present one; when time reaches a slot of a higher level, what is
/// in it moves down. An item is 8 bytes, the hash of the key: the table finds the entry, and the entry says when it
/// expires, so nothing here must be told when a block moves. The last bit of the hash, which the table does not store, tells
/// an item for the fields of a hash from one for the key: each goes its own way down. An item may be stale (its key was deleted, or expires at
/// another time); it is dropped when it is met, and when stale ones outnumber the live a sweep drops them all.
/// </para>
/// <code>
///   slot -> chunk -> chunk ...      chunk: | next 8 | count 4 | room 4 | hash 8 | hash 8 | ...
/// </code>
/// Adding costs O(1); an item is met at most once a level. Lists of ten levels reach past any 64-bit time in ms.
/// </summary>
internal sealed partial class ExpiryWheel(Arena arena)
{
    private const int TickBits = 4;
    private const int SlotBits = 6;
    private const int SlotCount = 1 << SlotBits;
    private const int LevelCount = 10;

    /// <summary>Set in an item for the fields of a hash.</summary>
    private const ulong FieldsBit = 1;

    /// <summary>The clock may go back by so much, a second, without anything being placed anew; then it is waited for.</summary>
    private const long ClockSlackTicks = 64;

    private readonly Arena _arena = arena;
    private readonly BlockRef[]?[] _levels = new BlockRef[]?[LevelCount];
    private readonly ulong[] _occupied = new ulong[LevelCount];
    private long _tick;
    private bool _isAdvancing;
    private Int128 _expiriesSumMs;

    /// <summary>Keys that expire.</summary>
    public long KeyCount { get; private set; }

    /// <summary>Hashes of which some field expires.</summary>
    public long HashCount { get; private set; }

    /// <summary>Items in the slots, the stale ones included.</summary>
    public long ItemCount { get; private set; }

    /// <summary>Bytes of the items.</summary>
    public long Bytes => ItemCount * sizeof(ulong);

    /// <summary>Bytes of the blocks that its items lie in, counted anew.</summary>
    public long CountBytes()
    {
        long bytes = ExpiryChunk.CountBytes(_arena, _sweeping);
        foreach (BlockRef[]? slots in _levels)
        {
            foreach (BlockRef head in slots ?? []) bytes += ExpiryChunk.CountBytes(_arena, head);
        }
        return bytes;
    }

    /// <summary>The sum of the expiries of all keys that have one, in milliseconds since 1970.</summary>
    public Int128 ExpiriesSumMs => _expiriesSumMs;

    /// <summary>The item speaks of the fields of a hash, and not of its key.</summary>
    public static bool IsOfFields(ulong item) => (item & FieldsBit) != 0;

    /// <summary>The item may speak of what has this hash.</summary>
    public static bool IsOf(ulong item, ulong hash) => ((item ^ hash) & ~FieldsBit) == 0;

    /// <summary>A key's expiry has changed; -1 is none.</summary>
    public void Set(ulong hash, long beforeMs, long afterMs, long nowMs)
    {
        if (beforeMs >= 0) Uncount(beforeMs);
        if (afterMs < 0)
        {
            if (beforeMs >= 0) Remember(hash, beforeMs);
            return;
        }
        KeyCount++;
        _expiriesSumMs += afterMs;
        Move(hash & ~FieldsBit, beforeMs >= 0 ? beforeMs : TakeRemembered(hash), afterMs, nowMs);
    }

    /// <summary>When the first field of a hash expires has changed; -1 is never.</summary>
    public void SetFields(ulong hash, long beforeMs, long afterMs, long nowMs)
    {
        if (beforeMs >= 0) HashCount--;
        if (afterMs < 0) return;
        HashCount++;
        Move(hash | FieldsBit, beforeMs, afterMs, nowMs);
    }

    /// <summary>A key that was to expire then is gone, or is to expire no more.</summary>
    public void Forget(ulong hash, long expiresAtMs)
    {
        Uncount(expiresAtMs);
        Remember(hash, expiresAtMs);
    }

    /// <summary>A hash of which some field expires is gone.</summary>
    public void ForgetFields() => HashCount--;

    /// <summary>When <see cref="Advance"/> next has something to do, in milliseconds since 1970.</summary>
    public long NextDueMs
    {
        get
        {
            for (int level = 0; level < LevelCount; level++)
            {
                if (_occupied[level] == 0) continue;
                return level == 0 ? NextSlotMs() : Boundary(level) << TickBits;
            }
            return long.MaxValue;
        }
    }

    /// <summary>
    /// Hands over what lies in slots whose time has come, about <paramref name="budget"/> items at most; true when the
    /// wheel stands at the present.
    /// </summary>
    public bool Advance<TSink>(long nowMs, ref int budget, ref TSink sink)
        where TSink : struct, IExpirySink, allows ref struct
    {
        _isAdvancing = true;
        try
        {
            return AdvanceTo(nowMs >> TickBits, ref budget, ref sink);
        }
        finally
        {
            _isAdvancing = false;
        }
    }

    /// <summary>Puts an item back that a slot gave up before its time.</summary>
    public void Add(ulong item, long expiresAtMs)
    {
        (int level, int slot) = PlaceOf(expiresAtMs);
        Put(item, level, slot);
    }

    /// <summary>Gives all its chunks back.</summary>
    public void Free()
    {
        foreach (BlockRef[]? slots in _levels)
        {
            if (slots is null) continue;
            for (int i = 0; i < slots.Length; i++) ExpiryChunk.FreeAll(_arena, ref slots[i]);
        }
        ExpiryChunk.FreeAll(_arena, ref _sweeping);
        ItemCount = 0;
        _lately = null;
        ChunksGone++;
    }

    private bool AdvanceTo<TSink>(long target, ref int budget, ref TSink sink)
        where TSink : struct, IExpirySink, allows ref struct
    {
        if (target < _tick - ClockSlackTicks) TurnBack(target);
        if (!FinishSweep(ref budget, ref sink)) return false;
        while (MoveDown(ref budget, ref sink))
        {
            if (_tick >= target)
            {
                StartSweepWhenStale();
                return true;
            }
            if (!Drain(0, (int)(_tick & (SlotCount - 1)), ref budget, ref sink)) return false;
            _tick = Math.Min(target, NextTick());
        }
        return false;
    }

    private void Uncount(long expiresAtMs)
    {
        KeyCount--;
        _expiriesSumMs -= expiresAtMs;
    }

    private void Move(ulong item, long beforeMs, long afterMs, long nowMs)
    {
        // Not while a slot is drained: its times follow from the present tick.
        if (ItemCount == 0 && !_isAdvancing) _tick = nowMs >> TickBits;
        if (beforeMs < 0 || PlaceOf(beforeMs) != PlaceOf(afterMs)) Add(item, afterMs);
    }

    private void Put(ulong item, int level, int slot)
    {
        BlockRef[] slots = _levels[level] ??= new BlockRef[SlotCount];
        ExpiryChunk.Push(_arena, ref slots[slot], item);
        _occupied[level] |= 1UL << slot;
        ItemCount++;
    }

    private (int Level, int Slot) PlaceOf(long expiresAtMs)
    {
        long tick = Math.Max(expiresAtMs >> TickBits, _tick);
        long differs = tick ^ _tick;
        int level = differs == 0 ? 0 : BitOperations.Log2((ulong)differs) / SlotBits;
        return (level, (int)(tick >> (level * SlotBits)) & (SlotCount - 1));
    }

    /// <summary>At a boundary, hands over the slots of higher levels that begin there, from the top down.</summary>
    private bool MoveDown<TSink>(ref int budget, ref TSink sink) where TSink : struct, IExpirySink, allows ref struct
    {
        if ((_tick & (SlotCount - 1)) != 0) return true;
        for (int level = LevelCount - 1; level > 0; level--)
        {
            long withinSlot = _tick & ((1L << (level * SlotBits)) - 1);
            if (withinSlot != 0) continue;
            int slot = (int)(_tick >> (level * SlotBits)) & (SlotCount - 1);
            if (!Drain(level, slot, ref budget, ref sink)) return false;
        }
        return true;
    }

    private bool Drain<TSink>(int level, int slot, ref int budget, ref TSink sink)
        where TSink : struct, IExpirySink, allows ref struct
    {
        if ((_occupied[level] & (1UL << slot)) == 0) return true;
        BlockRef[] slots = _levels[level]!;
        (long fromMs, long toMs) = RangeOf(level, slot);
        BlockRef head = slots[slot];
        while (ExpiryChunk.TryPop(_arena, ref slots[slot], out ulong item))
        {
            if (slots[slot] != head) ChunksGone++;
            head = slots[slot];
            ItemCount--;
            Unremember(item);
            sink.Meet(item, fromMs, toMs);
            if (--budget <= 0 && !slots[slot].IsNone) return false;
        }
        _occupied[level] &= ~(1UL << slot);
        return true;
    }

    /// <summary>The times, from and up to, that a slot holds as seen from the present tick; the end of time belongs to the last one.</summary>
    private (long FromMs, long ToMs) RangeOf(int level, int slot)
    {
        int bits = level * SlotBits;
        long first = ((_tick >> (bits + SlotBits) << SlotBits) | (uint)slot) << bits;
        long end = first + (1L << bits);
        return (first << TickBits, end > long.MaxValue >> TickBits ? long.MaxValue : end << TickBits);
    }

    /// <summary>The next tick at which something can be due: the next one, or past what is known to be empty.</summary>
    private long NextTick()
    {
        if (_occupied[0] != 0) return _tick + 1;
        for (int level = 1; level < LevelCount; level++)
            if (_occupied[level] != 0) return Boundary(level);
        return long.MaxValue;
    }

    /// <summary>Where the next slot of this level begins.</summary>
    private long Boundary(int level) => (_tick | ((1L << (level * SlotBits)) - 1)) + 1;

    private long NextSlotMs()
    {
        ulong ahead = _occupied[0] >> (int)(_tick & (SlotCount - 1));
        long slots = ahead == 0 ? 0 : BitOperations.TrailingZeroCount(ahead);
        return (_tick + slots + 1) << TickBits;
    }
}

/// <summary>Tells what the items of a wheel stand for.</summary>
internal interface IExpiryItems
{
    /// <summary>When the key of an item expires, or the first of its fields, in milliseconds since 1970; -1 where nothing does.</summary>
    long DueMs(ulong item);
}

/// <summary>Receives the items that a slot gives up.</summary>
internal interface IExpirySink : IExpiryItems
{
    /// <summary>
    /// An item came out of a slot that holds these times: expire the key, or the fields of it, if they are due, put it
    /// back (<see cref="ExpiryWheel.Add"/>) if what it stands for expires within the slot's times, and drop it otherwise.
    /// </summary>
    void Meet(ulong item, long fromMs, long toMs);
}
