using System.Globalization;
using System.Text;
using Galley.Resp.Protocol;

namespace Galley.Resp.Tests.Protocol;

public sealed class LongDoubleTests
{
    // Each triple was tried on redis-server 7.0.15: SET with the first, and the reply of INCRBYFLOAT by the second.
    [Theory]
    [InlineData("10.50", "0.1", "10.6")]
    [InlineData("5.0e3", "200", "5200")]
    [InlineData("0.1", "0.2", "0.3")]
    [InlineData("3", "-3", "0")]
    [InlineData("0", "-0", "0")]
    [InlineData("-0.5", "0.5", "0")]
    [InlineData("0x10", "1", "17")]
    [InlineData("1e20", "1", "100000000000000000000")]
    [InlineData("1e40", "0", "9999999999999999999783686092270256259072")]
    [InlineData("1e-4950", "0", "0")]
    [InlineData("1", "1e-18", "1")]
    [InlineData("0.000000000000000005", "0", "0")]
    [InlineData("0.0000000000000000150", "0", "0.00000000000000002")]
    [InlineData("0.000000000000000025", "0", "0.00000000000000002")]
    [InlineData(".5", "0", "0.5")]
    [InlineData("5.", "0", "5")]
    [InlineData("+5", "0", "5")]
    [InlineData("1e18", "0.5", "1000000000000000000.5")]
    [InlineData("9223372036854775807", "1", "9223372036854775808")]
    [InlineData("-1e-18", "0", "0")]
    public void Sums_are_those_of_redis(string left, string right, string sum) => Assert.Equal(sum, Add(left, right));

    [Theory]
    [InlineData("")]
    [InlineData("nan")]
    [InlineData("1e5000")]
    [InlineData("1e-5000")]
    [InlineData("1e-4951")]
    [InlineData(" 5")]
    [InlineData("5 ")]
    [InlineData("0x")]
    [InlineData("five")]
    public void What_redis_refuses_as_an_increment_is_refused(string text) =>
        Assert.False(LongDouble.TryParse(Encoding.ASCII.GetBytes(text), out _));

    [Fact]
    public void A_text_of_five_kibibytes_is_too_long()
    {
        Assert.True(LongDouble.TryParse(Digits(LongDouble.TextBytesMax), out _));
        Assert.False(LongDouble.TryParse(Digits(LongDouble.TextBytesMax + 1), out _));

        static byte[] Digits(int count) => Encoding.ASCII.GetBytes("1." + new string('0', count - 2));
    }

    [Fact]
    public void Overflow_and_infinity_are_not_finite()
    {
        Assert.False((Parse("1e4932") + Parse("1e4932")).IsFinite);
        Assert.False((Parse("inf") + Parse("1")).IsFinite);
        Assert.True((Parse("inf") + Parse("-inf")).IsNaN);
        Assert.True((Parse("1.1e4932") + Parse("-1.1e4932")).IsFinite);
        Assert.Equal("-inf", Print(Parse("-inf")));
    }

    [Fact]
    public void Integers_and_doubles_come_through_unchanged()
    {
        var random = new Random(4);
        for (int i = 0; i < 20_000; i++)
        {
            long integer = random.NextInt64(long.MinValue, long.MaxValue) >> random.Next(64);
            Assert.Equal(integer.ToString(CultureInfo.InvariantCulture), Print(LongDouble.FromInt64(integer)));

            double real = random.Next(-1_000_000, 1_000_000) / 1024.0;
            Assert.Equal(real.ToString(CultureInfo.InvariantCulture), Print(LongDouble.FromDouble(real)));
        }
        Assert.Equal("0", Print(LongDouble.FromDouble(double.Epsilon)));
        Assert.Equal(double.MaxValue.ToString("F0", CultureInfo.InvariantCulture), Print(LongDouble.FromDouble(double.MaxValue)));
    }

    [Fact]
    public void The_short_way_and_the_long_way_agree()
    {
        var random = new Random(5);
        for (int i = 0; i < 20_000; i++)
        {
            string digits = random.NextInt64(1, 1L << random.Next(1, 63)).ToString(CultureInfo.InvariantCulture);
            int exponent = random.Next(-27, 28);
            // Zeros behind make it longer than the short way takes, and the exponent makes up for them.
            string longer = $"{digits}{new string('0', 20)}e{exponent - 20}";
            Assert.Equal(Parse($"{digits}e{exponent}"), Parse(longer));
        }
    }

    internal static string Add(string left, string right) => Print(Parse(left) + Parse(right));

    internal static LongDouble Parse(string text)
    {
        Assert.True(LongDouble.TryParse(Encoding.ASCII.GetBytes(text), out LongDouble value), text);
        return value;
    }

    private static string Print(LongDouble value)
    {
        Span<byte> destination = stackalloc byte[LongDouble.FormatBytesMax];
        return Encoding.ASCII.GetString(destination[..value.Format(destination)]);
    }
}
