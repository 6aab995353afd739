using System.Diagnostics;
using System.Globalization;
using System.Net.Sockets;
using HdrHistogram;

namespace Galley.LoadTests;

/// <summary>
/// One publisher by RESP, many subscribers by WebSocket, or by RESP beside the other servers: how many messages are delivered
/// a second, how long one takes to each of them, and what processor time and memory a subscriber costs. With <c>--slow yes</c>
/// one more subscriber reads nothing: nobody else may notice, and it is cut off. <c>--door</c> is
/// <c>ws</c>, <c>resp</c>, or <c>stream</c>: WebSockets that read the end of a stream.
/// </summary>
public static class FanOut
{
    private const double NanosecondsPerMillisecond = 1_000_000.0;

    /// <summary>Messages that are under way at once when as many are sent as go.</summary>
    private const int Window = 4;

    private const string Resp = "resp";
    private const string Stream = "stream";

    public static void Run(Options options, Report report)
    {
        string door = options.List("door", "ws")[0];
        report.Line($"{"server",-10}{"door",-7}{"subscribers",12}{"KiB each",10}{"delivered/s",13}{"us each",9}{"rate/s",8}{"p50 ms",9}{"p99 ms",9}{"p99.9 ms",10}{"max ms",9}{"us each",9}  {"slow one"}");
        foreach ((string name, string[] command) in Servers.Picked(options))
            if (door == Resp || name == Servers.Ours) Measure(options, report, name, command, door);
    }

    private static void Measure(Options options, Report report, string name, string[] command, string door)
    {
        int count = options.Number("sockets", 1000);
        double perSecond = options.Number("rate", 20);
        int payloadBytes = options.Number("bytes", 100);
        string[] more = name == Servers.Ours ? ["--ws-max-connections", "100000", "--maxclients", "2000"] : [];
        using var server = new Server(name, command, isServingHttp: door != Resp, more: [.. more, "--client-output-buffer-limit", "pubsub 1mb 256kb 5"]);
        WarmUp(server, door);
        long level = server.ResidentBytes;
        Listener[] listeners = [.. Enumerable.Range(0, count).Select(i => Subscribe(server, i, door, "drop-oldest"))];
        double kibEach = (server.ResidentBytes - level) / 1024.0 / count;
        using Listener? slow = options.IsSet("slow") ? Subscribe(server, count, door, "close") : null;
        using var audience = new Audience(listeners, door == Stream);
        using RespClient publisher = server.Connect();

        Publish(publisher, audience, messages: 50, perSecond: 0, payloadBytes);
        (double deliveredPerSecond, double usAtFull) = Burst(server, publisher, audience, options.Seconds(20) / 2, payloadBytes);
        audience.Begin();
        int messages = (int)(options.Seconds(20) * perSecond);
        double before = server.ProcessorSeconds;
        Publish(publisher, audience, messages, perSecond, payloadBytes);
        double usEach = (server.ProcessorSeconds - before) * 1e6 / ((double)messages * count);

        LongHistogram times = audience.Times;
        report.Line($"{name,-10}{door,-7}{count,12}{kibEach,10:F1}{deliveredPerSecond,13:F0}{usAtFull,9:F2}{perSecond,8:F0}{At(times, 50),9:F2}{At(times, 99),9:F2}{At(times, 99.9),10:F2}{At(times, 100),9:F2}{usEach,9:F2}  {Fate(slow)}");
        foreach (Listener listener in listeners) listener.Dispose();
    }

    /// <summary>The code of subscribing and publishing has run, so that memory and time of its compilation are not counted.</summary>
    private static void WarmUp(Server server, string door)
    {
        Listener[] listeners = [.. Enumerable.Range(0, 50).Select(i => Subscribe(server, i, door, "close"))];
        using (var audience = new Audience(listeners, door == Stream))
        {
            using RespClient publisher = server.Connect();
            Publish(publisher, audience, messages: 3000, perSecond: 0, payloadBytes: 100);
        }
        foreach (Listener listener in listeners) listener.Dispose();
        Thread.Sleep(2000);
    }

    private static Listener Subscribe(Server server, int index, string door, string onSlow) =>
        door == Resp ? new RespListener(server) : new SocketListener(server, index, onSlow, isStream: door == Stream);

    /// <summary>As many messages as go: what is delivered a second, and the processor time of one delivery in microseconds.</summary>
    private static (double PerSecond, double UsEach) Burst(Server server, RespClient publisher, Audience audience, double seconds, int payloadBytes)
    {
        long heard = audience.Heard;
        double before = server.ProcessorSeconds;
        var clock = Stopwatch.StartNew();
        while (clock.Elapsed.TotalSeconds < seconds) Publish(publisher, audience, messages: 20, perSecond: 0, payloadBytes);
        heard = audience.Heard - heard;
        return (heard / clock.Elapsed.TotalSeconds, (server.ProcessorSeconds - before) * 1e6 / heard);
    }

    /// <summary>
    /// Publishes at an even rate (0: whenever all but a few were heard everywhere), and waits for the last message. A payload
    /// begins with its time.
    /// </summary>
    private static void Publish(RespClient publisher, Audience audience, int messages, double perSecond, int payloadBytes)
    {
        long heard = audience.Heard;
        long begin = Stopwatch.GetTimestamp();
        for (int i = 0; i < messages; i++)
        {
            if (perSecond > 0)
                while (Stopwatch.GetElapsedTime(begin).TotalSeconds < i / perSecond) Thread.Sleep(1);
            else Await(audience, heard + ((long)(i - Window) * audience.Count));
            string time = Stopwatch.GetTimestamp().ToString(CultureInfo.InvariantCulture);
            if (audience.IsOfStream) publisher.AskText("XADD", "c", "MAXLEN", "~", "10000", "*", "data", time.PadRight(payloadBytes, '.'));
            else publisher.AskText("PUBLISH", "c", time.PadRight(payloadBytes, '.'));
        }
        Await(audience, heard + ((long)messages * audience.Count));
    }

    private static void Await(Audience audience, long heard)
    {
        var patience = Stopwatch.StartNew();
        while (audience.Heard < heard)
        {
            if (patience.Elapsed.TotalSeconds > 60) throw new InvalidOperationException($"{heard - audience.Heard} messages have not come");
            Thread.Sleep(0);
        }
    }

    private static string Fate(Listener? slow)
    {
        if (slow is null) return "none";
        Socket socket = slow is SocketListener web ? web.Socket : ((RespListener)slow).Socket;
        var buffer = new byte[1 << 20];
        socket.ReceiveTimeout = 2000;
        try
        {
            while (socket.Receive(buffer) > 0) { }
            return "cut off";
        }
        catch (SocketException failure)
        {
            return failure.SocketErrorCode == SocketError.TimedOut ? "still there" : "cut off";
        }
    }

    private static double At(LongHistogram histogram, double percentile) => histogram.GetValueAtPercentile(percentile) / NanosecondsPerMillisecond;

    /// <summary>The subscribers, each reading as messages come.</summary>
    private sealed class Audience : IDisposable
    {
        private readonly CancellationTokenSource _end = new();
        private readonly Lock _lock = new();
        private long _heard;

        public Audience(Listener[] listeners, bool isOfStream)
        {
            Count = listeners.Length;
            IsOfStream = isOfStream;
            foreach (Listener listener in listeners) _ = ListenAsync(listener);
        }

        public int Count { get; }

        /// <summary>They read a stream, and no channel.</summary>
        public bool IsOfStream { get; }

        public long Heard => Interlocked.Read(ref _heard);

        public LongHistogram Times { get; private set; } = New();

        /// <summary>Forgets the times so far.</summary>
        public void Begin()
        {
            lock (_lock) Times = New();
        }

        public void Dispose() => _end.Cancel();

        private async Task ListenAsync(Listener listener)
        {
            while (!_end.IsCancellationRequested) await listener.ReceiveAsync(Hear, _end.Token);
        }

        private void Hear(long sentAt)
        {
            long nanoseconds = (long)Stopwatch.GetElapsedTime(sentAt).TotalNanoseconds;
            lock (_lock) Times.RecordValue(Math.Max(1, nanoseconds));
            Interlocked.Increment(ref _heard);
        }

        private static LongHistogram New() => new(1, 120_000_000_000, 3);
    }
}
