using System.Buffers.Text;
using System.Diagnostics;
using System.Globalization;
using HdrHistogram;

namespace Galley.LoadTests;

/// <summary>
/// One publisher by RESP, many subscribers by WebSocket: how long a message takes to each of them, and what processor time
/// one delivery costs the server. With <c>--slow yes</c>, one more subscriber reads nothing: nobody else may notice. With
/// <c>--stream yes</c> it is entries of a stream, whose end all of them read.
/// </summary>
public static class FanOut
{
    private const double NanosecondsPerMicrosecond = 1000.0;
    private const int WarmUpMessages = 200;

    public static void Run(Options options, Report report)
    {
        int count = options.Number("sockets", 1000);
        int perSecond = options.Number("rate", 20);
        int messages = (int)(options.Seconds(20) * perSecond);
        int payloadBytes = options.Number("bytes", 100);
        bool isStream = options.IsSet("stream");
        (string name, string[] command) = Servers.Picked(options).First(s => s.Name == Servers.Ours);
        using var server = new Server(name, command, isServingHttp: true, more: ["--ws-max-connections", "100000"]);
        using RawWebSocket? slow = options.IsSet("slow") ? Subscribe(server, count, isStream) : null;
        RawWebSocket[] sockets = [.. Enumerable.Range(0, count).Select(i => Subscribe(server, i, isStream))];
        using var audience = new Audience(sockets);
        using RespClient publisher = server.Connect();

        Publish(publisher, audience, WarmUpMessages, perSecond, payloadBytes, isStream);
        audience.Begin();
        double before = server.ProcessorSeconds;
        Publish(publisher, audience, messages, perSecond, payloadBytes, isStream);
        double each = (server.ProcessorSeconds - before) / ((double)messages * count);

        report.Line($"{"subscribers",-14}{"messages",10}{"p50 ms",10}{"p99 ms",10}{"p99.9 ms",10}{"max ms",10}{"processor us each",20}");
        LongHistogram times = audience.Times;
        report.Line($"{count,-14}{messages,10}{At(times, 50),10:F2}{At(times, 99),10:F2}{At(times, 99.9),10:F2}{At(times, 100),10:F2}{each * 1e6,20:F2}");
        foreach (RawWebSocket socket in sockets) socket.Dispose();
    }

    private static RawWebSocket Subscribe(Server server, int index, bool isStream)
    {
        RawWebSocket socket = RawWebSocket.Open(server.HttpPort, index, bufferBytes: 8192);
        socket.Receive();
        socket.Send(isStream
            ? """{"type":"stream.read","id":"s","streams":{"c":"$"},"credit":1000000}"""
            : """{"type":"subscribe","id":"s","channels":["c"],"onSlow":"drop-oldest"}""");
        socket.Receive();
        return socket;
    }

    /// <summary>Publishes at an even rate, and waits for the last message everywhere. A payload begins with its time.</summary>
    private static void Publish(RespClient publisher, Audience audience, int messages, int perSecond, int payloadBytes, bool isStream)
    {
        long expected = audience.Heard + ((long)messages * audience.Count);
        long begin = Stopwatch.GetTimestamp();
        for (int i = 0; i < messages; i++)
        {
            while (Stopwatch.GetElapsedTime(begin).TotalSeconds < i / (double)perSecond) Thread.Sleep(1);
            string time = Stopwatch.GetTimestamp().ToString(CultureInfo.InvariantCulture);
            if (isStream) publisher.AskText("XADD", "c", "*", "data", time.PadRight(payloadBytes, '.'));
            else publisher.AskText("PUBLISH", "c", time.PadRight(payloadBytes, '.'));
        }
        var patience = Stopwatch.StartNew();
        while (audience.Heard < expected)
        {
            if (patience.Elapsed.TotalSeconds > 30) throw new InvalidOperationException($"{expected - audience.Heard} messages have not come");
            Thread.Sleep(1);
        }
    }

    private static double At(LongHistogram histogram, double percentile) =>
        histogram.GetValueAtPercentile(percentile) / NanosecondsPerMicrosecond / 1000;

    /// <summary>The subscribers, each reading as messages come.</summary>
    private sealed class Audience : IDisposable
    {
        private readonly CancellationTokenSource _end = new();
        private readonly Lock _lock = new();
        private long _heard;

        public Audience(RawWebSocket[] sockets)
        {
            Count = sockets.Length;
            foreach (RawWebSocket socket in sockets) _ = ListenAsync(socket);
        }

        public int Count { get; }

        public long Heard => Interlocked.Read(ref _heard);

        public LongHistogram Times { get; private set; } = New();

        /// <summary>Forgets the times so far.</summary>
        public void Begin()
        {
            lock (_lock) Times = New();
        }

        public void Dispose() => _end.Cancel();

        private async Task ListenAsync(RawWebSocket socket)
        {
            while (!_end.IsCancellationRequested) Hear(await socket.ReceiveAsync(_end.Token));
        }

        private void Hear(ReadOnlyMemory<byte> frame)
        {
            ReadOnlySpan<byte> span = frame.Span;
            int heard = 0;
            // A message is "data":"..", of the entries in a frame each is ["data",".."].
            for (int data = span.IndexOf("\"data\""u8); data >= 0; data = span.IndexOf("\"data\""u8), heard++)
            {
                span = span[(data + 8)..];
                if (!Utf8Parser.TryParse(span, out long sentAt, out _)) throw new InvalidOperationException("a frame that is no message");
                long nanoseconds = (long)Stopwatch.GetElapsedTime(sentAt).TotalNanoseconds;
                lock (_lock) Times.RecordValue(Math.Max(1, nanoseconds));
            }
            Interlocked.Add(ref _heard, heard);
        }

        private static LongHistogram New() => new(1, 60_000_000_000, 3);
    }
}
