using System.Buffers;
using System.Diagnostics;
using Galley.Api.Rest;
using Microsoft.AspNetCore.Connections.Features;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core.Features;

namespace Galley.Api.Http;

/// <summary>
/// Gives a body to what Kestrel refuses by itself, before there is a request (400, 408, 414, 431, 505): alone it would
/// answer with an empty one, and clients parse the body whatever the status. Kestrel tells its diagnostics of each
/// refusal just before it answers; so the head is let go from here, and the body put behind it. HTTP/2 refuses by
/// resetting the stream, which has no body.
/// </summary>
internal sealed class KestrelRefusals : DiagnosticSource
{
    private const string BadRequest = "Microsoft.AspNetCore.Server.Kestrel.BadRequest";

    public override bool IsEnabled(string name) => name == BadRequest;

    public override void Write(string name, object? value)
    {
        if (value is not IFeatureCollection features
            || features.Get<IBadRequestExceptionFeature>()?.Error is not BadHttpRequestException refusal
            || features.Get<IHttpResponseFeature>() is not { HasStarted: false } response
            || features.Get<IHttpResponseBodyFeature>() is not { } head
            || features.Get<IConnectionTransportFeature>() is not { } connection
            || features.Get<IHttp2StreamIdFeature>() is not null) return;

        ReadOnlyMemory<byte> body = RestErrors.Body(TextOf(refusal.StatusCode));
        response.StatusCode = refusal.StatusCode;
        response.Headers.ContentType = RestResponse.Json;
        response.Headers.ContentLength = body.Length;
        response.Headers.Connection = "close";
        // There is no stream for a body yet; once the head has been written, the connection itself is one.
        if (!head.StartAsync().IsCompletedSuccessfully) return;
        connection.Transport.Output.Write(body.Span);
        // Nobody waits for a client that was refused.
        _ = connection.Transport.Output.FlushAsync().AsTask();
    }

    /// <summary>Kestrel's own words may quote the request.</summary>
    private static string TextOf(int status) => status switch
    {
        StatusCodes.Status408RequestTimeout => "ERR the request did not arrive in time",
        StatusCodes.Status413PayloadTooLarge => "ERR max request size exceeded",
        StatusCodes.Status414UriTooLong => RestErrors.AddressTooLong,
        StatusCodes.Status431RequestHeaderFieldsTooLarge =>
            $"ERR the request has more than {RestLimits.HeadersMax} headers or {RestLimits.HeaderBytesMax} bytes of them",
        StatusCodes.Status505HttpVersionNotsupported => "ERR the HTTP version must be 1.0, 1.1 or 2",
        _ => "ERR malformed HTTP request",
    };
}
