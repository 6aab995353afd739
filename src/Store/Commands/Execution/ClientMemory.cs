using Galley.Store.Configuration;

namespace Galley.Store.Commands;

/// <summary>
/// What all clients together hold, kept up to date as they are served where somebody bounds it (<c>maxmemory</c>,
/// <c>maxmemory-clients</c>), and the end of those that hold most when it is too much. What a client has sent or been sent
/// meanwhile is seen when it is served next, or looked at once a second, or before anything is done about it.
/// </summary>
public sealed class ClientMemory(ServerContext server)
{
    /// <summary>As redis-server's: no limit is so narrow that a few clients which do nothing are above it.</summary>
    private const long LimitBytesMin = 128 * 1024;

    /// <summary>All clients are looked at no oftener than this, and than takes a hundredth of the time: a client takes 30 ns.</summary>
    private const int LookIntervalMs = 10;
    private const int ClientsPerMs = 100;

    private readonly ServerContext _server = server;
    private long _nextLookMs;

    /// <summary>Bytes of all clients, as far as they were noted.</summary>
    public long TotalBytes { get; private set; }

    /// <summary>Somebody bounds them: sessions are noted as they are served.</summary>
    public bool IsCounted { get; private set; }

    /// <summary>What they may hold together; 0 where nothing bounds them.</summary>
    public long LimitBytes { get; private set; }

    /// <summary>They hold too much, and it is time to do something about it.</summary>
    internal bool IsDue => LimitBytes > 0 && TotalBytes > LimitBytes && _server.Databases.Clock.NowMs >= _nextLookMs;

    /// <summary>The limits have changed.</summary>
    internal void Follow(Settings settings)
    {
        long limit = settings.MaxMemoryClients.BytesOf(settings.MaxMemory);
        LimitBytes = limit == 0 ? 0 : Math.Max(limit, LimitBytesMin);
        IsCounted = settings.MaxMemory > 0 || LimitBytes > 0;
        _nextLookMs = 0;
        Recount();
    }

    /// <summary>Looks at what a session holds now.</summary>
    internal void Note(Session session)
    {
        if (!IsCounted) return;
        long bytes = SessionMemory.Of(session);
        TotalBytes += bytes - session.CountedBytes;
        session.CountedBytes = bytes;
    }

    /// <summary>The session is gone.</summary>
    internal void Forget(Session session)
    {
        TotalBytes -= session.CountedBytes;
        session.CountedBytes = 0;
    }

    /// <summary>Looks at all of them, unless that was done a moment ago.</summary>
    internal void LookAnew()
    {
        long nowMs = _server.Databases.Clock.NowMs;
        if (nowMs < _nextLookMs) return;
        _nextLookMs = nowMs + LookIntervalMs + (_server.Sessions.Count / ClientsPerMs);
        Recount();
    }

    /// <summary>Ends those that hold most, until the others hold no more than they may; who asked to be spared (CLIENT NO-EVICT) is.</summary>
    internal void Evict()
    {
        if (!IsDue) return;
        LookAnew();
        while (TotalBytes > LimitBytes && Largest() is { } session)
        {
            _server.Log(LogLevel.Notice, $"Evicting client: id={session.Id} addr={session.RemoteAddress} tot-mem={session.CountedBytes}");
            session.CutOff();
            Forget(session);
            _server.Stats.EvictedClients++;
        }
    }

    private void Recount()
    {
        long total = 0;
        foreach (Session session in _server.Sessions.All)
        {
            session.CountedBytes = IsCounted ? SessionMemory.Of(session) : 0;
            total += session.CountedBytes;
        }
        TotalBytes = total;
    }

    private Session? Largest()
    {
        Session? largest = null;
        foreach (Session session in _server.Sessions.All)
        {
            bool mayGo = session is { IsSparedFromEviction: false, CanBeKilled: true, IsEnding: false };
            if (mayGo && session.CountedBytes > (largest?.CountedBytes ?? 0)) largest = session;
        }
        return largest;
    }
}
