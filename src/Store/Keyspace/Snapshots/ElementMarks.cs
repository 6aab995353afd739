using Galley.Store.Types;

namespace Galley.Store.Keyspace.Snapshots;

/// <summary>
/// Names of elements, remembered by 127 bits of keyed hashes: two names that nobody could choose share them once in 10^20
/// values of a billion. 16 bytes each, in shares that grow one by one, so that none is long in growing:
/// <code>
///   share (8 bits of the hash)  | hash | other hash, never 0 | 0 | 0 | hash | other hash | ...      open addressing, up to 3/4 full
/// </code>
/// </summary>
internal sealed class ElementMarks
{
    private const int ShareBits = 8;
    private const int FirstSlots = 8;
    private const int WordsPerSlot = 2;

    private readonly KeyedHash _other = KeyedHash.Create();
    private readonly ulong[]?[] _shares = new ulong[1 << ShareBits][];
    private readonly int[] _counts = new int[1 << ShareBits];

    /// <summary>What they take.</summary>
    public long Bytes { get; private set; }

    /// <summary>Adds a name; false where it is there already.</summary>
    /// <param name="hash">By which it is found in its table.</param>
    public bool TryAdd(ulong hash, ReadOnlySpan<byte> name)
    {
        int share = ShareOf(hash);
        ulong other = OtherOf(name);
        ulong[] slots = _shares[share] ?? Grow(share, []);
        int at = Find(slots, hash, other);
        if (slots[at + 1] != 0) return false;
        (slots[at], slots[at + 1]) = (hash, other);
        if (++_counts[share] * 4 > slots.Length / WordsPerSlot * 3) Grow(share, slots);
        return true;
    }

    public bool Contains(ulong hash, ReadOnlySpan<byte> name) =>
        _shares[ShareOf(hash)] is { } slots && slots[Find(slots, hash, OtherOf(name)) + 1] != 0;

    /// <summary>The slot that has it, or the one where it would be.</summary>
    private static int Find(ulong[] slots, ulong hash, ulong other)
    {
        int mask = slots.Length - 1;
        int at = (int)(hash * WordsPerSlot) & mask;
        while (slots[at + 1] != 0 && (slots[at] != hash || slots[at + 1] != other)) at = (at + WordsPerSlot) & mask;
        return at;
    }

    private ulong[] Grow(int share, ulong[] slots)
    {
        var grown = new ulong[Math.Max(slots.Length * 2, FirstSlots * WordsPerSlot)];
        for (int i = 0; i < slots.Length; i += WordsPerSlot)
        {
            if (slots[i + 1] == 0) continue;
            int at = Find(grown, slots[i], slots[i + 1]);
            (grown[at], grown[at + 1]) = (slots[i], slots[i + 1]);
        }
        Bytes += (grown.Length - slots.Length) * sizeof(ulong);
        return _shares[share] = grown;
    }

    private static int ShareOf(ulong hash) => (int)(hash >> (64 - ShareBits));

    private ulong OtherOf(ReadOnlySpan<byte> name) => _other.Of(name) | 1;
}
