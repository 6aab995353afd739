using System.Text;
using Galley.Store.Types;

namespace Galley.Store.Tests.Types;

public sealed class StreamIdTests
{
    [Theory]
    [InlineData("5-3", 5, 3)]
    [InlineData("5", 5, 9)]
    [InlineData("007-008", 7, 8)]
    [InlineData("+6", 6, 9)]
    [InlineData(" \t5", 5, 9)]
    [InlineData("18446744073709551615-18446744073709551615", ulong.MaxValue, ulong.MaxValue)]
    public void What_redis_reads_as_a_number_is_one(string text, ulong ms, ulong seq)
    {
        Assert.True(StreamId.TryParse(Encoding.ASCII.GetBytes(text), 9, out StreamId id));
        Assert.Equal(new StreamId(ms, seq), id);
    }

    [Theory]
    [InlineData("")]
    [InlineData("-")]
    [InlineData("+")]
    [InlineData("5-")]
    [InlineData("-5")]
    [InlineData("5-3-1")]
    [InlineData("5.0")]
    [InlineData("a")]
    [InlineData("18446744073709551616")]
    [InlineData("5-*")]
    public void Everything_else_is_none(string text) => Assert.False(StreamId.TryParse(Encoding.ASCII.GetBytes(text), 0, out _));

    [Fact]
    public void Neighbours_carry_over_the_border_of_a_millisecond()
    {
        Assert.True(new StreamId(4, ulong.MaxValue).TryNext(out StreamId next));
        Assert.Equal(new StreamId(5, 0), next);
        Assert.True(next.TryPrevious(out StreamId previous));
        Assert.Equal(new StreamId(4, ulong.MaxValue), previous);
        Assert.False(StreamId.Max.TryNext(out _));
        Assert.False(StreamId.Min.TryPrevious(out _));
    }

    [Fact]
    public void The_bytes_of_the_binary_form_have_the_order_of_identifiers()
    {
        StreamId[] ids = [new(0, 1), new(0, 256), new(1, 0), new(255, 9), new(256, 0), new(1UL << 63, 0), StreamId.Max];
        byte[][] binaries = [.. ids.Select(id =>
        {
            var binary = new byte[StreamId.BinaryBytes];
            id.WriteTo(binary);
            Assert.Equal(id, StreamId.Read(binary));
            return binary;
        })];
        for (int i = 1; i < ids.Length; i++)
        {
            Assert.True(ids[i - 1] < ids[i]);
            Assert.True(binaries[i - 1].AsSpan().SequenceCompareTo(binaries[i]) < 0);
        }
    }
}
