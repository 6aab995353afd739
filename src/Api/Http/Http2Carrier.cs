using System.Buffers;
using System.Net;
using System.Threading.Channels;
using Microsoft.AspNetCore.Connections;

namespace Galley.Api.Http;

/// <summary>
/// HTTP/2 without TLS on the port of HTTP/1.1, for clients that begin with it (<c>--http2-prior-knowledge</c>, gRPC-like
/// clients, platforms that hand HTTP/2 on in the clear). Kestrel takes one protocol for a port that has no TLS to choose
/// by; but a client of HTTP/2 begins with 24 bytes that are no HTTP/1.1. So the port speaks HTTP/1.1, this looks at how
/// each connection begins, and carries those of HTTP/2 to an endpoint within the process that speaks it.
/// <code>
///   port 7379 --> ServeAsync --+-- HTTP/1.1 --> Kestrel's endpoint of the port
///                              +-- "PRI * .." --> queue --> AcceptAsync --> Kestrel's endpoint of HTTP/2
/// </code>
/// </summary>
internal sealed class Http2Carrier : IConnectionListenerFactory, IConnectionListenerFactorySelector, IConnectionListener
{
    /// <summary>What the endpoint is called among the host's addresses.</summary>
    public const string Url = "http://http2";

    /// <summary>Time for a connection's first bytes; after them Kestrel's own limits hold.</summary>
    private static readonly TimeSpan FirstBytesTime = TimeSpan.FromSeconds(30);

    private static readonly byte[] Preface = "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"u8.ToArray();

    private readonly Channel<ConnectionContext> _carried = Channel.CreateUnbounded<ConnectionContext>();

    /// <summary>Where Kestrel is to listen for HTTP/2.</summary>
    public EndPoint EndPoint { get; } = new InProcessEndPoint();

    /// <summary>The first to see a connection of the port.</summary>
    public async Task ServeAsync(ConnectionContext connection, ConnectionDelegate http1)
    {
        switch (await ReadBeginningAsync(connection))
        {
            case Beginning.Http1:
                await http1(connection);
                break;
            case Beginning.Http2:
                var carried = new CarriedConnection(connection);
                if (_carried.Writer.TryWrite(carried)) await carried.Ended;
                break;
        }
    }

    public bool CanBind(EndPoint endpoint) => endpoint is InProcessEndPoint;

    public ValueTask<IConnectionListener> BindAsync(EndPoint endpoint, CancellationToken cancellationToken = default) => new(this);

    /// <summary>The next connection of HTTP/2, or null when there will be none.</summary>
    public async ValueTask<ConnectionContext?> AcceptAsync(CancellationToken cancellationToken = default) =>
        await _carried.Reader.WaitToReadAsync(cancellationToken) && _carried.Reader.TryRead(out ConnectionContext? connection)
            ? connection
            : null;

    public ValueTask UnbindAsync(CancellationToken cancellationToken = default)
    {
        _carried.Writer.TryComplete();
        return ValueTask.CompletedTask;
    }

    public ValueTask DisposeAsync() => UnbindAsync();

    /// <summary>Looks at the first bytes and leaves them where they are.</summary>
    private static async ValueTask<Beginning> ReadBeginningAsync(ConnectionContext connection)
    {
        using var limit = new CancellationTokenSource(FirstBytesTime);
        try
        {
            while (true)
            {
                var read = await connection.Transport.Input.ReadAsync(limit.Token);
                Beginning beginning = BeginningOf(read.Buffer);
                bool isUndecided = beginning == Beginning.Undecided && !read.IsCompleted;
                connection.Transport.Input.AdvanceTo(read.Buffer.Start, isUndecided ? read.Buffer.End : read.Buffer.Start);
                // Half a preface and no more is Kestrel's to refuse.
                if (!isUndecided) return beginning == Beginning.Undecided ? Beginning.Http1 : beginning;
            }
        }
        catch (Exception error) when (error is OperationCanceledException or IOException)
        {
            return Beginning.Undecided;
        }
    }

    private static Beginning BeginningOf(in ReadOnlySequence<byte> buffer)
    {
        int length = (int)Math.Min(buffer.Length, Preface.Length);
        Span<byte> first = stackalloc byte[Preface.Length];
        buffer.Slice(0, length).CopyTo(first);
        if (!first[..length].SequenceEqual(Preface.AsSpan(0, length))) return Beginning.Http1;
        return length == Preface.Length ? Beginning.Http2 : Beginning.Undecided;
    }

    private enum Beginning : byte { Undecided, Http1, Http2 }

    private sealed class InProcessEndPoint : EndPoint
    {
        public override string ToString() => new Uri(Url).Authority;
    }
}
