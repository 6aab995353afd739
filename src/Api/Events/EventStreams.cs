using System.Collections.Concurrent;
using Galley.Api.Rest;
using Galley.Api.WebSockets;
using Galley.Store.Configuration;

namespace Galley.Api.Events;

/// <summary>
/// All streams of events that are open: how many there may be, their signs of life by one timer, and their end when the
/// server ends or their token does.
/// </summary>
internal sealed class EventStreams : IDisposable
{
    private const string RetryAfterSeconds = "1";

    /// <summary>How exact a heartbeat is. A look at ten thousand streams takes less than a millisecond.</summary>
    private static readonly TimeSpan Tick = TimeSpan.FromSeconds(1);

    private readonly ConcurrentDictionary<EventStream, bool> _open = new();
    private readonly Settings _settings;
    private readonly SocketCredentials _credentials;
    private readonly TimeProvider _time;
    private readonly ITimer _timer;
    private readonly Lock _ticking = new();
    private readonly long _startedAt;
    private int _count;
    private bool _isTicking;
    private volatile bool _isDraining;

    public EventStreams(Settings settings, SocketCredentials credentials, TimeProvider time, IHostApplicationLifetime lifetime)
    {
        _settings = settings;
        _credentials = credentials;
        _time = time;
        _startedAt = time.GetTimestamp();
        _timer = time.CreateTimer(_ => Pass(), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        lifetime.ApplicationStopping.Register(Drain);
        settings.Parameters.OnChange("http-token", EndExpired);
        settings.Parameters.OnChange("http-readonly-token", EndExpired);
    }

    public long NowMs => (long)_time.GetElapsedTime(_startedAt).TotalMilliseconds;

    /// <summary>Takes one stream in. Whoever disposes of it lets it go.</summary>
    /// <exception cref="RestException">There are too many, or the server ends.</exception>
    public EventStream Enter(HttpContext context, SocketGrant grant)
    {
        if (_isDraining) throw Unavailable(context, "ERR the server shuts down");
        if (Interlocked.Increment(ref _count) > _settings.SseMaxConnections)
        {
            Interlocked.Decrement(ref _count);
            throw Unavailable(context, "ERR max number of event streams reached: raise sse-max-connections, or try again later");
        }
        var stream = new EventStream(this, context, grant);
        _open[stream] = true;
        // It came in while the others were told to go.
        if (_isDraining) stream.End();
        BeginTicking();
        return stream;
    }

    public void Leave(EventStream stream)
    {
        if (_open.TryRemove(stream, out _)) Interlocked.Decrement(ref _count);
    }

    public void Dispose() => _timer.Dispose();

    private void BeginTicking()
    {
        lock (_ticking)
        {
            if (_isTicking) return;
            _isTicking = true;
            _timer.Change(Tick, Tick);
        }
    }

    private void Pass()
    {
        long nowMs = NowMs;
        foreach ((EventStream stream, _) in _open) stream.Pass(nowMs, _settings.SseHeartbeatMs);
        lock (_ticking)
        {
            if (!_open.IsEmpty) return;
            _isTicking = false;
            _timer.Change(Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        }
    }

    /// <summary>The server ends: nobody comes in any more, and who is in gets what waits, and the end.</summary>
    private void Drain()
    {
        _isDraining = true;
        foreach ((EventStream stream, _) in _open) stream.End();
    }

    /// <summary>A token was changed: who came in by the old one goes.</summary>
    private string? EndExpired()
    {
        foreach ((EventStream stream, _) in _open)
        {
            if (!_credentials.Holds(stream.Grant)) stream.End();
        }
        return null;
    }

    private static RestException Unavailable(HttpContext context, string message)
    {
        context.Response.Headers.RetryAfter = RetryAfterSeconds;
        return new RestException(StatusCodes.Status503ServiceUnavailable, message);
    }
}
