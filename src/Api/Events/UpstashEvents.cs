using System.Buffers;
using System.Globalization;
using Galley.Api.PubSub;
using Galley.Api.Rest;

namespace Galley.Api.Events;

/// <summary>
/// Events as <c>@upstash/redis</c> reads them: one line of data each, whose parts have commas between them.
/// <code>
///   data: subscribe,news,1              data: psubscribe,news.*,1              data: "OK"
///   data: message,news,payload          data: pmessage,news.*,news.art,payload data: 1700000000.123456 [0 ..] "SET" "k" "v"
/// </code>
/// The client takes a payload for JSON where it is some. Of a message by pattern it takes nothing else, so that text is
/// written as a JSON string there. A payload with line ends, which one line cannot have, is rewritten to what the client
/// reads back as the same: in JSON they become blanks, and text becomes a JSON string.
/// </summary>
internal sealed class UpstashEvents : IEventForm
{
    private static readonly Func<SharedMessage, byte[]> Encoder = Encode;

    public static UpstashEvents Form { get; } = new();

    public byte[] OpeningOf(ReadOnlyMemory<byte> confirmation)
    {
        var output = new ArrayBufferWriter<byte>();
        if (confirmation.Span[0] == (byte)'+')
        {
            output.Write("data: \"OK\"\n\n"u8);
            return output.WrittenSpan.ToArray();
        }
        var reader = new PushReader(confirmation);
        Span<byte> digits = stackalloc byte[11];
        while (!reader.IsAtEnd)
        {
            reader.ReadNumber();
            Begin(output, reader.ReadBulk().Span);
            EventText.WriteInLine(output, reader.ReadBulk().Span);
            output.Write(","u8);
            reader.ReadNumber().TryFormat(digits, out int length, default, CultureInfo.InvariantCulture);
            output.Write(digits[..length]);
            output.Write("\n\n"u8);
        }
        return output.WrittenSpan.ToArray();
    }

    public byte[] EventOf(SharedMessage message) => message.In(MessageForm.Upstash, Encoder);

    private static byte[] Encode(SharedMessage message)
    {
        ReadOnlySpan<byte> payload = message.Payload.Span;
        var output = new ArrayBufferWriter<byte>(payload.Length + 128);
        switch (message.Kind)
        {
            case MessageKind.MonitorLine:
                output.Write("data: "u8);
                output.Write(payload);
                break;
            case MessageKind.ByPattern:
                Begin(output, "pmessage"u8);
                EventText.WriteInLine(output, message.NameBytes.Span);
                output.Write(","u8);
                EventText.WriteInLine(output, message.ChannelBytes.Span);
                output.Write(","u8);
                WritePayload(output, payload, isPlain: false);
                break;
            default:
                Begin(output, "message"u8);
                EventText.WriteInLine(output, message.ChannelBytes.Span);
                output.Write(","u8);
                WritePayload(output, payload, isPlain: !EventText.HasLineEnd(payload));
                break;
        }
        output.Write("\n\n"u8);
        return output.WrittenSpan.ToArray();
    }

    private static void Begin(ArrayBufferWriter<byte> output, ReadOnlySpan<byte> word)
    {
        output.Write("data: "u8);
        output.Write(word);
        output.Write(","u8);
    }

    /// <param name="isPlain">It may stand as it is, whatever it is.</param>
    private static void WritePayload(ArrayBufferWriter<byte> output, ReadOnlySpan<byte> payload, bool isPlain)
    {
        if (isPlain) output.Write(payload);
        // Within a JSON string a line end is escaped: what is one stands between its parts.
        else if (MessageJson.IsJson(payload)) EventText.WriteInLine(output, payload);
        else JsonText.WriteString(output, payload);
    }
}
