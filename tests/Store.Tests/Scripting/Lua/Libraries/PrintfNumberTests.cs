using System.Text;
using Galley.Store.Scripting.Lua;
using Galley.Store.Scripting.Lua.Libraries;

namespace Galley.Store.Tests.Scripting.Lua.Libraries;

public sealed class PrintfNumberTests
{
    // What printf of the GNU C library writes.
    [Theory]
    [InlineData('f', 0.5, 0, "0")]
    [InlineData('f', 1.5, 0, "2")]
    [InlineData('f', 2.5, 0, "2")]
    [InlineData('f', 0.125, 2, "0.12")]
    [InlineData('f', 9.995, 2, "9.99")]
    [InlineData('f', 9.5, 0, "10")]
    [InlineData('f', 0.006, 2, "0.01")]
    [InlineData('f', 0.004, 2, "0.00")]
    [InlineData('f', 1e22, 1, "10000000000000000000000.0")]
    [InlineData('e', 0.0, 2, "0.00e+00")]
    [InlineData('e', 5e-324, 3, "4.941e-324")]
    [InlineData('e', 9.9999, 2, "1.00e+01")]
    [InlineData('g', 12345678901234.5, 14, "12345678901234")]
    [InlineData('g', 12345678901235.5, 14, "12345678901236")]
    [InlineData('g', 0.1, 17, "0.10000000000000001")]
    [InlineData('g', 1e23, 17, "9.9999999999999992e+22")]
    [InlineData('g', 4503599627370496.5, 16, "4503599627370496")]
    [InlineData('g', 0.0001, 6, "0.0001")]
    [InlineData('g', 0.00001, 6, "1e-05")]
    [InlineData('g', 999999.5, 6, "1e+06")]
    [InlineData('g', -0.0, 14, "-0")]
    public void A_double_is_rounded_by_its_exact_value(char conversion, double value, int precision, string expected)
    {
        using var text = new ByteBuilder(new LuaState());
        PrintfNumber.AddDouble(text, new PrintfSpecification((byte)conversion, Precision: precision), value);
        Assert.Equal(expected, Encoding.ASCII.GetString(text.Written));
    }

    [Fact]
    public void What_is_written_with_17_digits_reads_as_the_same_number()
    {
        var random = new Random(5);
        using var text = new ByteBuilder(new LuaState());
        for (int i = 0; i < 20_000; i++)
        {
            double value = BitConverter.Int64BitsToDouble(random.NextInt64(long.MinValue, long.MaxValue));
            if (!double.IsFinite(value)) continue;
            text.CutTo(0);
            PrintfNumber.AddGeneral(text, value, 17);
            Assert.Equal(text.Length, CNumberText.Read(text.Written, out double again));
            Assert.Equal(value, again);
        }
    }

    [Theory]
    [InlineData("12abc", 2, 12)]
    [InlineData("-0x1.8p1z", 8, -3)]
    [InlineData("1e", 1, 1)]
    [InlineData("1e+", 1, 1)]
    [InlineData("0x", 1, 0)]
    [InlineData(".5.5", 2, 0.5)]
    [InlineData("infinit", 3, double.PositiveInfinity)]
    [InlineData("nan(a_1)", 8, double.NaN)]
    [InlineData("nan(a-1)", 3, double.NaN)]
    [InlineData(".", 0, 0)]
    [InlineData("", 0, 0)]
    [InlineData("-", 0, 0)]
    [InlineData(" 1", 0, 0)]
    public void A_number_is_read_as_far_as_it_goes(string text, int length, double expected)
    {
        Assert.Equal(length, CNumberText.Read(Encoding.ASCII.GetBytes(text), out double value));
        if (length > 0) Assert.Equal(expected, value);
    }
}
