using System.Security.Cryptography;
using System.Text;
using Galley.Api.Rest;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Net.Http.Headers;

namespace Galley.Api.WebSockets;

/// <summary>
/// Turns a request into a connection of its own: the upgrade of HTTP/1.1 (RFC 6455), or the extended CONNECT of HTTP/2
/// (RFC 8441). The host's own WebSockets are passed by, because they cannot share the bytes of a frame, put several into
/// one write, nor keep their heartbeat without a timer each.
/// </summary>
internal static class Handshake
{
    private const string Version = "13";
    private const int KeyBytes = 16;

    /// <summary>RFC 6455, 1.3: what the server adds to the key, to show that it has understood.</summary>
    private const string Answer = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";

    /// <summary>Lets through only what asks for a WebSocket.</summary>
    /// <exception cref="RestException">It does not, or not in this way.</exception>
    public static void Demand(HttpContext context)
    {
        IHeaderDictionary headers = context.Request.Headers;
        bool isConnect = IsConnect(context);
        if (!isConnect && !IsUpgrade(context)) throw UpgradeRequired(context, "ERR this address speaks WebSocket: send an upgrade");
        if (headers.SecWebSocketVersion != Version) throw UpgradeRequired(context, "ERR the version of WebSocket must be " + Version);
        if (!isConnect && !IsKey(headers.SecWebSocketKey.ToString()))
            throw RestException.BadRequest("ERR Sec-WebSocket-Key must be 16 bytes in base64");
    }

    /// <summary>The subprotocols that the client offers.</summary>
    public static string[] Offered(HttpContext context) =>
        context.Request.Headers.GetCommaSeparatedValues(HeaderNames.SecWebSocketProtocol);

    /// <summary>Answers the handshake, and gives the stream of the connection.</summary>
    /// <param name="subprotocol">The one that was chosen, or null.</param>
    public static async Task<Stream> AcceptAsync(HttpContext context, string? subprotocol)
    {
        Stream stream = await UpgradeAsync(context, subprotocol);
        // The host keeps the request as long as the socket lives.
        context.Request.Headers.Clear();
        return stream;
    }

    private static async Task<Stream> UpgradeAsync(HttpContext context, string? subprotocol)
    {
        IHeaderDictionary headers = context.Response.Headers;
        if (subprotocol is not null) headers.SecWebSocketProtocol = subprotocol;
        if (IsConnect(context)) return await context.Features.GetRequiredFeature<IHttpExtendedConnectFeature>().AcceptAsync();

        headers.Connection = HeaderNames.Upgrade;
        headers.Upgrade = "websocket";
        headers.SecWebSocketAccept = AnswerTo(context.Request.Headers.SecWebSocketKey.ToString());
        return await context.Features.GetRequiredFeature<IHttpUpgradeFeature>().UpgradeAsync();
    }

    private static bool IsConnect(HttpContext context) =>
        context.Features.Get<IHttpExtendedConnectFeature>() is { IsExtendedConnect: true, Protocol: "websocket" };

    private static bool IsUpgrade(HttpContext context) =>
        context.Features.Get<IHttpUpgradeFeature>() is { IsUpgradableRequest: true }
        && context.Request.Headers.GetCommaSeparatedValues(HeaderNames.Upgrade).Contains("websocket", StringComparer.OrdinalIgnoreCase);

    private static bool IsKey(string key)
    {
        Span<byte> bytes = stackalloc byte[KeyBytes];
        return Convert.TryFromBase64String(key, bytes, out int length) && length == KeyBytes;
    }

    private static string AnswerTo(string key)
    {
#pragma warning disable CA5350 // RFC 6455 says SHA-1; nothing is kept secret by it.
        return Convert.ToBase64String(SHA1.HashData(Encoding.ASCII.GetBytes(key + Answer)));
#pragma warning restore CA5350
    }

    private static RestException UpgradeRequired(HttpContext context, string message)
    {
        IHeaderDictionary headers = context.Response.Headers;
        headers.Upgrade = "websocket";
        headers.Connection = HeaderNames.Upgrade;
        headers.SecWebSocketVersion = Version;
        return new RestException(StatusCodes.Status426UpgradeRequired, message);
    }
}
