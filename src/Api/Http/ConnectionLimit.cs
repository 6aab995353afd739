using Microsoft.AspNetCore.Connections;

namespace Galley.Api.Http;

/// <summary>
/// Counts the connections of all addresses of HTTP, and turns away what <c>http-max-connections</c> does not allow: the
/// process has so many descriptors, and RESP and the files need theirs. It comes before everything, credentials too.
/// </summary>
internal sealed class ConnectionLimit(int connectionsMax)
{
    private readonly int _connectionsMax = connectionsMax;
    private int _count;

    /// <summary>Nothing of a request has been read: whatever it is, and by whatever version of HTTP, this is the answer.</summary>
    private static ReadOnlyMemory<byte> Refusal { get; } = (byte[])
    [
        .. "HTTP/1.1 503 Service Unavailable\r\nContent-Type: application/json\r\nRetry-After: 1\r\nConnection: close\r\nContent-Length: 97\r\n\r\n"u8,
        .. """{"error":"ERR max number of connections reached: raise http-max-connections, or try again later"}"""u8,
    ];

    /// <summary>Serves the connection if it is not one too many.</summary>
    public async Task ServeAsync(ConnectionContext connection, ConnectionDelegate next)
    {
        try
        {
            if (Interlocked.Increment(ref _count) <= _connectionsMax) await next(connection);
            else await connection.Transport.Output.WriteAsync(Refusal);
        }
        finally
        {
            Interlocked.Decrement(ref _count);
        }
    }
}
