namespace Galley.LoadTests;

/// <summary>
/// WebSockets that do nothing: what one of them adds to the resident memory of the server, and what processor time all
/// of them take while nothing happens but the server's pings, which they answer.
/// </summary>
public static class IdleSockets
{
    private const int WarmUpSockets = 200;
    private static readonly TimeSpan Settling = TimeSpan.FromSeconds(5);

    public static void Run(Options options, Report report)
    {
        int count = options.Number("sockets", 10_000);
        double seconds = options.Seconds(30);
        bool subscribes = options.IsSet("subscribed");
        (string name, string[] command) = Servers.Picked(options).First(s => s.Name == Servers.Ours);
        using var server = new Server(name, command, isServingHttp: true, more: ["--ws-max-connections", "100000", "--maxclients", "2000"]);
        report.Line($"{"sockets",-28}{"resident MiB",14}{"bytes each",12}{"processor ms",14}{"of one core",12}");

        Close(Open(server, WarmUpSockets, subscribes));
        Thread.Sleep(Settling);
        long levelBytes = server.ResidentBytes;
        Measure(server, report, [], levelBytes, seconds);
        RawWebSocket[] sockets = Open(server, count, subscribes);
        Rest(sockets, Settling.TotalSeconds);
        Measure(server, report, sockets, levelBytes, seconds);
        Close(sockets);
        Thread.Sleep(Settling);
        report.Line($"{"after they have gone",-28}{server.ResidentBytes / (double)(1 << 20),14:F1}");
    }

    private static void Measure(Server server, Report report, RawWebSocket[] sockets, long levelBytes, double seconds)
    {
        double before = server.ProcessorSeconds;
        Rest(sockets, seconds);
        double taken = server.ProcessorSeconds - before;
        long residentBytes = server.ResidentBytes;
        double each = sockets.Length == 0 ? 0 : (residentBytes - levelBytes) / (double)sockets.Length;
        report.Line($"{sockets.Length,-28}{residentBytes / (double)(1 << 20),14:F1}{each,12:F0}{taken * 1000,14:F0}{taken / seconds,12:P2}");
    }

    private static RawWebSocket[] Open(Server server, int count, bool subscribes)
    {
        var sockets = new RawWebSocket[count];
        for (int i = 0; i < count; i++)
        {
            sockets[i] = RawWebSocket.Open(server.HttpPort, i);
            sockets[i].Receive();
            if (!subscribes) continue;
            sockets[i].Send($$"""{"type":"subscribe","id":"s","channels":["user:{{i}}"]}""");
            sockets[i].Receive();
        }
        return sockets;
    }

    /// <summary>Lets time pass, answering pings.</summary>
    private static void Rest(RawWebSocket[] sockets, double seconds)
    {
        DateTime until = DateTime.UtcNow.AddSeconds(seconds);
        while (DateTime.UtcNow < until)
        {
            foreach (RawWebSocket socket in sockets) socket.AnswerPings();
            Thread.Sleep(200);
        }
    }

    private static void Close(RawWebSocket[] sockets)
    {
        foreach (RawWebSocket socket in sockets) socket.Dispose();
    }
}
