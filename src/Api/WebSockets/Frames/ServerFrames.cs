using System.Buffers;
using System.Text;
using Galley.Api.PubSub;
using Galley.Api.Rest;
using Galley.Store.Configuration;

namespace Galley.Api.WebSockets;

/// <summary>Writes the frames that the server sends: one JSON object each.</summary>
internal static partial class ServerFrames
{
    public static byte[] Hello(long session, string user, Settings settings) => Build(output =>
    {
        WriteType(output, FrameTypes.Hello);
        output.Write(",\"session\":\""u8);
        WriteNumber(output, session);
        output.Write("\",\"user\":"u8);
        JsonText.WriteString(output, user);
        output.Write(",\"heartbeat\":"u8);
        WriteNumber(output, settings.WsPingIntervalMs);
        output.Write(",\"maxFrame\":"u8);
        WriteNumber(output, settings.WsMaxFrameBytes);
        output.Write(",\"maxSubs\":"u8);
        WriteNumber(output, settings.WsMaxSubscriptions);
        output.Write(",\"server\":\"galley\"}"u8);
    });

    public static byte[] Authed(string user) => Build(output =>
    {
        WriteType(output, FrameTypes.Authed);
        output.Write(",\"user\":"u8);
        JsonText.WriteString(output, user);
        output.Write("}"u8);
    });

    public static byte[] Subscribed(Subscription subscription) => Build(output =>
    {
        WriteHead(output, SubscriptionWords.Of(subscription.Kind).Subscribed, subscription.Id);
        output.Write(subscription.Kind == MessageKind.ByPattern ? ",\"patterns\":["u8 : ",\"channels\":["u8);
        int count = 0;
        foreach (string name in subscription.Names)
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
        WriteHead(output, FrameTypes.Unsubscribed, id);
        output.Write(",\"remaining\":"u8);
        WriteNumber(output, remaining);
        output.Write("}"u8);
    });

    /// <summary>Messages of a drop-oldest subscription are missing here.</summary>
    public static byte[] Gap(string id, long dropped) => Build(output =>
    {
        WriteHead(output, FrameTypes.Gap, id);
        output.Write(",\"dropped\":"u8);
        WriteNumber(output, dropped);
        output.Write("}"u8);
    });

    public static byte[] Pong(ReadOnlyMemory<byte>? time) => Build(output =>
    {
        WriteType(output, FrameTypes.Pong);
        if (time is { } value)
        {
            output.Write(",\"t\":"u8);
            output.Write(value.Span);
        }
        output.Write("}"u8);
    });

    public static byte[] Error(string? id, string code, string message, bool isFatal = false) => Build(output =>
    {
        WriteType(output, FrameTypes.Error);
        if (id is not null) WriteId(output, id);
        WriteError(output, code, message, isFatal);
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
            WriteHead(output, FrameTypes.Reply, id);
            output.Write(",\"result\":"u8);
            new RespToJson(resp.Span, output, asBase64: false).WriteValue();
            output.Write("}"u8);
        });
    }

    /// <summary>The replies of a batch, as rows of /pipeline; of an atomic one, the rows in the reply of EXEC.</summary>
    public static byte[] BatchReply(string id, ReadOnlyMemory<byte> resp, int count, bool isAtomic)
    {
        // An error, or the null of a transaction whose watched keys have changed.
        if (isAtomic && (!resp.Span.StartsWith("*"u8) || resp.Span.StartsWith("*-"u8))) return Reply(id, resp);
        return Build(output =>
        {
            WriteHead(output, FrameTypes.Reply, id);
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

    /// <summary>The beginning of a frame of that type, for the request or subscription of that id.</summary>
    public static void WriteHead(IBufferWriter<byte> output, string type, string id)
    {
        WriteType(output, type);
        WriteId(output, id);
    }

    private static void WriteType(IBufferWriter<byte> output, string type)
    {
        output.Write("{\"type\":"u8);
        JsonText.WriteString(output, type);
    }

    private static void WriteId(IBufferWriter<byte> output, string id)
    {
        output.Write(",\"id\":"u8);
        JsonText.WriteString(output, id);
    }

    private static void WriteError(ArrayBufferWriter<byte> output, string code, string message, bool isFatal)
    {
        output.Write(",\"code\":"u8);
        JsonText.WriteString(output, code);
        output.Write(",\"message\":"u8);
        JsonText.WriteString(output, message);
        bool mayRetry = code is "LOADING" or "BUSY" or "MISCONF" or "SLOW" or "RATE";
        output.Write(mayRetry ? ",\"retry\":true"u8 : ",\"retry\":false"u8);
        output.Write(isFatal ? ",\"fatal\":true}"u8 : ",\"fatal\":false}"u8);
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
