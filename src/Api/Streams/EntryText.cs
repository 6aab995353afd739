using System.Buffers;
using System.Text.Unicode;
using Galley.Api.PubSub;
using Galley.Api.Rest;
using Galley.Api.Typed;
using Galley.Resp.Protocol;

namespace Galley.Api.Streams;

/// <summary>How often an entry was given to a consumer of a group, this time included, and how long nobody had touched it before.</summary>
internal readonly record struct Delivery(long Count, long IdleMs);

/// <summary>
/// Writes entries of streams, which the engine replies as <c>[id, [field, value, ..]]</c>:
/// <code>
///   {"id":"1700000000000-0","fields":[["k","v"],..],"enc":"b64","deliveries":2,"idle":60000}
///                                                   all base64, or not said    of a group
/// </code>
/// </summary>
internal static class EntryText
{
    /// <summary>Writes the entry at the cursor, which moves behind it.</summary>
    public static void Write(IBufferWriter<byte> output, ref RespCursor entry, DataMode mode, Delivery? delivery = null)
    {
        entry.ReadLength();
        output.Write("{\"id\":\""u8);
        output.Write(entry.ReadBlob());
        output.Write("\",\"fields\":["u8);
        bool isBase64 = mode == DataMode.Base64 || !IsText(entry.Copy());
        int words = entry.ReadLength();
        for (int i = 0; i < words; i += 2)
        {
            output.Write(i == 0 ? "["u8 : ",["u8);
            WriteWord(output, entry.ReadBlob(), isBase64, mayBeJson: false);
            output.Write(","u8);
            WriteWord(output, entry.ReadBlob(), isBase64, mode == DataMode.Json);
            output.Write("]"u8);
        }
        output.Write(isBase64 ? "],\"enc\":\"b64\""u8 : "]"u8);
        if (delivery is { } given)
        {
            output.Write(",\"deliveries\":"u8);
            WriteNumber(output, given.Count);
            output.Write(",\"idle\":"u8);
            WriteNumber(output, given.IdleMs);
        }
        output.Write("}"u8);
    }

    private static void WriteNumber(IBufferWriter<byte> output, long number) =>
        output.Advance(Numbers.FormatInt64(number, output.GetSpan(Numbers.IntegerBytesMax)));

    private static bool IsText(RespCursor fields)
    {
        int words = fields.ReadLength();
        for (int i = 0; i < words; i++)
            if (!Utf8.IsValid(fields.ReadBlob())) return false;
        return true;
    }

    private static void WriteWord(IBufferWriter<byte> output, ReadOnlySpan<byte> word, bool isBase64, bool mayBeJson)
    {
        if (isBase64) JsonText.WriteBase64(output, word);
        else if (mayBeJson && MessageJson.IsJson(word)) output.Write(word);
        else JsonText.WriteString(output, word);
    }
}
