using Galley.Store.Types;

namespace Galley.Store.Tests.Types;

/// <summary>Vectors against bytes one by one, of every length to a few vectors and from every place in memory.</summary>
public sealed class BitwiseTests
{
    private delegate void Operation(Span<byte> target, ReadOnlySpan<byte> other);

    [Fact]
    public void And_is_bit_by_bit() => AssertIs(Bitwise.And, (a, b) => a & b);

    [Fact]
    public void Or_is_bit_by_bit() => AssertIs(Bitwise.Or, (a, b) => a | b);

    [Fact]
    public void Xor_is_bit_by_bit() => AssertIs(Bitwise.Xor, (a, b) => a ^ b);

    [Fact]
    public void Except_is_bit_by_bit() => AssertIs(Bitwise.Except, (a, b) => a & ~b);

    [Fact]
    public void Not_is_bit_by_bit() => AssertIs((target, _) => Bitwise.Not(target), (a, _) => ~a);

    [Fact]
    public void Collect_knows_what_was_set_once_and_what_again()
    {
        var random = new Random(3);
        for (int length = 0; length < 150; length++)
        {
            byte[] any = new byte[length], several = new byte[length];
            byte[][] strings = [.. Enumerable.Range(0, 4).Select(_ => RandomBytes(random, length))];
            foreach (byte[] next in strings) Bitwise.Collect(any, several, next);
            for (int bit = 0; bit < length * 8; bit++)
            {
                int times = strings.Count(bytes => BitString.Get(bytes, bit));
                Assert.Equal(times >= 1, BitString.Get(any, bit));
                Assert.Equal(times >= 2, BitString.Get(several, bit));
            }
        }
    }

    private static void AssertIs(Operation operation, Func<int, int, int> expected)
    {
        var random = new Random(4);
        for (int length = 0; length < 300; length++)
        {
            int before = random.Next(33), after = random.Next(33);
            byte[] target = RandomBytes(random, before + length + after), other = RandomBytes(random, length);
            byte[] result = [.. target];
            operation(result.AsSpan(before, length), other);
            for (int i = 0; i < target.Length; i++)
            {
                bool isWithin = i >= before && i < before + length;
                Assert.Equal(isWithin ? (byte)expected(target[i], other[i - before]) : target[i], result[i]);
            }
        }
    }

    private static byte[] RandomBytes(Random random, int length)
    {
        byte[] bytes = new byte[length];
        random.NextBytes(bytes);
        return bytes;
    }
}
