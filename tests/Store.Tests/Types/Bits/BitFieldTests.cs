using System.Numerics;
using System.Text;
using Galley.Store.Types;

namespace Galley.Store.Tests.Types;

public sealed class BitFieldTests
{
    [Theory]
    [InlineData("u8", false, 8)]
    [InlineData("i64", true, 64)]
    [InlineData("u63", false, 63)]
    [InlineData("i1", true, 1)]
    public void A_type_is_a_letter_and_a_width(string text, bool isSigned, int bits)
    {
        Assert.True(BitField.TryParse(Encoding.ASCII.GetBytes(text), out BitField field));
        Assert.Equal(new BitField(isSigned, bits), field);
    }

    [Theory]
    [InlineData("")]
    [InlineData("u")]
    [InlineData("8")]
    [InlineData("u64")]
    [InlineData("i65")]
    [InlineData("i0")]
    [InlineData("i-1")]
    [InlineData("U8")]
    [InlineData("u08")]
    [InlineData("u8 ")]
    [InlineData("i99999999999999999999")]
    public void Nothing_else_is(string text) => Assert.False(BitField.TryParse(Encoding.ASCII.GetBytes(text), out _));

    /// <summary>Every width at every bit of a byte, and over the end of the string, against bits one by one.</summary>
    [Fact]
    public void Numbers_are_read_and_written_bit_by_bit()
    {
        var random = new Random(5);
        for (int bits = 1; bits <= 64; bits++)
        {
            for (int offset = 0; offset < 24; offset++)
            {
                byte[] bytes = new byte[(offset + bits + 7) / 8 + random.Next(3)];
                random.NextBytes(bytes);
                byte[] before = [.. bytes];
                long value = random.NextInt64(long.MinValue, long.MaxValue);
                var field = new BitField(IsSigned: bits == 64 || random.Next(2) == 0, bits);
                Assert.Equal(Expected(bytes, offset, field), field.Read(bytes, offset));

                field.Write(bytes, offset, value);
                for (int i = 0; i < bytes.Length * 8; i++)
                {
                    bool isWithin = i >= offset && i < offset + bits;
                    Assert.Equal(isWithin ? (value >> (offset + bits - 1 - i) & 1) != 0 : BitString.Get(before, i), BitString.Get(bytes, i));
                }
                int cut = random.Next(bytes.Length);
                Assert.Equal(Expected(bytes.AsSpan(0, cut), offset, field), field.Read(bytes.AsSpan(0, cut), offset));
            }
        }
    }

    [Fact]
    public void Numbers_that_do_not_fit_wrap_or_saturate_or_fail()
    {
        var random = new Random(6);
        for (int bits = 1; bits <= 64; bits++)
        {
            foreach (bool isSigned in (bool[])[true, false])
            {
                if (bits == 64 && !isSigned) continue;
                var field = new BitField(isSigned, bits);
                BigInteger range = BigInteger.One << bits;
                BigInteger min = isSigned ? -(range >> 1) : 0, max = min + range - 1;
                foreach (BigInteger value in (BigInteger[])[min - 1, min, max, max + 1, 0, -1, random.NextInt64(), -random.NextInt64(), min - random.Next(), max + random.Next()])
                {
                    bool fits = value >= min && value <= max;
                    Assert.Equal(fits, field.TryFit((Int128)value, FieldOverflow.Fail, out long same));
                    if (fits) Assert.Equal(value, same);
                    Assert.True(field.TryFit((Int128)value, FieldOverflow.Wrap, out long wrapped));
                    Assert.True(wrapped >= min && wrapped <= max && (value - wrapped) % range == 0);
                    Assert.True(field.TryFit((Int128)value, FieldOverflow.Saturate, out long saturated));
                    Assert.Equal(BigInteger.Clamp(value, min, max), saturated);
                }
            }
        }
    }

    private static long Expected(ReadOnlySpan<byte> bytes, int offset, BitField field)
    {
        long value = field.IsSigned && BitString.Get(bytes, offset) ? -1 : 0;
        for (int i = 0; i < field.Bits; i++) value = value << 1 | (BitString.Get(bytes, offset + i) ? 1L : 0);
        return value;
    }
}
