using System.Buffers;
using System.Text;

namespace Galley.Api.Rest;

/// <summary>
/// Writes answers: a short one is put together first and sent with its length, a long one goes out in pieces
/// (<see cref="LongAnswer"/>). Over a kilobyte either is packed for clients that can unpack it.
/// </summary>
internal static class RestResponse
{
    public const string Json = "application/json; charset=utf-8";
    public const string Resp = "application/octet-stream";

    public static Task WriteAsync(HttpContext context, in RestAnswer answer, Exchange exchange)
    {
        HttpResponse response = context.Response;
        response.StatusCode = answer.IsError && answer.Form != RestForm.Pipeline ? StatusCodes.Status400BadRequest : StatusCodes.Status200OK;
        WriteHead(response, answer.Format, answer.StateNumber);

        if (answer.Resp.Length > RestLimits.BufferedReplyBytesMax)
            return LongAnswer.WriteAsync(answer, EncodingOf(context, in answer), response);
        Write(in answer, exchange.Body);
        ReadOnlyMemory<byte> body = exchange.Body.WrittenMemory;
        ContentEncoding encoding = body.Length > RestLimits.PlainBytesMax ? EncodingOf(context, in answer) : ContentEncoding.Identity;
        return encoding == ContentEncoding.Identity ? SendAsync(response, body) : PackAsync(response, body, encoding);
    }

    /// <summary>The head of a response, before its body is begun.</summary>
    public static void WriteHead(HttpResponse response, ReplyFormat format, long stateNumber)
    {
        response.ContentType = format == ReplyFormat.Resp2 ? Resp : Json;
        response.Headers[SyncToken.Header] = SyncToken.Of(stateNumber);
    }

    /// <summary>What is not packed at all varies with nothing.</summary>
    private static ContentEncoding EncodingOf(HttpContext context, in RestAnswer answer)
    {
        if (!answer.MayPack) return ContentEncoding.Identity;
        context.Response.Headers.Append("Vary", "Accept-Encoding");
        return ContentEncodings.Accepted(context.Request);
    }

    public static Task SendAsync(HttpResponse response, ReadOnlyMemory<byte> body)
    {
        response.ContentLength = body.Length;
        ValueTask<System.IO.Pipelines.FlushResult> sent = response.BodyWriter.WriteAsync(body);
        return sent.IsCompletedSuccessfully ? Task.CompletedTask : sent.AsTask();
    }

    private static async Task PackAsync(HttpResponse response, ReadOnlyMemory<byte> body, ContentEncoding encoding)
    {
        System.IO.Pipelines.PipeWriter output = encoding.Begin(response);
        output.Write(body.Span);
        await encoding.EndAsync(output);
    }

    private static void Write(in RestAnswer answer, IBufferWriter<byte> output)
    {
        ReadOnlySpan<byte> resp = answer.Resp.Span;
        if (answer.Format == ReplyFormat.Resp2)
        {
            WriteResp(in answer, output);
            return;
        }
        var json = new RespToJson(resp, output, answer.IsBase64) { AdvisesOnUnknown = true };
        if (answer.Form == RestForm.Pipeline) WriteRows(ref json, output, in answer, answer.Rows);
        else if (answer.Form == RestForm.Transaction && !answer.IsError) WriteRows(ref json, output, in answer, json.EnterArray());
        else json.WriteRow();
    }

    private static void WriteRows(ref RespToJson json, IBufferWriter<byte> output, in RestAnswer answer, int count)
    {
        output.Write("["u8);
        for (int row = 0; row < count; row++)
        {
            if (row > 0) output.Write(","u8);
            if (answer.RefusalOf(row) is { } refusal) RestErrors.Write(output, refusal);
            else json.WriteRow();
        }
        output.Write("]"u8);
    }

    /// <summary>Replies as they are, with the refusals in their places.</summary>
    public static void WriteResp(in RestAnswer answer, IBufferWriter<byte> output)
    {
        ReadOnlySpan<byte> resp = answer.Resp.Span;
        for (int row = 0; row < answer.Rows && answer.Refusals is not null; row++)
        {
            if (answer.RefusalOf(row) is { } refusal)
            {
                output.Write(Encoding.UTF8.GetBytes($"-{refusal}\r\n"));
                continue;
            }
            int length = RespLength.OfFirst(resp);
            output.Write(resp[..length]);
            resp = resp[length..];
        }
        output.Write(resp);
    }
}
