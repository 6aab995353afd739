using System.Buffers;
using Galley.Api.PubSub;
using Galley.Api.Rest;

namespace Galley.Api.Events;

/// <summary>
/// Messages as <c>EventSource</c> takes them apart. The data of one channel's message is its payload: as it is, always as
/// JSON, or in base64. By a pattern it is an object, which names the channel.
/// <code>
///   event: message        event: pmessage
///   data: payload         data: {"pattern":"u:*","channel":"u:1","data":"payload"}
/// </code>
/// No event has an id: who comes back does not hear what it has missed.
/// </summary>
internal sealed class ChannelEvents : IEventForm
{
    /// <summary>Milliseconds after which <c>EventSource</c> comes back.</summary>
    public const int RetryMs = 2000;

    private static readonly ChannelEvents[] Forms =
    [
        new(DataMode.Utf8, MessageForm.EventUtf8), new(DataMode.Json, MessageForm.EventJson), new(DataMode.Base64, MessageForm.EventBase64),
    ];

    private readonly DataMode _mode;
    private readonly MessageForm _form;
    private readonly Func<SharedMessage, byte[]> _encoder;

    private ChannelEvents(DataMode mode, MessageForm form)
    {
        _mode = mode;
        _form = form;
        _encoder = Encode;
    }

    public static ChannelEvents In(DataMode mode) => Forms[(int)mode];

    public byte[] OpeningOf(ReadOnlyMemory<byte> confirmation)
    {
        var output = new ArrayBufferWriter<byte>();
        EventText.WriteRetry(output, RetryMs);
        EventText.WriteEnd(output);
        return output.WrittenSpan.ToArray();
    }

    public byte[] EventOf(SharedMessage message) => message.In(_form, _encoder);

    private byte[] Encode(SharedMessage message)
    {
        bool isByPattern = message.Kind == MessageKind.ByPattern;
        var output = new ArrayBufferWriter<byte>(message.Payload.Length + 128);
        EventText.WriteField(output, "event"u8, isByPattern ? "pmessage"u8 : "message"u8);
        EventText.WriteData(output, isByPattern ? ObjectOf(message) : DataOf(message.Payload));
        EventText.WriteEnd(output);
        return output.WrittenSpan.ToArray();
    }

    private ReadOnlySpan<byte> DataOf(ReadOnlyMemory<byte> payload)
    {
        bool isAsItIs = _mode == DataMode.Utf8 || (_mode == DataMode.Json && MessageJson.IsJson(payload.Span));
        if (isAsItIs) return payload.Span;
        var output = new ArrayBufferWriter<byte>(payload.Length + 128);
        if (_mode == DataMode.Json) JsonText.WriteString(output, payload.Span);
        else JsonText.WriteBase64Content(output, payload.Span);
        return output.WrittenSpan;
    }

    private ReadOnlySpan<byte> ObjectOf(SharedMessage message)
    {
        var output = new ArrayBufferWriter<byte>(message.Payload.Length + 128);
        output.Write("{"u8);
        MessageJson.WriteFields(output, message, _mode);
        output.Write("}"u8);
        return output.WrittenSpan;
    }
}
