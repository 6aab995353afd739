using System.Buffers.Binary;
using System.Numerics;
using System.Runtime.CompilerServices;
using Galley.Store.Configuration;

namespace Galley.Store.Keyspace;

/// <summary>
/// What is known of a database's keys by their prefix, which is what they begin with up to the separator and with it
/// (<c>user:</c>): how many there are, what memory they take, how often commands have opened one. Keys and bytes are those
/// of the last weighing (<see cref="PrefixWeighing"/>), operations are counted as they happen.
/// <code>
///   _slots   | * the rest | none | user: | order: | ...       a place for each prefix, up to keyspace-prefixes-max
///   _index   | 0 | 4 | 0 | 0 | 3 | ...                        by a hash; 0 is free
/// </code>
/// Who comes when all places are taken is counted under the rest. A prefix that no key had at two weighings, and no command
/// asked for between, gives its place away. Counting an operation is 6 ns where the prefix fits eight bytes, some more where not (load-tests/Micro, reports).
/// </summary>
internal sealed class PrefixTable
{
    private const int RestSlot = 0;
    private const int NoneSlot = 1;
    private const int FirstSlot = 2;

    /// <summary>A longer prefix is counted under the rest.</summary>
    private const int PrefixBytesMax = 128;

    private const int WordBytes = sizeof(ulong);
    private const ulong EveryByte = 0x0101010101010101;
    private const ulong TopBits = 0x8080808080808080;

    /// <summary>Odd, and drawn anew with each process: nobody outside knows which prefixes would meet in the index.</summary>
    private static readonly ulong Multiplier = (ulong)Random.Shared.NextInt64() << 1 | 1;

    private PrefixSlot[] _slots = NewSlots();
    private int _count = FirstSlot;
    private int _max;
    private int[] _index = [];
    private int _shift;
    private byte _separator;

    /// <summary>The separator in every byte.</summary>
    private ulong _pattern;

    public PrefixTable(Settings settings) => Follow(settings);

    /// <summary>There is a separator.</summary>
    public bool IsOn { get; private set; }

    /// <summary>When keys and bytes were weighed last, in milliseconds since 1970, or -1.</summary>
    public long WeighedMs { get; private set; } = -1;

    /// <summary>The prefixes that are known, the rest among them.</summary>
    public ReadOnlySpan<PrefixSlot> Slots => _slots.AsSpan(0, _count);

    /// <summary>Begins anew with what the settings say now.</summary>
    public void Follow(Settings settings)
    {
        byte[] separator = System.Text.Encoding.UTF8.GetBytes(settings.KeyspacePrefixSeparator);
        IsOn = separator.Length == 1;
        _separator = IsOn ? separator[0] : (byte)0;
        _pattern = _separator * EveryByte;
        _max = settings.KeyspacePrefixesMax;
        _slots = NewSlots();
        _count = FirstSlot;
        WeighedMs = -1;
        // At least half of it stays free, so that few places are looked at.
        int places = (int)BitOperations.RoundUpToPowerOf2((uint)Math.Max(2, 2 * _max));
        _index = IsOn ? new int[places] : [];
        _shift = 64 - BitOperations.Log2((uint)places);
    }

    /// <summary>A command has opened a key.</summary>
    public void CountOperation(ReadOnlySpan<byte> key)
    {
        if (!IsOn) return;
        // First the slot: where it is new, the array may be another.
        int slot = SlotOf(key);
        _slots[slot].Operations++;
    }

    /// <summary>The weighing has met a key.</summary>
    public void Weigh(ReadOnlySpan<byte> key, long bytes)
    {
        int at = SlotOf(key);
        ref PrefixSlot slot = ref _slots[at];
        slot.KeysMet++;
        slot.BytesMet += bytes;
    }

    /// <summary>The weighing begins anew.</summary>
    public void BeginWeighing()
    {
        foreach (ref PrefixSlot slot in _slots.AsSpan(0, _count)) slot.KeysMet = slot.BytesMet = 0;
    }

    /// <summary>The weighing has met all keys: what it has found is shown from now on.</summary>
    public void EndWeighing(long nowMs)
    {
        WeighedMs = nowMs;
        int kept = FirstSlot;
        for (int i = 0; i < _count; i++)
        {
            PrefixSlot slot = _slots[i].Weighed(out bool isIdle);
            if (i < FirstSlot) _slots[i] = slot;
            else if (!isIdle) _slots[kept++] = slot;
        }
        if (kept < _count) KeepSlots(kept);
    }

    /// <summary>All keys have gone.</summary>
    public void ForgetKeys()
    {
        foreach (ref PrefixSlot slot in _slots.AsSpan(0, _count)) slot.Keys = slot.Bytes = slot.KeysMet = slot.BytesMet = 0;
    }

    /// <summary>CONFIG RESETSTAT.</summary>
    public void ForgetOperations()
    {
        foreach (ref PrefixSlot slot in _slots.AsSpan(0, _count)) slot.Operations = slot.OperationsThen = 0;
    }

    /// <summary>A prefix of up to eight bytes is a word: it is found by comparing words. The separator ends it, so no two are the same.</summary>
    private int SlotOf(ReadOnlySpan<byte> key)
    {
        if (key.Length >= WordBytes)
        {
            ulong word = BinaryPrimitives.ReadUInt64LittleEndian(key);
            ulong differing = word ^ _pattern;
            ulong found = (differing - EveryByte) & ~differing & TopBits;
            if (found != 0)
            {
                int bits = BitOperations.TrailingZeroCount(found) + 1;
                return FindShort(word & (ulong.MaxValue >> (64 - bits)), key, bits / 8);
            }
        }
        int length = key.IndexOf(_separator) + 1;
        if (length == 0) return NoneSlot;
        if (length > PrefixBytesMax) return RestSlot;
        ReadOnlySpan<byte> prefix = key[..length];
        return length <= WordBytes ? FindShort(WordOf(prefix), key, length) : FindLong(prefix);
    }

    private int FindShort(ulong word, ReadOnlySpan<byte> key, int length)
    {
        int at = (int)(word * Multiplier >> _shift);
        for (; _index[at] != 0; at = (at + 1) & (_index.Length - 1))
        {
            ref PrefixSlot slot = ref _slots[_index[at]];
            if (slot.Word == word && slot.Prefix.Length <= WordBytes) return _index[at];
        }
        return Add(at, key[..length], word);
    }

    private int FindLong(ReadOnlySpan<byte> prefix)
    {
        ulong word = MixedWordOf(prefix);
        int at = (int)(word * Multiplier >> _shift);
        for (; _index[at] != 0; at = (at + 1) & (_index.Length - 1))
        {
            ref PrefixSlot slot = ref _slots[_index[at]];
            if (slot.Word == word && prefix.SequenceEqual(slot.Prefix)) return _index[at];
        }
        return Add(at, prefix, word);
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private int Add(int at, ReadOnlySpan<byte> prefix, ulong word)
    {
        if (_count - FirstSlot >= _max) return RestSlot;
        if (_count == _slots.Length) Array.Resize(ref _slots, Math.Min(2 * _count, _max + FirstSlot));
        _slots[_count] = new PrefixSlot { Prefix = prefix.ToArray(), Word = word };
        _index[at] = _count;
        return _count++;
    }

    /// <summary>So many slots were kept, at other places: the index is made anew.</summary>
    private void KeepSlots(int count)
    {
        _slots.AsSpan(count, _count - count).Clear();
        _count = count;
        _index.AsSpan().Clear();
        for (int i = FirstSlot; i < count; i++)
        {
            int at = (int)(_slots[i].Word * Multiplier >> _shift);
            while (_index[at] != 0) at = (at + 1) & (_index.Length - 1);
            _index[at] = i;
        }
    }

    /// <summary>Up to eight bytes as a number, filled up with zeros.</summary>
    private static ulong WordOf(ReadOnlySpan<byte> bytes)
    {
        ulong word = 0;
        for (int i = bytes.Length - 1; i >= 0; i--) word = word << 8 | bytes[i];
        return word;
    }

    /// <summary>A hash of more than eight bytes. The last eight are read as they stand, some of them a second time.</summary>
    private static ulong MixedWordOf(ReadOnlySpan<byte> prefix)
    {
        ulong word = (ulong)prefix.Length;
        ulong last = BinaryPrimitives.ReadUInt64LittleEndian(prefix[^WordBytes..]);
        for (; prefix.Length > WordBytes; prefix = prefix[WordBytes..]) word = Mix(word ^ BinaryPrimitives.ReadUInt64LittleEndian(prefix));
        return Mix(word ^ last);

        static ulong Mix(ulong word) => BitOperations.RotateLeft(word * Multiplier, 32);
    }

    private static PrefixSlot[] NewSlots()
    {
        var slots = new PrefixSlot[16];
        slots[RestSlot].Prefix = "*"u8.ToArray();
        slots[NoneSlot].Prefix = [];
        slots[RestSlot].IsRest = true;
        return slots;
    }
}
