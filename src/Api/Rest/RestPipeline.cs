using System.Buffers;
using System.IO.Pipelines;
using System.Text;
using Galley.Api.Doors;

namespace Galley.Api.Rest;

/// <summary>
/// /pipeline: one row of the response for each command, in order. A command that is refused before it reaches the engine
/// has its row too; so the batch is run without it, and its error is put between the others.
/// </summary>
internal static class RestPipeline
{
    public static async Task RunAsync(HttpContext context, ReplyFormat format, Exchange exchange)
    {
        string?[]? refusals = Refusals(exchange.Batch);
        DoorReply reply = await exchange.Session.ExecuteAsync(refusals is null ? exchange.Batch : Allowed(exchange.Batch, refusals), isAtomic: false);
        RestResponse.WriteHead(context, format, reply.LogOffset);

        int count = exchange.Batch.Count;
        if (reply.Resp.Length <= RestLimits.BufferedReplyBytesMax)
        {
            WriteRows(reply.Resp.Span, exchange.Body, format, refusals, count);
            await RestResponse.SendAsync(context, exchange.Body.WrittenMemory);
            return;
        }
        PipeWriter output = context.Response.BodyWriter;
        WriteRows(reply.Resp.Span, output, format, refusals, count);
        await output.FlushAsync();
    }

    /// <summary>The refusal of each row, or null where no row is refused.</summary>
    private static string?[]? Refusals(CommandBatch batch)
    {
        string?[]? refusals = null;
        for (int i = 0; i < batch.Count; i++)
        {
            if (UnavailableCommands.Refusal(batch[i]) is not { } refusal) continue;
            refusals ??= new string?[batch.Count];
            refusals[i] = refusal;
        }
        return refusals;
    }

    private static CommandBatch Allowed(CommandBatch batch, string?[] refusals)
    {
        var allowed = new CommandBatch();
        for (int row = 0; row < batch.Count; row++)
        {
            if (refusals[row] is not null) continue;
            allowed.BeginCommand();
            for (int i = 0; i < batch[row].Count; i++) allowed.Add(batch[row][i]);
        }
        return allowed;
    }

    private static void WriteRows(
        ReadOnlySpan<byte> resp, IBufferWriter<byte> output, ReplyFormat format, string?[]? refusals, int count)
    {
        if (format == ReplyFormat.Resp2)
        {
            WriteResp(resp, output, refusals, count);
            return;
        }
        var json = new RespToJson(resp, output, format == ReplyFormat.Base64);
        output.Write("["u8);
        for (int row = 0; row < count; row++)
        {
            if (row > 0) output.Write(","u8);
            if (refusals?[row] is { } refusal) WriteRefusal(output, refusal);
            else json.WriteRow();
        }
        output.Write("]"u8);
    }

    private static void WriteRefusal(IBufferWriter<byte> output, string refusal)
    {
        output.Write("{\"error\":"u8);
        JsonText.WriteString(output, refusal);
        output.Write("}"u8);
    }

    /// <summary>Replies as they are, with the refusals in their places.</summary>
    private static void WriteResp(ReadOnlySpan<byte> resp, IBufferWriter<byte> output, string?[]? refusals, int count)
    {
        for (int row = 0; row < count && refusals is not null; row++)
        {
            if (refusals[row] is { } refusal)
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
