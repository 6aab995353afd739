using System.Buffers.Binary;
using System.Text;
using Galley.Api.WebSockets;
using Xunit;

namespace Galley.Api.Tests.WebSockets.Protocol;

public sealed class MessageReaderTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    [InlineData(4096)]
    [InlineData(1_000_000)]
    public async Task Messages_of_any_length_come_whole_however_they_are_cut(int pieceBytes)
    {
        string[] texts = ["", "a", new('b', 125), new('c', 126), new('d', 5000), new('e', 70_000), "ünïcode"];
        await using MessageReader reader = Read(pieceBytes, [.. texts.SelectMany(text => Frame(0x81, text))]);

        foreach (string text in texts) Assert.Equal(text, await TextAsync(reader));
        Assert.True((await reader.ReadAsync()).IsEnd);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(4096)]
    public async Task A_message_in_several_frames_is_put_together_with_pings_between(int pieceBytes)
    {
        await using MessageReader reader = Read(pieceBytes, [.. Frame(0x01, "one "), .. Frame(0x89, "ping"), .. Frame(0x00, "two "), .. Frame(0x80, new string('3', 9000)), .. Frame(0x81, "next")]);

        Message ping = await reader.ReadAsync();
        Assert.Equal(Opcode.Ping, ping.Opcode);
        Assert.Equal("ping", Encoding.UTF8.GetString(ping.Payload.Span));
        Assert.Equal("one two " + new string('3', 9000), await TextAsync(reader));
        Assert.Equal("next", await TextAsync(reader));
    }

    [Theory]
    [InlineData(new byte[] { 0x80, 0x80, 0, 0, 0, 0 })]
    [InlineData(new byte[] { 0x01, 0x80, 0, 0, 0, 0, 0x81, 0x80, 0, 0, 0, 0 })]
    public async Task A_message_neither_goes_on_unbegun_nor_begins_anew(byte[] frames)
    {
        await using MessageReader reader = Read(100, frames);

        Assert.Equal(CloseCode.ProtocolError, (await Assert.ThrowsAsync<ProtocolException>(async () => await reader.ReadAsync())).Code);
    }

    [Fact]
    public async Task A_length_over_the_limit_is_refused_before_its_bytes_are_there()
    {
        await using MessageReader reader = Read(100, [0x81, 0xFF, 0, 0, 0, 0, 0x7F, 0xFF, 0xFF, 0xFF, 0, 0, 0, 0]);

        Assert.Equal(CloseCode.FrameTooBig, (await Assert.ThrowsAsync<ProtocolException>(async () => await reader.ReadAsync())).Code);
    }

    [Fact]
    public async Task Pieces_count_together()
    {
        await using MessageReader reader = Read(100_000, [.. Frame(0x01, new string('a', 99_000)), .. Frame(0x80, new string('b', 2_000))]);
        reader.MessageBytesMax = 100_000;

        Assert.Equal(CloseCode.FrameTooBig, (await Assert.ThrowsAsync<ProtocolException>(async () => await reader.ReadAsync())).Code);
    }

    [Fact]
    public async Task Any_bytes_end_in_a_message_a_breach_or_the_end()
    {
        var random = new Random(20261123);
        for (int round = 0; round < 2000; round++)
        {
            var bytes = new byte[random.Next(200)];
            random.NextBytes(bytes);
            // Half of them begin as a client's frame does.
            if (bytes.Length > 1 && round % 2 == 0) (bytes[0], bytes[1]) = (0x81, (byte)(0x80 | random.Next(64)));
            await using MessageReader reader = Read(1 + random.Next(50), bytes);
            try
            {
                int messages = 0;
                while (!(await reader.ReadAsync()).IsEnd) Assert.True(++messages < 100);
            }
            catch (ProtocolException breach)
            {
                Assert.True(breach.Code is CloseCode.ProtocolError or CloseCode.FrameTooBig);
            }
        }
    }

    private static MessageReader Read(int pieceBytes, byte[] bytes) => new(new Pieces(bytes, pieceBytes)) { MessageBytesMax = 1024 * 1024 };

    private static async Task<string> TextAsync(MessageReader reader)
    {
        Message message = await reader.ReadAsync();
        Assert.Equal(Opcode.Text, message.Opcode);
        return Encoding.UTF8.GetString(message.Payload.Span);
    }

    /// <summary>A frame as a client sends it.</summary>
    private static byte[] Frame(byte first, string text)
    {
        byte[] payload = Encoding.UTF8.GetBytes(text);
        var head = new byte[FrameHeader.SentBytesMax];
        int length = FrameHeader.Write(head, Opcode.Text, payload.Length);
        head[0] = first;
        head[1] |= 0x80;
        byte[] mask = [0x12, 0x34, 0x56, 0x78];
        Mask.Apply(payload, BinaryPrimitives.ReadUInt32LittleEndian(mask));
        return [.. head.AsSpan(0, length), .. mask, .. payload];
    }

    /// <summary>Gives its bytes a few at a time, as a network does.</summary>
    private sealed class Pieces(byte[] bytes, int pieceBytes) : MemoryStream(bytes)
    {
        public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) =>
            base.ReadAsync(buffer[..Math.Min(buffer.Length, pieceBytes)], cancellationToken);
    }
}
