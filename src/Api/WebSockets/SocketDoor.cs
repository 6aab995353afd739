using System.Buffers.Text;
using System.Collections.Concurrent;
using System.Net.WebSockets;
using System.Text;
using Galley.Api.Doors;
using Galley.Api.Rest;

namespace Galley.Api.WebSockets;

/// <summary>
/// Lets WebSockets in. Credentials come, in this order, by the Authorization header, by an offered subprotocol
/// <c>galley.bearer.&lt;base64url token&gt;</c> (a page cannot set headers), or by a first frame of type auth. What is
/// offered and wrong is refused before the upgrade.
/// </summary>
internal sealed class SocketDoor
{
    public const string Path = "/v1/ws";
    public const string Subprotocol = "galley.v1.json";

    private const string BearerPrefix = "galley.bearer.";

    private readonly IEngineDoor _engine;
    private readonly Access _access;
    private readonly ConcurrentDictionary<Socket, bool> _sockets = new();

    public SocketDoor(IEngineDoor engine, Access access, IHostApplicationLifetime lifetime)
    {
        _engine = engine;
        _access = access;
        lifetime.ApplicationStopping.Register(EndAll);
    }

    public async Task ServeAsync(HttpContext context)
    {
        try
        {
            bool isAuthenticated = Admit(context);
            await AcceptAsync(context, isAuthenticated);
        }
        catch (RestException refusal)
        {
            await RestErrors.WriteAsync(context, refusal.Status, refusal.Message);
        }
    }

    /// <summary>True: the client may do what it likes; false: its first frame must have the token.</summary>
    private bool Admit(HttpContext context)
    {
        if (!context.WebSockets.IsWebSocketRequest)
            throw RestException.BadRequest("ERR this address speaks WebSocket: send an upgrade");
        IList<string> offered = context.WebSockets.WebSocketRequestedProtocols;
        string? bearer = offered.FirstOrDefault(protocol => protocol.StartsWith(BearerPrefix, StringComparison.Ordinal));
        if (offered.Any(protocol => protocol != bearer) && !offered.Contains(Subprotocol))
            throw RestException.BadRequest($"ERR the subprotocol is {Subprotocol}");

        bool showsCredentials = context.Request.Headers.Authorization.Count > 0;
        if (!_access.AsksForCredentials || showsCredentials)
        {
            _access.Admit(context);
            return true;
        }
        if (bearer is null) return false;
        if (!_access.IsToken(Decode(bearer[BearerPrefix.Length..])))
            throw new RestException(StatusCodes.Status401Unauthorized, "WRONGPASS invalid or missing auth token");
        return true;
    }

    private async Task AcceptAsync(HttpContext context, bool isAuthenticated)
    {
        if (_sockets.Count >= SocketLimits.SocketsMax)
            throw new RestException(StatusCodes.Status503ServiceUnavailable, "ERR max number of WebSockets reached");
        bool isNamed = context.WebSockets.WebSocketRequestedProtocols.Contains(Subprotocol);
        using WebSocket webSocket = await context.WebSockets.AcceptWebSocketAsync(new WebSocketAcceptContext
        {
            SubProtocol = isNamed ? Subprotocol : null,
            KeepAliveInterval = SocketLimits.Heartbeat,
            KeepAliveTimeout = SocketLimits.HeartbeatTimeout,
        });
        await using var socket = new Socket(webSocket, _engine, _access, RemoteAddress(context), isAuthenticated);
        _sockets[socket] = true;
        try
        {
            await socket.RunAsync();
        }
        finally
        {
            _sockets.TryRemove(socket, out _);
        }
    }

    /// <summary>The server ends: every client is told to come back elsewhere, or later.</summary>
    private void EndAll()
    {
        foreach (Socket socket in _sockets.Keys) socket.End(CloseCode.GoingAway);
    }

    private static string RemoteAddress(HttpContext context) =>
        $"{context.Connection.RemoteIpAddress}:{context.Connection.RemotePort}";

    private static string Decode(string base64Url)
    {
        var bytes = new byte[base64Url.Length];
        return Base64Url.TryDecodeFromChars(base64Url, bytes, out int length) ? Encoding.UTF8.GetString(bytes, 0, length) : "";
    }
}
