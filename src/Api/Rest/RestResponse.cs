using System.Buffers;
using System.IO.Pipelines;
using Galley.Api.Doors;

namespace Galley.Api.Rest;

/// <summary>Writes replies into the response: short ones with their length before them, long ones as they come.</summary>
internal static class RestResponse
{
    public const string Json = "application/json; charset=utf-8";
    public const string Resp = "application/octet-stream";

    public static Task WriteSingleAsync(HttpContext context, ReplyFormat format, Exchange exchange, in DoorReply reply)
    {
        WriteHead(context, format, reply.LogOffset);
        return format == ReplyFormat.Resp2
            ? SendAsync(context, reply.Resp)
            : WriteAsync(context, exchange, reply.Resp, format, static (resp, output, format) =>
                new RespToJson(resp, output, format == ReplyFormat.Base64).WriteRow());
    }

    /// <summary>The one reply of EXEC: an array of rows, or an error. Always JSON.</summary>
    public static Task WriteTransactionAsync(HttpContext context, ReplyFormat format, Exchange exchange, in DoorReply reply)
    {
        WriteHead(context, ReplyFormat.Json, reply.LogOffset);
        return WriteAsync(context, exchange, reply.Resp, format, static (resp, output, format) =>
        {
            var json = new RespToJson(resp, output, format == ReplyFormat.Base64);
            if (json.IsError) json.WriteRow();
            else WriteRows(ref json, output, json.EnterArray());
        });
    }

    /// <summary>The head of a response, before its body is begun.</summary>
    public static void WriteHead(HttpContext context, ReplyFormat format, long logOffset)
    {
        context.Response.ContentType = format == ReplyFormat.Resp2 ? Resp : Json;
        context.Response.Headers[SyncToken.Header] = SyncToken.Of(logOffset);
    }

    public static async Task SendAsync(HttpContext context, ReadOnlyMemory<byte> body)
    {
        context.Response.ContentLength = body.Length;
        await context.Response.BodyWriter.WriteAsync(body);
    }

    private static Task WriteAsync(
        HttpContext context, Exchange exchange, ReadOnlyMemory<byte> resp, ReplyFormat format, RespWriting write)
    {
        if (resp.Length <= RestLimits.BufferedReplyBytesMax)
        {
            write(resp.Span, exchange.Body, format);
            return SendAsync(context, exchange.Body.WrittenMemory);
        }
        PipeWriter output = context.Response.BodyWriter;
        write(resp.Span, output, format);
        return output.FlushAsync().AsTask();
    }

    private static void WriteRows(ref RespToJson json, IBufferWriter<byte> output, int count)
    {
        output.Write("["u8);
        for (int i = 0; i < count; i++)
        {
            if (i > 0) output.Write(","u8);
            json.WriteRow();
        }
        output.Write("]"u8);
    }

    private delegate void RespWriting(ReadOnlySpan<byte> resp, IBufferWriter<byte> output, ReplyFormat format);
}
