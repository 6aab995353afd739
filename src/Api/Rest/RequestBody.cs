using System.Buffers;
using System.IO.Pipelines;

namespace Galley.Api.Rest;

/// <summary>Reads a body whole, within the limit.</summary>
internal static class RequestBody
{
    /// <summary>The body; it is valid until the pipe is advanced, which the caller does with its end.</summary>
    public static async ValueTask<ReadOnlySequence<byte>> ReadAsync(HttpRequest request, long bytesMax)
    {
        PipeReader reader = request.BodyReader;
        if (request.ContentLength > bytesMax) throw await RefuseAsync(reader, bytesMax);
        while (true)
        {
            ReadResult result = await reader.ReadAsync();
            if (result.Buffer.Length > bytesMax)
            {
                reader.AdvanceTo(result.Buffer.End);
                throw await RefuseAsync(reader, bytesMax);
            }
            if (result.IsCompleted) return result.Buffer;
            reader.AdvanceTo(result.Buffer.Start, result.Buffer.End);
        }
    }

    /// <summary>Reads on to the end: a client that is still sending would see a broken connection and no answer.</summary>
    private static async ValueTask<RestException> RefuseAsync(PipeReader reader, long bytesMax)
    {
        long drained = 0;
        while (drained < RestLimits.DrainedBytesMax)
        {
            ReadResult result = await reader.ReadAsync();
            drained += result.Buffer.Length;
            reader.AdvanceTo(result.Buffer.End);
            if (result.IsCompleted) break;
        }
        return new RestException(StatusCodes.Status413PayloadTooLarge,
            $"ERR max request size exceeded. Limit: {bytesMax} bytes. Send less at once, or raise http-max-body-size");
    }
}
