using System.Buffers.Binary;
using System.Numerics;
using System.Runtime.CompilerServices;
using System.Security.Cryptography;

namespace Galley.Store.Types;

/// <summary>
/// SipHash-1-3 under a secret of this process, so that nobody outside can choose keys that collide (Aumasson and
/// Bernstein, "SipHash: a fast short-input PRF", 2012; the variant with one round a word and three at the end is what
/// Rust's and Python's tables use).
///
/// <code>
///   v0 v1 v2 v3 = constants ^ key halves
///   each 8 bytes m, little-endian:      v3 ^= m;  1 round;  v0 ^= m
///   the last 0-7 bytes, length on top:  the same
///   v2 ^= 0xff;  3 rounds;  v0 ^ v1 ^ v2 ^ v3
/// </code>
///
/// The tail is read by at most three overlapping loads, without a loop over bytes.
/// </summary>
public readonly record struct KeyedHash(ulong K0, ulong K1)
{
    /// <summary>A secret of its own, from the system's source of randomness.</summary>
    public static KeyedHash Create()
    {
        Span<byte> secret = stackalloc byte[16];
        RandomNumberGenerator.Fill(secret);
        return new KeyedHash(BinaryPrimitives.ReadUInt64LittleEndian(secret), BinaryPrimitives.ReadUInt64LittleEndian(secret[8..]));
    }

    public ulong Of(ReadOnlySpan<byte> key)
    {
        ulong v0 = K0 ^ 0x736f6d6570736575;
        ulong v1 = K1 ^ 0x646f72616e646f6d;
        ulong v2 = K0 ^ 0x6c7967656e657261;
        ulong v3 = K1 ^ 0x7465646279746573;

        ulong last = LastWord(key);
        while (key.Length >= sizeof(ulong))
        {
            ulong word = BinaryPrimitives.ReadUInt64LittleEndian(key);
            v3 ^= word;
            Round(ref v0, ref v1, ref v2, ref v3);
            v0 ^= word;
            key = key[sizeof(ulong)..];
        }

        v3 ^= last;
        Round(ref v0, ref v1, ref v2, ref v3);
        v0 ^= last;

        v2 ^= 0xff;
        Round(ref v0, ref v1, ref v2, ref v3);
        Round(ref v0, ref v1, ref v2, ref v3);
        Round(ref v0, ref v1, ref v2, ref v3);
        return v0 ^ v1 ^ v2 ^ v3;
    }

    /// <summary>The bytes after the last whole word, and the length modulo 256 as the top byte.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static ulong LastWord(ReadOnlySpan<byte> key)
    {
        ulong length = (ulong)key.Length << 56;
        int rest = key.Length & 7;
        if (rest == 0) return length;

        // The last 8 bytes end with the rest: what comes before it is shifted out.
        if (key.Length >= 8) return length | (BinaryPrimitives.ReadUInt64LittleEndian(key[^8..]) >> ((8 - rest) << 3));
        if (rest >= 4)
        {
            ulong low = BinaryPrimitives.ReadUInt32LittleEndian(key);
            ulong high = BinaryPrimitives.ReadUInt32LittleEndian(key[(rest - 4)..]);
            return length | low | (high << ((rest - 4) << 3));
        }

        // One to three bytes: first, middle and last may be the same one.
        return length | key[0] | ((ulong)key[rest >> 1] << ((rest >> 1) << 3)) | ((ulong)key[rest - 1] << ((rest - 1) << 3));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Round(ref ulong v0, ref ulong v1, ref ulong v2, ref ulong v3)
    {
        v0 += v1;
        v2 += v3;
        v1 = BitOperations.RotateLeft(v1, 13) ^ v0;
        v3 = BitOperations.RotateLeft(v3, 16) ^ v2;
        v0 = BitOperations.RotateLeft(v0, 32);
        v2 += v1;
        v0 += v3;
        v1 = BitOperations.RotateLeft(v1, 17) ^ v2;
        v3 = BitOperations.RotateLeft(v3, 21) ^ v0;
        v2 = BitOperations.RotateLeft(v2, 32);
    }
}
