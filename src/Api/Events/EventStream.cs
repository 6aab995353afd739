using System.Buffers;
using System.IO.Pipelines;
using Galley.Api.WebSockets;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core.Features;

namespace Galley.Api.Events;

/// <summary>
/// A response that goes on: events are put into its queue from any thread, and sent by a pool thread while there are some.
/// An idle stream is a wait for the end of the request, and holds neither a thread nor a buffer. It ends when the client
/// goes, when somebody ends it (the server stops, its token was changed), or is cut off (CLIENT KILL, a reader that is
/// too slow).
/// <code>
///   Send, Send --> _waiting --> sender --> the host's buffer --> client
///                  ^ PendingBytes         ^ waits while it is full
/// </code>
/// </summary>
internal sealed class EventStream : IThreadPoolWorkItem, IDisposable
{
    /// <summary>Bytes that may gather in the host's buffer before it is flushed.</summary>
    private const int FlushBytes = 32 * 1024;

    /// <summary>Room in the queue that a stream keeps while nothing waits.</summary>
    private const int KeptCapacity = 16;

    /// <summary>Bytes that may wait before whoever can wait with what comes next does.</summary>
    private const long RoomBytes = 256 * 1024;

    /// <summary>Time for a client to take what waits when its stream is ended.</summary>
    private const int CloseTimeMs = 2000;

    private readonly EventStreams _streams;
    private readonly HttpContext _context;
    private readonly TaskCompletionSource _over = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Lock _lock = new();
    private Queue<byte[]> _waiting = new();
    private TaskCompletionSource? _room;
    private long _pendingBytes;
    private long _lastSentMs;
    private long _endedAtMs;
    private bool _isEnding;
    private bool _isOver;

    // Until the response has begun, what comes waits.
    private bool _isSending = true;

    /// <summary><see cref="EventStreams.Enter"/> makes them.</summary>
    public EventStream(EventStreams streams, HttpContext context, SocketGrant grant)
    {
        _streams = streams;
        _context = context;
        Grant = grant;
    }

    /// <summary>What the credentials allow by which it came in.</summary>
    public SocketGrant Grant { get; }

    /// <summary>Bytes that wait in its queue.</summary>
    public long PendingBytes => Interlocked.Read(ref _pendingBytes);

    /// <summary>Begins the response, and serves it to its end.</summary>
    /// <param name="opening">What the client gets before all events that were sent so far.</param>
    public async Task RunAsync(byte[] opening)
    {
        BeginResponse();
        await using CancellationTokenRegistration gone =
            _context.RequestAborted.UnsafeRegister(static stream => ((EventStream)stream!).Abandon(), this);
        Interlocked.Add(ref _pendingBytes, opening.Length);
        await SendAsync(opening);
        await _over.Task;
    }

    /// <summary>Puts a whole event into the queue. The array may be shared with other streams. Any thread.</summary>
    public void Send(byte[] text)
    {
        lock (_lock)
        {
            if (_isEnding) return;
            _waiting.Enqueue(text);
            Interlocked.Add(ref _pendingBytes, text.Length);
            if (_isSending) return;
            _isSending = true;
        }
        ThreadPool.UnsafeQueueUserWorkItem(this, preferLocal: false);
    }

    /// <summary>The same, if so little waits that there is room; false if not.</summary>
    public bool TrySend(byte[] text)
    {
        if (PendingBytes >= RoomBytes) return false;
        Send(text);
        return true;
    }

    /// <summary>Waits until the client has taken so much that there is room again; false once the stream ends. One caller at a time.</summary>
    public async ValueTask<bool> WaitForRoomAsync()
    {
        Task room;
        lock (_lock)
        {
            if (_isEnding || PendingBytes < RoomBytes) return !_isEnding;
            _room = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            room = _room.Task;
        }
        await room;
        lock (_lock) return !_isEnding;
    }

    /// <summary>Nothing more is added; what waits is sent, and the response ends. Any thread.</summary>
    public void End()
    {
        lock (_lock)
        {
            if (_isEnding) return;
            _isEnding = true;
            _endedAtMs = _streams.NowMs;
            _room?.TrySetResult();
            if (!_isSending) _over.TrySetResult();
        }
    }

    /// <summary>Cuts the connection; what waits is lost. Under the gate, too: it happens on a pool thread.</summary>
    public void CutOff() => ThreadPool.UnsafeQueueUserWorkItem(static stream => stream.Abort(), this, preferLocal: false);

    /// <summary>From the timer of all streams: a sign of life is due, or the client has not taken the end in time.</summary>
    public void Pass(long nowMs, int heartbeatMs)
    {
        bool isSilent, isStuck;
        lock (_lock)
        {
            isStuck = _isEnding && nowMs - _endedAtMs >= CloseTimeMs;
            isSilent = !_isEnding && !_isSending && heartbeatMs > 0 && nowMs - _lastSentMs >= heartbeatMs;
        }
        if (isStuck) Abort();
        else if (isSilent) Send(EventText.Heartbeat);
    }

    /// <summary>The request is over: its connection is another's now, and must not be touched.</summary>
    public void Dispose()
    {
        lock (_lock)
        {
            _isEnding = _isOver = true;
            _room?.TrySetResult();
        }
        _streams.Leave(this);
    }

    void IThreadPoolWorkItem.Execute() => _ = SendAsync(null);

    private void BeginResponse()
    {
        HttpResponse response = _context.Response;
        response.ContentType = "text/event-stream";
        response.Headers.CacheControl = "no-cache";
        // nginx would collect events before it hands them on.
        response.Headers["X-Accel-Buffering"] = "no";
        _context.Features.Get<IHttpResponseBodyFeature>()?.DisableBuffering();
        // Who reads slowly is bounded by what waits, as on every other door, and not by a rate.
        if (_context.Features.Get<IHttpMinResponseDataRateFeature>() is { } rate) rate.MinDataRate = null;
    }

    /// <summary>Sends until nothing waits.</summary>
    private async Task SendAsync(byte[]? text)
    {
        PipeWriter output = _context.Response.BodyWriter;
        try
        {
            while (text is not null || TryTake(out text))
            {
                for (ReadOnlyMemory<byte> rest = text; !rest.IsEmpty; rest = rest[Math.Min(rest.Length, FlushBytes)..])
                {
                    output.Write(rest.Span[..Math.Min(rest.Length, FlushBytes)]);
                    if (output.UnflushedBytes >= FlushBytes) await output.FlushAsync();
                }
                Interlocked.Add(ref _pendingBytes, -text.Length);
                text = null;
                if (output.UnflushedBytes > 0 && IsDrained) await output.FlushAsync();
            }
        }
        catch (Exception error) when (error is IOException or OperationCanceledException or ObjectDisposedException or InvalidOperationException)
        {
            // The client is gone, or was cut off.
            Abandon();
            TryTake(out _);
        }
    }

    private bool IsDrained
    {
        get
        {
            lock (_lock) return _waiting.Count == 0;
        }
    }

    /// <summary>The next event; false when none waits: the sender rests, and with a stream that ends it is over.</summary>
    private bool TryTake([System.Diagnostics.CodeAnalysis.NotNullWhen(true)] out byte[]? text)
    {
        lock (_lock)
        {
            if (PendingBytes < RoomBytes) _room?.TrySetResult();
            if (_waiting.TryDequeue(out text)) return true;
            if (_waiting.Capacity > KeptCapacity) _waiting = new Queue<byte[]>();
            _lastSentMs = _streams.NowMs;
            _isSending = false;
            if (_isEnding) _over.TrySetResult();
            return false;
        }
    }

    private void Abort()
    {
        lock (_lock)
        {
            if (_isOver) return;
            _context.Abort();
        }
        Abandon();
    }

    /// <summary>The connection is broken. A sender that is at work finds out, and sees to the end.</summary>
    private void Abandon()
    {
        lock (_lock)
        {
            if (!_isEnding) _endedAtMs = _streams.NowMs;
            _isEnding = true;
            _room?.TrySetResult();
            foreach (byte[] text in _waiting) Interlocked.Add(ref _pendingBytes, -text.Length);
            _waiting.Clear();
            if (!_isSending) _over.TrySetResult();
        }
    }
}
