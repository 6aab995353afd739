using System.Text;
using Galley.Store.Scripting.Lua;

namespace Galley.Store.Tests.Scripting.Lua;

/// <summary>Numbers are written as %.14g and read as strtod reads them.</summary>
public sealed class LuaNumberTests
{
    [Theory]
    [InlineData(0.0, "0")]
    [InlineData(-0.0, "-0")]
    [InlineData(1.0, "1")]
    [InlineData(-42.0, "-42")]
    [InlineData(99999999999999.0, "99999999999999")]
    [InlineData(1e14, "1e+14")]
    [InlineData(123456789012345.0, "1.2345678901234e+14")]
    [InlineData(0.1, "0.1")]
    [InlineData(1.0 / 3, "0.33333333333333")]
    [InlineData(0.0001, "0.0001")]
    [InlineData(0.00001, "1e-05")]
    [InlineData(99999999999999.96, "1e+14")]
    [InlineData(0.999999999999999, "1")]
    [InlineData(123.456, "123.456")]
    [InlineData(1e100, "1e+100")]
    [InlineData(5e-324, "4.9406564584125e-324")]
    [InlineData(double.PositiveInfinity, "inf")]
    [InlineData(double.NegativeInfinity, "-inf")]
    public void A_number_is_written(double number, string expected) => Assert.Equal(expected, new LuaState().ToText(number).ToString());

    [Theory]
    [InlineData("10", 10.0)]
    [InlineData("  10\t\n", 10.0)]
    [InlineData("-1.5e3", -1500.0)]
    [InlineData(".5", 0.5)]
    [InlineData("5.", 5.0)]
    [InlineData("0x10", 16.0)]
    [InlineData("-0xA", -10.0)]
    [InlineData("0x.8p1", 1.0)]
    [InlineData("inf", double.PositiveInfinity)]
    [InlineData("1e400", double.PositiveInfinity)]
    [InlineData("7\0 and more", 7.0)]
    [InlineData("1234567890123456789", 1234567890123456789.0)]
    public void A_text_reads_as_a_number(string text, double expected)
    {
        Assert.True(LuaState.TryToNumber(Encoding.Latin1.GetBytes(text), out double number), text);
        Assert.Equal(expected, number);
    }

    [Theory]
    [InlineData("")]
    [InlineData(" ")]
    [InlineData("-")]
    [InlineData(".")]
    [InlineData("1 2")]
    [InlineData("1e")]
    [InlineData("0x")]
    [InlineData("0xg")]
    [InlineData("e5")]
    [InlineData("--1")]
    [InlineData("1,5")]
    [InlineData("infi")]
    public void A_text_reads_as_none(string text) => Assert.False(LuaState.TryToNumber(Encoding.Latin1.GetBytes(text), out _), text);
}
