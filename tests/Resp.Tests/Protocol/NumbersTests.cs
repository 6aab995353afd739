using System.Globalization;
using System.Text;
using Galley.Resp.Protocol;

namespace Galley.Resp.Tests.Protocol;

public sealed class NumbersTests
{
    [Theory]
    [InlineData("0", 0)]
    [InlineData("7", 7)]
    [InlineData("-1", -1)]
    [InlineData("1234567890", 1234567890)]
    [InlineData("9223372036854775807", long.MaxValue)]
    [InlineData("-9223372036854775808", long.MinValue)]
    public void An_integer_has_one_spelling(string text, long value)
    {
        Assert.True(Numbers.TryParseInt64(Encoding.ASCII.GetBytes(text), out long parsed));
        Assert.Equal(value, parsed);
        Span<byte> printed = stackalloc byte[Numbers.IntegerBytesMax];
        Assert.Equal(text, Encoding.ASCII.GetString(printed[..Numbers.FormatInt64(value, printed)]));
    }

    [Theory]
    [InlineData("")]
    [InlineData("-")]
    [InlineData("+1")]
    [InlineData("-0")]
    [InlineData("01")]
    [InlineData("-01")]
    [InlineData("00")]
    [InlineData(" 1")]
    [InlineData("1 ")]
    [InlineData("1a")]
    [InlineData("1.0")]
    [InlineData("0x1")]
    [InlineData("--1")]
    [InlineData("9223372036854775808")]
    [InlineData("-9223372036854775809")]
    [InlineData("18446744073709551616")]
    [InlineData("99999999999999999999")]
    [InlineData("100000000000000000000")]
    public void Any_other_spelling_of_an_integer_is_refused(string text) =>
        Assert.False(Numbers.TryParseInt64(Encoding.ASCII.GetBytes(text), out _));

    [Fact]
    public void Unsigned_integers_reach_to_the_last()
    {
        Assert.True(Numbers.TryParseUInt64("18446744073709551615"u8, out ulong value));
        Assert.Equal(ulong.MaxValue, value);
        Assert.False(Numbers.TryParseUInt64("18446744073709551616"u8, out _));
        Assert.False(Numbers.TryParseUInt64("19446744073709551615"u8, out _));
        Assert.False(Numbers.TryParseUInt64("-1"u8, out _));
        Span<byte> printed = stackalloc byte[Numbers.IntegerBytesMax];
        Assert.Equal("18446744073709551615"u8, printed[..Numbers.FormatUInt64(value, printed)]);
    }

    [Fact]
    public void Random_integers_are_read_as_printed()
    {
        var random = new Random(1);
        Span<byte> printed = stackalloc byte[Numbers.IntegerBytesMax];
        for (int i = 0; i < 20_000; i++)
        {
            long value = random.NextInt64(long.MinValue, long.MaxValue) >> random.Next(64);
            int length = Numbers.FormatInt64(value, printed);
            Assert.Equal(value.ToString(CultureInfo.InvariantCulture), Encoding.ASCII.GetString(printed[..length]));
            Assert.True(Numbers.TryParseInt64(printed[..length], out long parsed));
            Assert.Equal(value, parsed);
        }
    }

    // Each pair was tried on redis-server 7.0.15: ZADD with the text, and the reply of ZSCORE.
    [Theory]
    [InlineData("0.1", "0.10000000000000001")]
    [InlineData("3.0", "3")]
    [InlineData("1e21", "1e+21")]
    [InlineData("inf", "inf")]
    [InlineData("-inf", "-inf")]
    [InlineData("+inf", "inf")]
    [InlineData("iNfiNITY", "inf")]
    [InlineData("1e17", "1e+17")]
    [InlineData("123456789012345678", "1.2345678901234568e+17")]
    [InlineData("1e16", "10000000000000000")]
    [InlineData("0.00001", "1.0000000000000001e-05")]
    [InlineData("0.0001", "0.0001")]
    [InlineData("0x1p3", "8")]
    [InlineData("0x10", "16")]
    [InlineData("0X1.8P1", "3")]
    [InlineData(".5", "0.5")]
    [InlineData("5.", "5")]
    [InlineData("+5", "5")]
    [InlineData("1e+5", "100000")]
    [InlineData("00012", "12")]
    [InlineData("1E5", "100000")]
    [InlineData("1e-320", "9.9998886718268301e-321")]
    [InlineData("2.4703282292062329e-324", "4.9406564584124654e-324")]
    [InlineData("0e-400", "0")]
    [InlineData("-1.7976931348623157e308", "-1.7976931348623157e+308")]
    public void Doubles_are_read_and_printed_as_redis_does(string text, string printed)
    {
        Assert.True(Numbers.TryParseDouble(Encoding.ASCII.GetBytes(text), out double value));
        Span<byte> destination = stackalloc byte[Numbers.DoubleBytesMax];
        Assert.Equal(printed, Encoding.ASCII.GetString(destination[..Numbers.FormatDouble(value, destination)]));
    }

    [Theory]
    [InlineData("")]
    [InlineData("nan")]
    [InlineData("-nan")]
    [InlineData("nan(12)")]
    [InlineData(".")]
    [InlineData("-")]
    [InlineData("e5")]
    [InlineData("1e")]
    [InlineData("1e+")]
    [InlineData("1e400")]
    [InlineData("1e-400")]
    [InlineData("1e99999999999999999999")]
    [InlineData("1e-324")]
    [InlineData("2.4703282292062327e-324")]
    [InlineData("infin")]
    [InlineData("infinityx")]
    [InlineData(" 1")]
    [InlineData("1 ")]
    [InlineData("--5")]
    [InlineData("1_0")]
    [InlineData("0x")]
    [InlineData("0x.p1")]
    [InlineData("0x1p")]
    [InlineData("0x1p-1080")]
    [InlineData("0x1p1024")]
    [InlineData("1d")]
    [InlineData("1,5")]
    [InlineData("1.2.3")]
    public void What_redis_refuses_as_a_double_is_refused(string text) =>
        Assert.False(Numbers.TryParseDouble(Encoding.ASCII.GetBytes(text), out _));

    [Fact]
    public void Random_doubles_are_read_as_printed()
    {
        var random = new Random(2);
        Span<byte> printed = stackalloc byte[Numbers.DoubleBytesMax];
        for (int i = 0; i < 50_000; i++)
        {
            double value = BitConverter.Int64BitsToDouble(random.NextInt64(long.MinValue, long.MaxValue));
            if (!double.IsFinite(value)) continue;
            int length = Numbers.FormatDouble(value, printed);
            Assert.True(Numbers.TryParseDouble(printed[..length], out double parsed), Encoding.ASCII.GetString(printed[..length]));
            Assert.Equal(value, parsed);
        }
    }

    [Fact]
    public void Short_decimals_are_read_as_the_library_reads_them()
    {
        var random = new Random(3);
        for (int i = 0; i < 50_000; i++)
        {
            string text = $"{random.NextInt64(0, 1L << random.Next(1, 60))}.{random.Next(100_000)}e{random.Next(-30, 30)}";
            Assert.True(Numbers.TryParseDouble(Encoding.ASCII.GetBytes(text), out double value));
            Assert.Equal(double.Parse(text, CultureInfo.InvariantCulture), value);
        }
    }

    [Theory]
    [InlineData("0x1.fffffffffffff8p0", 2.0)]
    [InlineData("0x1.fffffffffffff7ffffffffp0", 1.9999999999999998)]
    [InlineData("0x10000000000000.8p0", 4503599627370496.0)]
    [InlineData("0x10000000000000.80000000000000000001p0", 4503599627370497.0)]
    [InlineData("0x0.8p-1074", 0.0)]
    [InlineData("0x0.9p-1074", 4.9406564584124654e-324)]
    [InlineData("0x1.8p-1074", 9.8813129168249309e-324)]
    public void Hexadecimals_round_to_nearest_and_ties_to_even(string text, double expected)
    {
        bool isRead = Numbers.TryParseDouble(Encoding.ASCII.GetBytes(text), out double value);
        Assert.Equal(expected != 0, isRead);
        Assert.Equal(expected, isRead ? value : 0);
    }

    [Theory]
    [InlineData("", 0.0)]
    [InlineData("\01", 0.0)]
    [InlineData(" \t\n\v\f\r-1.5", -1.5)]
    [InlineData("1\0x", 1.0)]
    [InlineData("1e400", double.PositiveInfinity)]
    [InlineData("-1e400", double.NegativeInfinity)]
    [InlineData("0x1p1024", double.PositiveInfinity)]
    [InlineData("-inf", double.NegativeInfinity)]
    [InlineData("1e-400", 0.0)]
    [InlineData("0x10", 16.0)]
    public void The_border_of_a_range_is_read_as_strtod_does(string text, double expected)
    {
        Assert.True(Numbers.TryParseDoubleLeniently(Encoding.ASCII.GetBytes(text), out double value));
        Assert.Equal(expected, value);
    }

    [Theory]
    [InlineData(" ")]
    [InlineData("1 ")]
    [InlineData("nan")]
    [InlineData(" nan")]
    [InlineData("x")]
    [InlineData("1e")]
    public void What_strtod_leaves_unread_is_no_border(string text) =>
        Assert.False(Numbers.TryParseDoubleLeniently(Encoding.ASCII.GetBytes(text), out _));

    [Theory]
    [InlineData(200.0, "200.000000")]
    [InlineData(-0.0078125, "-0.007812")]
    [InlineData(0.0234375, "0.023438")]
    [InlineData(1e21, "1000000000000000000000.000000")]
    [InlineData(double.PositiveInfinity, "inf")]
    public void Six_decimals_are_printed_as_C_does(double value, string expected)
    {
        Span<byte> printed = stackalloc byte[Numbers.FixedBytesMax];
        Assert.Equal(expected, Encoding.ASCII.GetString(printed[..Numbers.FormatFixed(value, printed)]));
    }

    [Theory]
    [InlineData(0.0, "0.0000")]
    [InlineData(0.00005, "0.0000")]
    [InlineData(166274.15156960034, "166274.1516")]
    [InlineData(56999019.50875, "56999019.5088")]
    [InlineData(27364094.89145, "27364094.8914")]
    [InlineData(12.00701, "12.0070")]
    public void Distances_are_printed_as_GEODIST_does(double value, string expected)
    {
        Span<byte> printed = stackalloc byte[Numbers.IntegerBytesMax + 1];
        Assert.Equal(expected, Encoding.ASCII.GetString(printed[..Numbers.FormatDistance(value, printed)]));
    }
}
