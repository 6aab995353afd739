using System.Text;
using Galley.Resp.Protocol;

namespace Galley.Resp.Tests.Protocol;

public sealed class LongDoubleOrderTests
{
    [Theory]
    [InlineData("1", "2")]
    [InlineData("-2", "-1")]
    [InlineData("-1", "1")]
    [InlineData("0", "1e-4900")]
    [InlineData("-1e-4900", "0")]
    [InlineData("0.1", "0.10000000000000000001")]
    [InlineData("9223372036854775807", "9223372036854775808")]
    [InlineData("1e4932", "inf")]
    [InlineData("-inf", "-1e4932")]
    public void Orders_numbers_by_value(string less, string greater)
    {
        LongDouble left = Parse(less), right = Parse(greater);
        Assert.True(left < right);
        Assert.True(right > left);
        Assert.False(right < left);
        Assert.True(-right < -left);
    }

    [Fact]
    public void Zero_has_no_sign()
    {
        Assert.False(-LongDouble.FromInt64(0) < LongDouble.FromInt64(0));
        Assert.False(-LongDouble.FromInt64(0) > LongDouble.FromInt64(0));
    }

    [Fact]
    public void Nothing_finite_is_greater_than_the_greatest()
    {
        Assert.True(LongDouble.MaxValue.IsFinite);
        Assert.True(Parse("1.1e4932") < LongDouble.MaxValue);
        Assert.False((LongDouble.MaxValue + LongDouble.MaxValue).IsFinite);
        Assert.True(-LongDouble.MaxValue < Parse("-1.1e4932"));
    }

    [Fact]
    public void A_difference_is_what_must_be_added()
    {
        Span<byte> text = stackalloc byte[LongDouble.FormatBytesMax];
        int length = (Parse("10.25") - Parse("10")).Format(text);
        Assert.Equal("0.25", Encoding.ASCII.GetString(text[..length]));
    }

    private static LongDouble Parse(string text)
    {
        Assert.True(LongDouble.TryParse(Encoding.ASCII.GetBytes(text), out LongDouble value));
        return value;
    }
}
