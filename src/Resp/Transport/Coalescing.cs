using System.Diagnostics;

namespace Galley.Resp.Transport;

/// <summary>
/// Decides when the reactor lets requests gather for a moment, as network cards moderate their interrupts.
/// <para>
/// Many clients that each send one request at a time reach a fast reactor one by one: it polls once a request, and
/// sleeps and wakes every few of them, which costs as much as answering. When at least <see cref="ClientsMin"/> of them
/// take turns faster than one in <see cref="IntervalMax"/>, it naps before it polls again, for the time in which an
/// eighth of them come (0.1 ms at most), and answers what has gathered in one turn. Each of so many clients waits for
/// the others far longer than that. Few clients, a slow trickle and a full queue are never napped on.
/// </para>
/// </summary>
internal sealed class Coalescing
{
    private const int NapNanosecondsMax = 100_000;

    /// <summary>The part of the clients that a nap lets come.</summary>
    private const int NapShare = 8;

    /// <summary>Different clients among the last requests.</summary>
    private const int ClientsMin = 16;

    /// <summary>Requests that one judgement looks at.</summary>
    private const int WindowRequests = 64;

    private static readonly long IntervalMax = Stopwatch.Frequency / 20_000;

    private long _windowStartedAt;
    private int _requests;
    private int _clients;
    private bool _gathers;

    /// <summary>How long to nap, in nanoseconds.</summary>
    public int NapNanoseconds { get; private set; }

    /// <summary>The present window; a client that was last seen in another one is counted as a new one.</summary>
    public int Window { get; private set; } = 1;

    /// <summary>A turn has served so few clients that the next had better wait for more.</summary>
    public bool ShouldNap(int served) => _gathers && served > 0 && served < ClientsMin / 2;

    /// <summary>A request has come; the result is the mark to remember for its client.</summary>
    public int Count(int lastWindow)
    {
        if (lastWindow != Window) _clients++;
        if (++_requests == WindowRequests) Judge();
        return Window;
    }

    private void Judge()
    {
        long now = Stopwatch.GetTimestamp();
        long elapsed = now - _windowStartedAt;
        _gathers = _clients >= ClientsMin && elapsed < WindowRequests * IntervalMax;
        if (_gathers)
        {
            double interval = elapsed * 1e9 / Stopwatch.Frequency / WindowRequests;
            NapNanoseconds = (int)Math.Min(interval * _clients / NapShare, NapNanosecondsMax);
        }
        _windowStartedAt = now;
        _requests = 0;
        _clients = 0;
        Window++;
    }
}
