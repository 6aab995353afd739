using Galley.Store.Types;

namespace Galley.Store.Tests.Types;

public sealed class BitStringTests
{
    private const int Rounds = 400;

    [Fact]
    public void Bit_0_is_the_highest_of_the_first_byte()
    {
        byte[] bytes = new byte[3];
        BitString.Set(bytes, 0, true);
        BitString.Set(bytes, 9, true);
        BitString.Set(bytes, 23, true);
        Assert.Equal([0x80, 0x40, 0x01], bytes);
        Assert.True(BitString.Get(bytes, 9));
        Assert.False(BitString.Get(bytes, 8));
        Assert.False(BitString.Get(bytes, 24));
        Assert.False(BitString.Get(bytes, 1L << 32));
        BitString.Set(bytes, 9, false);
        Assert.Equal([0x80, 0, 0x01], bytes);
    }

    /// <summary>Strings of every length to a few vectors, from every place in memory, against bits that are counted one by one.</summary>
    [Fact]
    public void Ones_are_counted_as_one_by_one()
    {
        var random = new Random(1);
        for (int round = 0; round < Rounds; round++)
        {
            ReadOnlySpan<byte> bytes = RandomBytes(random, maxLength: 300);
            bool[] bits = BitsOf(bytes);
            Assert.Equal(bits.Count(bit => bit), BitString.CountOnes(bytes));
            if (bits.Length == 0) continue;
            (int first, int last) = RandomRange(random, bits.Length);
            Assert.Equal(bits[first..(last + 1)].Count(bit => bit), BitString.CountOnes(bytes, first, last));
        }
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void The_first_bit_is_found_as_one_by_one(bool wanted)
    {
        var random = new Random(2);
        for (int round = 0; round < Rounds; round++)
        {
            byte[] bytes = RandomBytes(random, maxLength: 200).ToArray();
            if (bytes.Length == 0) continue;
            // Long stretches without it, which are passed a vector at a time.
            bytes.AsSpan(random.Next(bytes.Length)).Fill(wanted ? (byte)0 : byte.MaxValue);
            if (random.Next(2) == 0) bytes[random.Next(bytes.Length)] ^= (byte)(1 << random.Next(8));
            bool[] bits = BitsOf(bytes);
            (int first, int last) = RandomRange(random, bits.Length);
            int expected = Array.IndexOf(bits, wanted, first, last - first + 1);
            Assert.Equal(expected, BitString.IndexOf(bytes, wanted, first, last));
        }
    }

    private static (int First, int Last) RandomRange(Random random, int length)
    {
        int first = random.Next(length);
        return (first, random.Next(first, length));
    }

    private static ReadOnlySpan<byte> RandomBytes(Random random, int maxLength)
    {
        int before = random.Next(33);
        byte[] bytes = new byte[before + random.Next(maxLength)];
        random.NextBytes(bytes);
        return bytes.AsSpan(before);
    }

    private static bool[] BitsOf(ReadOnlySpan<byte> bytes)
    {
        bool[] bits = new bool[bytes.Length * 8];
        for (int i = 0; i < bits.Length; i++) bits[i] = (bytes[i / 8] >> (7 - i % 8) & 1) != 0;
        return bits;
    }
}
