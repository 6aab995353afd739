using System.Collections.Concurrent;
using Galley.Api.Doors;
using Galley.Api.PubSub;
using Galley.Api.Rest;
using Galley.Api.Streams;
using Galley.Store.Configuration;

namespace Galley.Api.WebSockets;

/// <summary>Lets WebSockets in, and knows all that are open.</summary>
internal sealed class SocketDoor : IDisposable
{
    public const string Path = "/v1/ws";
    public const string Subprotocol = "galley.v1.json";

    private const string RetryAfterSeconds = "1";

    private readonly SocketServices _services;
    private readonly ConcurrentDictionary<Socket, bool> _sockets = new();
    private int _count;
    private volatile bool _isDraining;

    public SocketDoor(
        IEngineDoor engine, Settings settings, SocketCredentials credentials, Fanout fanout, StreamTails tails, CommandBatchPool batches,
        TimeProvider time, IHostApplicationLifetime lifetime)
    {
        _services = new SocketServices(engine, settings, credentials, fanout, new Heartbeat(time), batches, tails, new GroupDesks(time));
        lifetime.ApplicationStopping.Register(Drain);
        settings.Parameters.OnChange("http-token", EndExpired);
        settings.Parameters.OnChange("http-readonly-token", EndExpired);
    }

    /// <summary>The request is for a WebSocket; by HTTP/2, which has no upgrade, it is a CONNECT.</summary>
    public static bool IsMeant(HttpRequest request) =>
        request.Path == Path && (HttpMethods.IsGet(request.Method) || HttpMethods.IsConnect(request.Method));

    /// <summary>
    /// Serves one socket, from its handshake to its end. While the socket is idle this method waits with it: it keeps
    /// nothing that is not needed then.
    /// </summary>
    public async Task ServeAsync(HttpContext context)
    {
        Socket socket;
        try
        {
            socket = await OpenAsync(context);
        }
        catch (RestException refusal)
        {
            await RestErrors.WriteAsync(context, refusal.Status, refusal.Message);
            return;
        }
        try
        {
            await socket.RunAsync();
        }
        finally
        {
            _sockets.TryRemove(socket, out _);
            await socket.DisposeAsync();
            Interlocked.Decrement(ref _count);
        }
    }

    public void Dispose()
    {
        _services.Heartbeat.Dispose();
        _services.Groups.Dispose();
    }

    /// <summary>Shakes hands, and makes the socket.</summary>
    private async Task<Socket> OpenAsync(HttpContext context)
    {
        Handshake.Demand(context);
        string[] offered = Handshake.Offered(context);
        string? bearer = Array.Find(offered, protocol => protocol.StartsWith(SocketCredentials.BearerPrefix, StringComparison.Ordinal));
        if (Array.Exists(offered, protocol => protocol != bearer) && !offered.Contains(Subprotocol))
            throw RestException.BadRequest($"ERR the subprotocol is {Subprotocol}");
        if (_isDraining) throw Unavailable(context, "ERR the server shuts down");
        Verdict verdict = _services.Credentials.Examine(context, bearer);
        if (Interlocked.Increment(ref _count) > _services.Settings.WsMaxConnections)
        {
            Interlocked.Decrement(ref _count);
            throw Unavailable(context, "ERR max number of WebSockets reached: raise ws-max-connections, or try again later");
        }
        try
        {
            Stream stream = await Handshake.AcceptAsync(context, offered.Contains(Subprotocol) ? Subprotocol : null);
            var socket = new Socket(_services, stream, RemoteAddress(context), verdict.Grant, () => context.RequestAborted, context.Abort);
            Admit(socket, verdict);
            return socket;
        }
        catch
        {
            Interlocked.Decrement(ref _count);
            throw;
        }
    }

    private void Admit(Socket socket, Verdict verdict)
    {
        _sockets[socket] = true;
        if (verdict.Refusal is { } code) socket.End(code, verdict.Reason);
        // It came in while the others were told to go.
        else if (_isDraining) socket.Drain();
    }

    /// <summary>The server ends: nobody comes in any more, and who is in is told to come back elsewhere, or later.</summary>
    private void Drain()
    {
        _isDraining = true;
        foreach ((Socket socket, _) in _sockets) socket.Drain();
    }

    /// <summary>A token was changed: who came in by the old one goes.</summary>
    private string? EndExpired()
    {
        foreach ((Socket socket, _) in _sockets)
        {
            if (socket.Grant is { } grant && !_services.Credentials.Holds(grant))
                socket.End(CloseCode.AuthExpired, "the token was changed");
        }
        return null;
    }

    private static RestException Unavailable(HttpContext context, string message)
    {
        context.Response.Headers.RetryAfter = RetryAfterSeconds;
        return new RestException(StatusCodes.Status503ServiceUnavailable, message);
    }

    private static string RemoteAddress(HttpContext context) =>
        $"{context.Connection.RemoteIpAddress}:{context.Connection.RemotePort}";
}
