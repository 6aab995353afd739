using System.Diagnostics;
using System.Net.Sockets;
using HdrHistogram;

namespace Galley.LoadTests;

/// <summary>
/// What connections do to each other: a few well-behaved clients are measured while many others come, stay, go, read
/// slowly, send halves of commands, are too many, or are not who they should be. Beside each phase stands the server's
/// resident memory; when all have gone it should be where it was.
/// </summary>
public static class Connections
{
    private const double NanosecondsPerMillisecond = 1e6;
    private const double MiB = 1024 * 1024;
    private const int SlowReaders = 100;
    private const int SlowReplyBytes = 100 * 1024;
    private const int SlowRequests = 400;
    private const string Password = "a-long-password";

    public static void Run(Options options, Report report)
    {
        report.Line($"{"server",-8}{"phase",-42}{"replies",9}{"p50 ms",8}{"p99",8}{"p99.9",8}{"p99.99",8}{"max",8}{"MiB",8}");
        foreach ((string name, string[] command) in Servers.Picked(options))
        {
            // Garnet takes none of these options.
            if (name != "garnet") new Stage(options, report, name, command).Play();
        }
    }

    private sealed class Stage(Options options, Report report, string name, string[] command)
    {
        private readonly int _connections = options.Number("connections", 10_000);
        private readonly int _rate = options.Number("rate", 1000);
        private readonly double _seconds = options.Seconds(60);
        private readonly int _spare = options.Number("spare", 500);

        public void Play()
        {
            using var server = new Server(name, command, more:
            [
                "--maxclients", $"{_connections + _spare}", "--client-output-buffer-limit", "normal 16mb 8mb 5",
                "--enable-protected-configs", "yes", "--tcp-backlog", "4096",
            ]);
            using (RespClient client = server.Connect()) client.AskText("SET", "big", new string('x', SlowReplyBytes));
            using var crowd = new Crowd(server.Port);
            // The first crowd fills pools and compiles code: the level is what remains after it.
            crowd.AddServed(_connections);
            crowd.Leave(byReset: false);
            Rest();
            using var probe = new Probe(server, clients: 20, options.Number("pace", 1000));
            Rest();
            probe.Take();
            long level = PlayPhases(server, crowd, probe);
            crowd.Leave(byReset: true);
            Rest();
            Rest();
            Tell(server, probe, "all have gone");
            report.Line($"{name,-8}memory at the end is {server.ResidentBytes / (double)level:F3} of its level before");
            if (server.InfoNumber("gc_pause_max_usec") is { } pause) report.Line($"{name,-8}longest pause of the collector {pause} us");
            if (probe.Failure is { } failure) report.Line($"{name,-8}THE WELL-BEHAVED WERE CUT OFF: {failure}");
        }

        private long PlayPhases(Server server, Crowd crowd, Probe probe)
        {
            Phase(server, probe, "the well-behaved alone", () => Rest(_seconds / 6));
            long level = server.ResidentBytes;
            Phase(server, probe, $"{_connections} connect at once", () => crowd.AddServed(_connections));
            Phase(server, probe, $"{_connections} are idle", () => Rest(_seconds / 6));
            report.Line($"{name,-8}bytes of each idle connection: {(server.ResidentBytes - level) / (double)_connections:F0}");
            Phase(server, probe, "500 more are too many", () => Flood(server.Port));
            Phase(server, probe, $"{_connections} leave at once", () => crowd.Leave(byReset: true));
            Phase(server, probe, $"{_rate} a second come and go", () => Storm(crowd));
            Phase(server, probe, $"{SlowReaders} ask for much and do not read", () => ReadSlowly(crowd));
            Phase(server, probe, "2000 send half a command and stay", () => SendHalves(crowd));
            SetPassword(server, Password);
            Phase(server, probe, "2000 send much before they authenticate", () => SendUnauthenticated(crowd));
            SetPassword(server, "");
            return level;
        }

        private void Phase(Server server, Probe probe, string title, Action act)
        {
            act();
            Tell(server, probe, title);
        }

        private void Tell(Server server, Probe probe, string title)
        {
            LongHistogram h = probe.Take();
            double At(double percentile) => h.GetValueAtPercentile(percentile) / NanosecondsPerMillisecond;
            report.Line($"{name,-8}{title,-42}{h.TotalCount,9}{At(50),8:F2}{At(99),8:F2}{At(99.9),8:F2}{At(99.99),8:F2}{At(100),8:F2}{server.ResidentBytes / MiB,8:F1}");
        }

        private void Flood(int port)
        {
            var stopwatch = Stopwatch.StartNew();
            int refused = 0, rounds = 0;
            for (; stopwatch.Elapsed.TotalSeconds < _seconds / 6 || rounds == 0; rounds++)
            {
                using var extra = new Crowd(port);
                extra.Add(_spare + 500, RespClient.Encode("PING"));
                Rest(0.2);
                refused += extra.CountClosed();
            }
            report.Line($"{name,-8}refused in {rounds} rounds: {refused}");
        }

        private void Storm(Crowd crowd)
        {
            byte[] ping = RespClient.Encode("PING"), answer = new byte[64];
            long startedAt = Stopwatch.GetTimestamp();
            int count = (int)(_rate * _seconds);
            for (int i = 0; i < count; i++)
            {
                while (Stopwatch.GetElapsedTime(startedAt).TotalSeconds < (double)i / _rate) Thread.Sleep(1);
                Socket socket = crowd.Connect();
                socket.Send(ping);
                socket.Receive(answer);
                Crowd.Close(socket, byReset: i % 2 == 0);
            }
            report.Line($"{name,-8}{count} came in {Stopwatch.GetElapsedTime(startedAt).TotalSeconds:F1} s");
        }

        private void ReadSlowly(Crowd crowd)
        {
            byte[] request = RespClient.Encode("GET", "big");
            byte[] requests = [.. Enumerable.Repeat(request, SlowRequests).SelectMany(bytes => bytes)];
            crowd.Add(SlowReaders, requests);
            Rest(_seconds / 6);
            report.Line($"{name,-8}cut off: {crowd.CountClosed()}");
            crowd.Leave(byReset: true);
        }

        private void SendHalves(Crowd crowd)
        {
            crowd.Add(1000, "*2\r\n$3\r\nGET\r\n$1000\r\nabc"u8);
            crowd.Add(1000, "*3\r\n$3\r\nSET"u8);
            Rest(_seconds / 6);
            crowd.Leave(byReset: true);
        }

        private void SendUnauthenticated(Crowd crowd)
        {
            crowd.Add(500, "*3\r\n$3\r\nSET\r\n$1\r\na\r\n$1000000000\r\n"u8);
            crowd.Add(500, "*1000000\r\n"u8);
            byte[] wrong = RespClient.Encode("AUTH", "wrong");
            crowd.Add(1000, [.. Enumerable.Repeat(wrong, 200).SelectMany(bytes => bytes)]);
            Rest(_seconds / 6);
            report.Line($"{name,-8}cut off: {crowd.CountClosed()}");
            crowd.Leave(byReset: true);
        }

        private static void SetPassword(Server server, string password)
        {
            using RespClient client = server.Connect();
            if (password.Length == 0) client.AskText("AUTH", Password);
            client.AskText("CONFIG", "SET", "requirepass", password);
        }

        private static void Rest(double seconds = 2) => Thread.Sleep(TimeSpan.FromSeconds(seconds));
    }
}
