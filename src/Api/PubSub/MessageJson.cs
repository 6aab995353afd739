using System.Buffers;
using System.Text.Json;
using System.Text.Unicode;
using Galley.Api.Rest;

namespace Galley.Api.PubSub;

/// <summary>Writes messages, and their payloads, as parts of JSON objects.</summary>
internal static class MessageJson
{
    /// <summary>
    /// Writes <c>"pattern":"u:*","channel":"u:1","data":"..","enc":"b64"</c>, without what does not apply.
    /// </summary>
    public static void WriteFields(IBufferWriter<byte> output, SharedMessage message, DataMode mode)
    {
        if (message.Kind == MessageKind.ByPattern)
        {
            output.Write("\"pattern\":"u8);
            JsonText.WriteString(output, message.NameBytes.Span);
            output.Write(","u8);
        }
        output.Write("\"channel\":"u8);
        JsonText.WriteString(output, message.ChannelBytes.Span);
        output.Write(",\"data\":"u8);
        if (!TryWriteText(output, mode, message.Payload.Span))
        {
            JsonText.WriteBase64(output, message.Payload.Span);
            output.Write(",\"enc\":\"b64\""u8);
        }
    }

    public static bool IsJson(ReadOnlySpan<byte> payload)
    {
        if (!Utf8.IsValid(payload)) return false;
        try
        {
            var reader = new Utf8JsonReader(payload);
            while (reader.Read()) { }
            return true;
        }
        catch (JsonException)
        {
            return false;
        }
    }

    /// <summary>False for what the mode cannot say.</summary>
    private static bool TryWriteText(IBufferWriter<byte> output, DataMode mode, ReadOnlySpan<byte> payload)
    {
        if (mode == DataMode.Json && IsJson(payload)) output.Write(payload);
        else if (mode != DataMode.Base64 && Utf8.IsValid(payload)) JsonText.WriteString(output, payload);
        else return false;
        return true;
    }
}
