using System.Diagnostics;
using Galley.Store.Configuration;
using Galley.Store.Keyspace.Eviction;
using Galley.Store.Observability;

namespace Galley.Store.Commands;

/// <summary>
/// Keeps the memory within <c>maxmemory</c>: makes room before a command runs, in the time that
/// <c>maxmemory-eviction-tenacity</c> allows, and goes on in the cron.
/// <code>
///   counted  =  blocks of the arena  +  what clients hold  -  what large values lend to replies (it is in both)
///               +  scripts, functions and their states of Lua
///   not counted: what waits for the append-only file, which eviction itself makes grow
/// </code>
/// What was deleted and is still to be freed goes first: no key goes in its place.
/// </summary>
public sealed class MemoryGuard
{
    /// <summary>Entries and elements that are freed, or keys that go, before the clock is looked at.</summary>
    private const int StepsAtOnce = 16;

    private const int FreedAtOnce = 64;

    /// <summary>Up to this tenacity each step is 50 us; each further one is 15 % more than the one before.</summary>
    private const int TenacityLinearMax = 10;
    private const int TenacityMax = 100;
    private const double MicrosecondsPerStep = 50;
    private const double TenacityGrowth = 1.15;

    /// <summary>Time for a turn of the cron.</summary>
    private static readonly long TurnTicks = Stopwatch.Frequency / 1000 / 2;

    private readonly ServerContext _server;
    private readonly KeyEvictor _evictor;
    private long _limit;
    private long _budgetTicks;
    private long _exceededSinceMs = NotExceeded;
    private bool _isCronAwaited;

    private const long NotExceeded = -1;

    public MemoryGuard(ServerContext server)
    {
        _server = server;
        _evictor = new KeyEvictor(server);
        Clients = new ClientMemory(server);
        foreach (string name in (string[])["maxmemory", "maxmemory-policy", "maxmemory-clients", "maxmemory-eviction-tenacity"])
        {
            server.Settings.Parameters.OnChange(name, () =>
            {
                Follow();
                _server.Control.LookEarlier();
                return null;
            });
        }
        Follow();
    }

    public ClientMemory Clients { get; }

    /// <summary>Bytes that <c>maxmemory</c> is compared with. Where nothing is bounded the clients are not in it.</summary>
    public long CountedBytes =>
        _server.Databases.Arena.UsedBytes + Math.Max(0, Clients.TotalBytes - _server.Databases.Arena.LentBytes) + _server.Scripting.HeldBytes;

    /// <summary>There is a limit.</summary>
    internal bool IsLimited => _limit > 0;

    /// <summary>The command that was admitted last found no room, and none to be made: what scripts ask before they write.</summary>
    internal bool IsExhausted { get; private set; }

    /// <summary>How long the limit is exceeded by now, in milliseconds.</summary>
    public long ExceededMs => _exceededSinceMs == NotExceeded ? 0 : _server.Databases.Clock.NowMs - _exceededSinceMs;

    /// <summary>How long it was exceeded since the start, or since CONFIG RESETSTAT.</summary>
    public long ExceededTotalMs => _server.Stats.EvictionExceededMs + ExceededMs;

    /// <summary>Before a command: makes room if need be. False when the limit is exceeded and nothing can go.</summary>
    internal bool MakeRoom(Session session)
    {
        Clients.Note(session);
        if (CountedBytes <= _limit) return EndExcess();
        if (_server.IsLoading || _server.IsBusy || _server.Pause.IsActive) return true;
        Clients.LookAnew();
        Outcome outcome = Evict(_budgetTicks);
        if (outcome == Outcome.Unfinished && !_isCronAwaited)
        {
            _isCronAwaited = true;
            _server.Control.LookEarlier();
        }
        IsExhausted = outcome == Outcome.Exhausted;
        return !IsExhausted;
    }

    /// <summary>In a turn of the cron: cuts off clients and evicts keys; false when more remains to be done.</summary>
    internal bool Step()
    {
        _isCronAwaited = false;
        Clients.Evict();
        if (!IsLimited || CountedBytes <= _limit) return EndExcess();
        if (_server.IsLoading || _server.IsBusy || _server.Pause.IsActive) return true;
        Clients.LookAnew();
        return Evict(TurnTicks) != Outcome.Unfinished;
    }

    private bool EndExcess()
    {
        if (_exceededSinceMs != NotExceeded)
        {
            _server.Stats.EvictionExceededMs += ExceededMs;
            _exceededSinceMs = NotExceeded;
        }
        IsExhausted = false;
        return true;
    }

    private Outcome Evict(long ticksMax)
    {
        long startedAt = Stopwatch.GetTimestamp();
        Outcome outcome = Outcome.Done;
        for (int steps = 1; CountedBytes > _limit; steps++)
        {
            if (!TryFree())
            {
                outcome = Outcome.Exhausted;
                break;
            }
            if (steps % StepsAtOnce != 0) continue;
            if (Stopwatch.GetTimestamp() - startedAt <= ticksMax) continue;
            // What is buried will be freed; but where no key may go nobody knows that it will do.
            outcome = _evictor.Rule.Ranking == Ranking.None ? Outcome.Exhausted : Outcome.Unfinished;
            break;
        }
        _server.Latency.Note(LatencyEvents.EvictionCycle, Stopwatch.GetTimestamp() - startedAt);
        if (outcome == Outcome.Done) EndExcess();
        else if (_exceededSinceMs == NotExceeded) _exceededSinceMs = _server.Databases.Clock.NowMs;
        return outcome;
    }

    private bool TryFree()
    {
        if (_server.Databases.Graveyard.IsEmpty) return _evictor.TryEvict();
        _server.Databases.Graveyard.Dig(FreedAtOnce);
        return true;
    }

    private void Follow()
    {
        Settings settings = _server.Settings;
        _limit = settings.MaxMemory;
        _budgetTicks = TicksOf(settings.MaxMemoryEvictionTenacity);
        _evictor.Follow(settings.MaxMemoryPolicy);
        Clients.Follow(settings);
        if (!IsLimited) EndExcess();
    }

    private static long TicksOf(int tenacity)
    {
        if (tenacity >= TenacityMax) return long.MaxValue;
        double microseconds = MicrosecondsPerStep * Math.Min(tenacity, TenacityLinearMax)
            * Math.Pow(TenacityGrowth, Math.Max(0, tenacity - TenacityLinearMax));
        return (long)(microseconds * Stopwatch.Frequency / 1_000_000);
    }

    private enum Outcome : byte
    {
        /// <summary>The limit is kept.</summary>
        Done,

        /// <summary>Time is up, and the cron goes on.</summary>
        Unfinished,

        /// <summary>Nothing can go.</summary>
        Exhausted,
    }
}
