using System.Buffers;

namespace Galley.Api.Rest;

/// <summary>Writes <c>{"error":".."}</c>: clients parse the body whatever the status.</summary>
internal static class RestErrors
{
    /// <summary>The status for a reply that is an error: later, where it is not the request's fault that it cannot be served now.</summary>
    public static int StatusOf(ReadOnlySpan<byte> respError) =>
        respError.StartsWith("-BUSY "u8) || respError.StartsWith("-LOADING "u8)
            ? StatusCodes.Status503ServiceUnavailable
            : StatusCodes.Status400BadRequest;

    public static async Task WriteAsync(HttpContext context, int status, string message)
    {
        // Once the head of the response is on its way nothing but the end of the connection can say that it failed.
        if (context.Response.HasStarted)
        {
            context.Abort();
            return;
        }
        var body = new ArrayBufferWriter<byte>();
        body.Write("{\"error\":"u8);
        JsonText.WriteString(body, message);
        body.Write("}"u8);

        context.Response.StatusCode = status;
        context.Response.ContentType = RestResponse.Json;
        context.Response.ContentLength = body.WrittenCount;
        if (!HttpMethods.IsHead(context.Request.Method)) await context.Response.Body.WriteAsync(body.WrittenMemory);
    }
}
