using System.Buffers;
using System.Text;
using System.Text.Json;
using Galley.Api.Rest;

namespace Galley.Api.WebSockets;

/// <summary>Writes the frames that the server sends: one JSON object each.</summary>
internal static class ServerFrames
{
    public static byte[] Hello(long session) => Build(output =>
    {
        output.Write("{\"type\":\"hello\",\"session\":\""u8);
        WriteNumber(output, session);
        output.Write("\",\"user\":\"default\",\"heartbeat\":"u8);
        WriteNumber(output, (long)SocketLimits.Heartbeat.TotalMilliseconds);
        output.Write(",\"maxFrame\":"u8);
        WriteNumber(output, SocketLimits.FrameBytesMax);
        output.Write(",\"maxSubs\":"u8);
        WriteNumber(output, SocketLimits.SubscriptionsMax);
        output.Write(",\"server\":\"galley\"}"u8);
    });

    public static byte[] Authed() => "{\"type\":\"authed\",\"user\":\"default\"}"u8.ToArray();

    /// <param name="type">subscribed or psubscribed.</param>
    /// <param name="field">channels or patterns.</param>
    public static byte[] Subscribed(string type, string id, string field, IReadOnlyCollection<string> names) => Build(output =>
    {
        WriteHead(output, type, id);
        output.Write(Encoding.UTF8.GetBytes($",\"{field}\":["));
        int count = 0;
        foreach (string name in names)
        {
            if (count++ > 0) output.Write(","u8);
            JsonText.WriteString(output, name);
        }
        output.Write("],\"count\":"u8);
        WriteNumber(output, count);
        output.Write("}"u8);
    });

    public static byte[] Unsubscribed(string id, int remaining) => Build(output =>
    {
        WriteHead(output, "unsubscribed", id);
        output.Write(",\"remaining\":"u8);
        WriteNumber(output, remaining);
        output.Write("}"u8);
    });

    public static byte[] Message(Subscription subscription, in PublishedMessage message, long number)
    {
        var output = new ArrayBufferWriter<byte>(message.Payload.Length + 128);
        WriteHead(output, message.IsByPattern ? "pmessage" : "message", subscription.Id);
        if (message.IsByPattern)
        {
            output.Write(",\"pattern\":"u8);
            JsonText.WriteString(output, message.Pattern.Span);
        }
        output.Write(",\"channel\":"u8);
        JsonText.WriteString(output, message.Channel.Span);
        output.Write(",\"data\":"u8);
        WriteData(output, subscription.Data, message.Payload.Span);
        output.Write(",\"n\":"u8);
        WriteNumber(output, number);
        output.Write("}"u8);
        return output.WrittenSpan.ToArray();
    }

    /// <summary>Messages of a drop-oldest subscription are missing here.</summary>
    public static byte[] Gap(string id, long dropped) => Build(output =>
    {
        WriteHead(output, "gap", id);
        output.Write(",\"dropped\":"u8);
        WriteNumber(output, dropped);
        output.Write("}"u8);
    });

    public static byte[] Pong(JsonElement? time) => Build(output =>
    {
        output.Write("{\"type\":\"pong\""u8);
        if (time is { } value)
        {
            output.Write(",\"t\":"u8);
            output.Write(Encoding.UTF8.GetBytes(value.GetRawText()));
        }
        output.Write("}"u8);
    });

    public static byte[] Error(string? id, string code, string message, bool isFatal = false) => Build(output =>
    {
        output.Write("{\"type\":\"error\""u8);
        if (id is not null)
        {
            output.Write(",\"id\":"u8);
            JsonText.WriteString(output, id);
        }
        output.Write(",\"code\":"u8);
        JsonText.WriteString(output, code);
        output.Write(",\"message\":"u8);
        JsonText.WriteString(output, message);
        bool mayRetry = code is "LOADING" or "BUSY" or "MISCONF" or "SLOW";
        output.Write(mayRetry ? ",\"retry\":true"u8 : ",\"retry\":false"u8);
        output.Write(isFatal ? ",\"fatal\":true}"u8 : ",\"fatal\":false}"u8);
    });

    /// <summary>The reply of one command; a failed one is an error frame with its code.</summary>
    public static byte[] Reply(string id, ReadOnlyMemory<byte> resp)
    {
        var json = new RespToJson(resp.Span, new ArrayBufferWriter<byte>(), asBase64: false);
        if (json.IsError)
        {
            string text = Encoding.UTF8.GetString(json.ReadError());
            return Error(id, text.Split(' ')[0], text);
        }
        return Build(output =>
        {
            WriteHead(output, "reply", id);
            output.Write(",\"result\":"u8);
            new RespToJson(resp.Span, output, asBase64: false).WriteValue();
            output.Write("}"u8);
        });
    }

    /// <summary>The replies of a batch, as rows of /pipeline; of an atomic one, the rows in the reply of EXEC.</summary>
    public static byte[] BatchReply(string id, ReadOnlyMemory<byte> resp, int count, bool isAtomic)
    {
        if (isAtomic && new RespToJson(resp.Span, new ArrayBufferWriter<byte>(), asBase64: false).IsError) return Reply(id, resp);
        return Build(output =>
        {
            WriteHead(output, "reply", id);
            output.Write(",\"result\":["u8);
            var json = new RespToJson(resp.Span, output, asBase64: false);
            int rows = isAtomic ? json.EnterArray() : count;
            for (int row = 0; row < rows; row++)
            {
                if (row > 0) output.Write(","u8);
                json.WriteRow();
            }
            output.Write("]}"u8);
        });
    }

    /// <summary>What a mode cannot say is base64, and marked.</summary>
    private static void WriteData(ArrayBufferWriter<byte> output, DataMode mode, ReadOnlySpan<byte> payload)
    {
        if (mode == DataMode.Json && IsJson(payload))
        {
            output.Write(payload);
        }
        else if (mode != DataMode.Base64 && System.Text.Unicode.Utf8.IsValid(payload))
        {
            JsonText.WriteString(output, payload);
        }
        else
        {
            JsonText.WriteBase64(output, payload);
            output.Write(",\"enc\":\"b64\""u8);
        }
    }

    private static bool IsJson(ReadOnlySpan<byte> payload)
    {
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

    private static void WriteHead(ArrayBufferWriter<byte> output, string type, string id)
    {
        output.Write("{\"type\":"u8);
        JsonText.WriteString(output, type);
        output.Write(",\"id\":"u8);
        JsonText.WriteString(output, id);
    }

    private static void WriteNumber(ArrayBufferWriter<byte> output, long number)
    {
        number.TryFormat(output.GetSpan(20), out int written, default, System.Globalization.CultureInfo.InvariantCulture);
        output.Advance(written);
    }

    private static byte[] Build(Action<ArrayBufferWriter<byte>> write)
    {
        var output = new ArrayBufferWriter<byte>(256);
        write(output);
        return output.WrittenSpan.ToArray();
    }
}
