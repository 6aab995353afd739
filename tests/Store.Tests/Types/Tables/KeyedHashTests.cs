using System.Buffers.Binary;
using System.Numerics;
using Galley.Store.Types;
using Xunit;

namespace Galley.Store.Tests.Types;

public sealed class KeyedHashTests
{
    private const ulong K0 = 0x0706050403020100;
    private const ulong K1 = 0x0f0e0d0c0b0a0908;

    /// <summary>The vectors of the paper's reference code: keys 00, 00 01, 00 01 02 ... under the key 00 01 ... 0f.</summary>
    [Theory]
    [InlineData(0, 0x726fdb47dd0e0e31)]
    [InlineData(1, 0x74f839c593dc67fd)]
    [InlineData(2, 0x0d6c8009d9a94f5a)]
    [InlineData(3, 0x85676696d7fb7e2d)]
    [InlineData(4, 0xcf2794e0277187b7)]
    [InlineData(5, 0x18765564cd99a68d)]
    [InlineData(6, 0xcbc9466e58fee3ce)]
    [InlineData(7, 0xab0200f58b01d137)]
    [InlineData(8, 0x93f5f5799a932462)]
    [InlineData(15, 0xa129ca6149be45e5)]
    public void The_reference_of_these_tests_gives_the_published_values_of_SipHash_2_4(int length, ulong expected) =>
        Assert.Equal(expected, Reference(K0, K1, CountUp(length), wordRounds: 2, lastRounds: 4));

    [Fact]
    public void Every_length_agrees_with_the_reference_of_SipHash_1_3()
    {
        var hashing = new KeyedHash(K0, K1);
        for (int length = 0; length <= 300; length++)
        {
            Assert.Equal(Reference(K0, K1, CountUp(length), wordRounds: 1, lastRounds: 3), hashing.Of(CountUp(length)));
        }
    }

    [Fact]
    public void Random_keys_and_secrets_agree_with_the_reference()
    {
        var random = new Random(1);
        for (int i = 0; i < 10_000; i++)
        {
            ulong k0 = (ulong)random.NextInt64();
            ulong k1 = (ulong)random.NextInt64();
            byte[] key = new byte[random.Next(80)];
            random.NextBytes(key);
            Assert.Equal(Reference(k0, k1, key, wordRounds: 1, lastRounds: 3), new KeyedHash(k0, k1).Of(key));
        }
    }

    [Fact]
    public void Each_secret_is_another() => Assert.NotEqual(KeyedHash.Create(), KeyedHash.Create());

    private static byte[] CountUp(int length)
    {
        byte[] bytes = new byte[length];
        for (int i = 0; i < length; i++) bytes[i] = (byte)i;
        return bytes;
    }

    /// <summary>As the paper states it, byte by byte: pad with zeros, the length last, then word by word.</summary>
    private static ulong Reference(ulong k0, ulong k1, byte[] key, int wordRounds, int lastRounds)
    {
        ulong[] v = [k0 ^ 0x736f6d6570736575, k1 ^ 0x646f72616e646f6d, k0 ^ 0x6c7967656e657261, k1 ^ 0x7465646279746573];
        byte[] padded = new byte[(key.Length / 8 * 8) + 8];
        key.CopyTo(padded, 0);
        padded[^1] = (byte)key.Length;
        for (int at = 0; at < padded.Length; at += 8)
        {
            ulong word = BinaryPrimitives.ReadUInt64LittleEndian(padded.AsSpan(at));
            v[3] ^= word;
            Rounds(v, wordRounds);
            v[0] ^= word;
        }

        v[2] ^= 0xff;
        Rounds(v, lastRounds);
        return v[0] ^ v[1] ^ v[2] ^ v[3];
    }

    private static void Rounds(ulong[] v, int count)
    {
        for (int i = 0; i < count; i++)
        {
            HalfRound(v, 0, 1, 2, 3, 13, 16);
            HalfRound(v, 2, 1, 0, 3, 17, 21);
        }
    }

    private static void HalfRound(ulong[] v, int a, int b, int c, int d, int turnB, int turnD)
    {
        v[a] += v[b];
        v[c] += v[d];
        v[b] = BitOperations.RotateLeft(v[b], turnB) ^ v[a];
        v[d] = BitOperations.RotateLeft(v[d], turnD) ^ v[c];
        v[a] = BitOperations.RotateLeft(v[a], 32);
    }
}
