using System.Buffers;

namespace Galley.Api.Rest;

/// <summary>Writes <c>{"error":".."}</c>: clients parse the body whatever the status.</summary>
internal static class RestErrors
{
    public static string AddressTooLong { get; } =
        $"ERR the address is longer than {RestLimits.RequestLineBytesMax} bytes. Send the command in the body: POST / with a JSON array";

    public static async Task WriteAsync(HttpContext context, int status, string message)
    {
        // Once the head of the response is on its way nothing but the end of the connection can say that it failed.
        if (context.Response.HasStarted)
        {
            context.Abort();
            return;
        }
        ReadOnlyMemory<byte> body = Body(message);
        context.Response.StatusCode = status;
        context.Response.ContentType = RestResponse.Json;
        context.Response.ContentLength = body.Length;
        if (!HttpMethods.IsHead(context.Request.Method)) await context.Response.Body.WriteAsync(body);
    }

    public static ReadOnlyMemory<byte> Body(string message)
    {
        var body = new ArrayBufferWriter<byte>();
        Write(body, message);
        return body.WrittenMemory;
    }

    public static void Write(IBufferWriter<byte> output, string message)
    {
        output.Write("{\"error\":"u8);
        JsonText.WriteString(output, message);
        output.Write("}"u8);
    }
}
