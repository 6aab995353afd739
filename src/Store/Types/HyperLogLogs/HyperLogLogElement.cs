using System.Buffers.Binary;
using System.Numerics;

namespace Galley.Store.Types;

/// <summary>What a HyperLogLog keeps of an element: the register that it falls to, and its rank there.</summary>
/// <param name="Register">The lowest 14 bits of its hash.</param>
/// <param name="Rank">The place of the first bit set in the others, from 1 to 51.</param>
internal readonly record struct HyperLogLogElement(int Register, int Rank)
{
    /// <summary>The hash and its seed are part of the format: values of redis-server could not be added to with another.</summary>
    private const ulong Seed = 0xadc83b19;
    private const ulong Multiplier = 0xc6a4a7935bd1e995;
    private const int Shift = 47;

    public static HyperLogLogElement Of(ReadOnlySpan<byte> element) => OfHash(Hash(element));

    /// <summary>A hash without any bit set beyond the register's has the highest rank.</summary>
    public static HyperLogLogElement OfHash(ulong hash)
    {
        ulong rest = (hash >> HyperLogLog.RegisterBits) | (1UL << (HyperLogLog.RankMax - 1));
        return new HyperLogLogElement((int)(hash & (HyperLogLog.Registers - 1)), BitOperations.TrailingZeroCount(rest) + 1);
    }

    /// <summary>MurmurHash64A, by Austin Appleby.</summary>
    public static ulong Hash(ReadOnlySpan<byte> bytes)
    {
        ulong hash = Seed ^ unchecked((ulong)bytes.Length * Multiplier);
        ReadOnlySpan<byte> rest = bytes;
        for (; rest.Length >= sizeof(ulong); rest = rest[sizeof(ulong)..])
            hash = (hash ^ Mix(BinaryPrimitives.ReadUInt64LittleEndian(rest))) * Multiplier;
        if (!rest.IsEmpty) hash = (hash ^ Tail(bytes, rest.Length)) * Multiplier;
        hash = (hash ^ (hash >> Shift)) * Multiplier;
        return hash ^ (hash >> Shift);
    }

    /// <summary>The last one to seven bytes as a number; what is longer is read as a word that begins before them.</summary>
    private static ulong Tail(ReadOnlySpan<byte> bytes, int length)
    {
        if (bytes.Length >= sizeof(ulong))
            return BinaryPrimitives.ReadUInt64LittleEndian(bytes[^sizeof(ulong)..]) >> (8 * (sizeof(ulong) - length));
        ulong tail = 0;
        for (int i = 0; i < length; i++) tail |= (ulong)bytes[i] << (8 * i);
        return tail;
    }

    private static ulong Mix(ulong word)
    {
        word *= Multiplier;
        return (word ^ (word >> Shift)) * Multiplier;
    }
}
