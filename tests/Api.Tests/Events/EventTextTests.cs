using System.Buffers;
using System.Text;
using Galley.Api.Events;

namespace Galley.Api.Tests.Events;

public sealed class EventTextTests
{
    [Theory]
    [InlineData("", "data: \n")]
    [InlineData("one", "data: one\n")]
    [InlineData("one\ntwo", "data: one\ndata: two\n")]
    [InlineData("one\r\ntwo\rthree\n", "data: one\ndata: two\ndata: three\ndata: \n")]
    [InlineData("\n\r\n", "data: \ndata: \ndata: \n")]
    [InlineData(": no comment", "data: : no comment\n")]
    public void Each_line_of_data_has_a_line_of_its_own(string data, string expected) =>
        Assert.Equal(expected, Written(output => EventText.WriteData(output, Encoding.UTF8.GetBytes(data))));

    [Theory]
    [InlineData("1-0", "id: 1-0\n")]
    [InlineData("a\r\nb\nc", "id: a  b c\n")]
    public void A_field_is_one_line_whatever_it_holds(string value, string expected) =>
        Assert.Equal(expected, Written(output => EventText.WriteField(output, "id"u8, Encoding.UTF8.GetBytes(value))));

    [Fact]
    public void Time_to_come_back_is_in_milliseconds() =>
        Assert.Equal("retry: 2000\n", Written(output => EventText.WriteRetry(output, 2000)));

    private static string Written(Action<ArrayBufferWriter<byte>> write)
    {
        var output = new ArrayBufferWriter<byte>();
        write(output);
        return Encoding.UTF8.GetString(output.WrittenSpan);
    }
}
