using System.Buffers;
using System.Text;
using Galley.Api.PubSub;
using Galley.Api.Rest;
using Galley.Api.Streams;
using Galley.Api.Typed;
using Galley.Store.Types;

namespace Galley.Api.Events;

/// <summary>
/// Entries of a stream as <c>EventSource</c> takes them apart. Each has its identifier, which the client shows when it
/// comes back; the opening has the one behind which it began, for a client that comes back before there was an entry.
/// <code>
///   retry: 2000    id: 17-1                                    event: gap
///   id: 17-0       event: entry                                data: {"requested":"17-0","first":"19-0"}
///                  data: {"id":"17-1","fields":[["k","v"]]}
/// </code>
/// </summary>
internal static class EntryEvents
{
    private static readonly Func<SharedEntries, byte[]>[] Encoders =
    [
        entries => Encode(entries, DataMode.Utf8), entries => Encode(entries, DataMode.Json), entries => Encode(entries, DataMode.Base64),
    ];

    public static byte[] OpeningAt(StreamId position)
    {
        var output = new ArrayBufferWriter<byte>();
        EventText.WriteRetry(output, ChannelEvents.RetryMs);
        EventText.WriteField(output, "id"u8, Encoding.ASCII.GetBytes(position.ToString()));
        EventText.WriteEnd(output);
        return output.WrittenSpan.ToArray();
    }

    /// <summary>An event for each entry, one after another; all who want this mode share the array.</summary>
    public static byte[] Of(SharedEntries entries, DataMode mode) => entries.In(EntryForm.Events, mode, Encoders[(int)mode]);

    public static byte[] Of(StreamGap gap)
    {
        var json = new ArrayBufferWriter<byte>();
        json.Write("{"u8);
        gap.WriteFields(json);
        json.Write("}"u8);
        return Event("gap"u8, json.WrittenSpan);
    }

    /// <summary>Why the stream ends here: a code, a message, and of a gap where it is.</summary>
    /// <param name="text">Its first word is the code.</param>
    public static byte[] Error(string text, StreamGap? gap = null)
    {
        var json = new ArrayBufferWriter<byte>();
        json.Write("{\"code\":"u8);
        JsonText.WriteString(json, text.Split(' ')[0]);
        json.Write(",\"message\":"u8);
        JsonText.WriteString(json, text);
        if (gap is { } hole)
        {
            json.Write(","u8);
            hole.WriteFields(json);
        }
        json.Write("}"u8);
        return Event("error"u8, json.WrittenSpan);
    }

    private static byte[] Encode(SharedEntries entries, DataMode mode)
    {
        var output = new ArrayBufferWriter<byte>(entries.RespBytes + (entries.RespBytes / 4) + (entries.Count * 64));
        var json = new ArrayBufferWriter<byte>();
        RespCursor cursor = entries.Read();
        for (int i = 0; i < entries.Count; i++)
        {
            RespCursor entry = cursor.Copy();
            entry.ReadLength();
            EventText.WriteField(output, "id"u8, entry.ReadBlob());
            json.ResetWrittenCount();
            EntryText.Write(json, ref cursor, mode);
            WriteBody(output, "entry"u8, json.WrittenSpan);
        }
        return output.WrittenSpan.ToArray();
    }

    private static byte[] Event(ReadOnlySpan<byte> type, ReadOnlySpan<byte> json)
    {
        var output = new ArrayBufferWriter<byte>();
        WriteBody(output, type, json);
        return output.WrittenSpan.ToArray();
    }

    /// <summary>One line of data: a line end in JSON is a blank like any other.</summary>
    private static void WriteBody(ArrayBufferWriter<byte> output, ReadOnlySpan<byte> type, ReadOnlySpan<byte> json)
    {
        EventText.WriteField(output, "event"u8, type);
        EventText.WriteField(output, "data"u8, json);
        EventText.WriteEnd(output);
    }
}
