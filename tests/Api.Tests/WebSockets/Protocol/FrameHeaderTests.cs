using Galley.Api.WebSockets;
using Xunit;

namespace Galley.Api.Tests.WebSockets.Protocol;

public sealed class FrameHeaderTests
{
    [Theory]
    [InlineData(0, 2)]
    [InlineData(125, 2)]
    [InlineData(126, 4)]
    [InlineData(65535, 4)]
    [InlineData(65536, 10)]
    [InlineData(1L << 40, 10)]
    public void The_length_takes_as_few_bytes_as_it_can(long payloadBytes, int headBytes)
    {
        var sent = new byte[FrameHeader.SentBytesMax];
        Assert.Equal(headBytes, FrameHeader.Write(sent, Opcode.Text, payloadBytes));
        Assert.Equal(0x81, sent[0]);

        // As a client would send it: with a mask.
        sent[1] |= 0x80;
        byte[] received = [.. sent.AsSpan(0, headBytes), 1, 2, 3, 4];
        for (int length = 0; length < received.Length; length++)
            Assert.False(FrameHeader.TryRead(received.AsSpan(0, length), out _), $"{length} of {received.Length} bytes are no head");
        Assert.True(FrameHeader.TryRead(received, out FrameHeader header));
        Assert.Equal(new FrameHeader(Opcode.Text, true, received.Length, payloadBytes, 0x04030201), header);
    }

    [Theory]
    [InlineData(0x81, 0x00, "must mask")]
    [InlineData(0xC1, 0x80, "reserved bit")]
    [InlineData(0xA1, 0x80, "reserved bit")]
    [InlineData(0x83, 0x80, "no such opcode")]
    [InlineData(0x8B, 0x80, "no such opcode")]
    public void What_breaks_the_protocol_is_seen_in_the_first_two_bytes(byte first, byte second, string message) =>
        Assert.Contains(message, Assert.Throws<ProtocolException>(() => FrameHeader.TryRead([first, second], out _)).Message);

    [Theory]
    [InlineData(new byte[] { 0x09, 0x80, 0, 0, 0, 0 })]
    [InlineData(new byte[] { 0x89, 0xFE, 0, 126, 0, 0, 0, 0 })]
    public void A_ping_is_short_and_whole(byte[] head) =>
        Assert.Throws<ProtocolException>(() => FrameHeader.TryRead(head, out _));

    [Fact]
    public void A_negative_length_is_none() =>
        Assert.Throws<ProtocolException>(() => FrameHeader.TryRead([0x81, 0xFF, 0x80, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0], out _));
}
