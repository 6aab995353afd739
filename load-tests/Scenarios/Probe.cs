using System.Diagnostics;
using HdrHistogram;

namespace Galley.LoadTests;

/// <summary>
/// A few well-behaved clients on one thread: at a steady pace one of them asks one small thing. A reply's time is taken from
/// the moment at which its request was due, so that a request which had to wait for the one before it is not flattered.
/// </summary>
public sealed class Probe : IDisposable
{
    private const long LongestNanoseconds = 600_000_000_000;

    private readonly RespClient[] _clients;
    private readonly byte[][] _requests;
    private readonly long _interval;
    private readonly Thread _thread;
    private volatile LongHistogram _histogram = NewHistogram();
    private volatile bool _isEnding;

    public Probe(Server server, int clients, int requestsPerSecond)
    {
        _clients = [.. Enumerable.Range(0, clients).Select(_ => server.Connect())];
        _requests = [RespClient.Encode("PING"), RespClient.Encode("SET", "probe", "12345"), RespClient.Encode("INCR", "probe"), RespClient.Encode("EXISTS", "probe")];
        _interval = Stopwatch.Frequency / requestsPerSecond;
        _thread = new Thread(Run) { IsBackground = true };
        _thread.Start();
    }

    /// <summary>Why it has stopped before it was told to, or null.</summary>
    public string? Failure { get; private set; }

    /// <summary>Takes what was measured since it was last asked.</summary>
    public LongHistogram Take()
    {
        LongHistogram taken = _histogram;
        _histogram = NewHistogram();
        Thread.Sleep(20);
        return taken;
    }

    public void Dispose()
    {
        _isEnding = true;
        _thread.Join();
        foreach (RespClient client in _clients) client.Dispose();
    }

    private static LongHistogram NewHistogram() => new(1, LongestNanoseconds, 3);

    private void Run()
    {
        try
        {
            Alarm.SetForThisThread();
            long due = Stopwatch.GetTimestamp();
            for (int i = 0; !_isEnding; i++)
            {
                due += _interval;
                Alarm.Await(due);
                RespClient client = _clients[i % _clients.Length];
                client.Send(_requests[i % _requests.Length]);
                client.ReadLines(1);
                _histogram.RecordValue(Math.Max(1, (long)Stopwatch.GetElapsedTime(due).TotalNanoseconds));
            }
        }
        catch (IOException failure)
        {
            Failure = failure.Message;
        }
    }
}
