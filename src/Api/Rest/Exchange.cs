using System.Buffers;
using System.Collections.Concurrent;
using Galley.Api.Doors;

namespace Galley.Api.Rest;

/// <summary>What serves one request and then the next: a session of the engine, the commands, and the response.</summary>
internal sealed class Exchange(IDoorSession session) : IDisposable
{
    private const int KeptBytesMax = 4 * RestLimits.BufferedReplyBytesMax;

    public IDoorSession Session { get; } = session;

    public CommandBatch Batch { get; } = new();

    /// <summary>A response whose length is sent before it.</summary>
    public ArrayBufferWriter<byte> Body { get; private set; } = new(1024);

    public void Clear()
    {
        Session.Forget();
        Batch.Clear();
        if (Body.Capacity > KeptBytesMax) Body = new ArrayBufferWriter<byte>(1024);
        else Body.ResetWrittenCount();
    }

    public void Dispose() => Session.Dispose();
}

/// <summary>Exchanges that wait for a request. As many are made as requests were ever served at once.</summary>
internal sealed class ExchangePool(IEngineDoor engine, DoorKind kind = DoorKind.Http) : IDisposable
{
    /// <summary>Beyond so many the next ones are not kept.</summary>
    private const int IdleMax = 256;

    private readonly IEngineDoor _engine = engine;
    private readonly DoorKind _kind = kind;
    private readonly ConcurrentQueue<Exchange> _idle = new();

    /// <summary>An exchange that runs commands for this client.</summary>
    public Exchange Rent(DoorClient client = default)
    {
        if (!_idle.TryDequeue(out Exchange? exchange)) exchange = new Exchange(_engine.Open(_kind, "http"));
        exchange.Session.Client = client;
        return exchange;
    }

    public void Return(Exchange exchange)
    {
        exchange.Clear();
        if (_idle.Count < IdleMax) _idle.Enqueue(exchange);
        else exchange.Dispose();
    }

    public void Dispose()
    {
        while (_idle.TryDequeue(out Exchange? exchange)) exchange.Dispose();
    }
}
