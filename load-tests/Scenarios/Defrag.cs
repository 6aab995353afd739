using System.Diagnostics;
using System.Text;
using HdrHistogram;

namespace Galley.LoadTests;

/// <summary>
/// A server is filled with values of all kinds, half of its keys are deleted at random, and then nothing happens but a few small
/// questions: how far resident memory follows what is used, in which time, and what those who ask feel of it. redis-server is
/// the control; as Debian builds it it has no active defragmentation.
/// </summary>
public static class Defrag
{
    private const int BatchSize = 200;
    private const int ProbeClients = 4;
    private const int LargeEvery = 15_000;
    private const int LargeElements = 20_000;
    private const int LargeElementsAtOnce = 50;
    private const int SmallElements = 6;
    private const double NanosecondsPerMillisecond = 1e6;

    private static readonly int[] IdleSeconds = [5, 15, 30, 60];

    public static void Run(Options options, Report report)
    {
        long usedBytes = (long)options.Number("megabytes", 2048) << 20;
        report.Line($"{"server",-8}{"phase",-10}{"keys",10}{"used MiB",10}{"resident",10}{"of used",9}{"cpu s",8}{"replies",9}{"p50 ms",8}{"p99",8}{"p99.9",8}{"p99.99",8}{"max",8}");
        foreach ((string name, string[] command) in Servers.Picked(options))
        {
            if (name == "garnet") continue;
            using var server = new Server(name, command);
            new Play(server, report, options).Perform(usedBytes);
        }
    }

    private sealed class Play(Server server, Report report, Options options)
    {
        private readonly Random _random = new(1);
        private readonly StringBuilder _batch = new();
        private readonly List<string> _keys = [];
        private int _commands;
        private int _lines;
        private double _processorSeconds;

        public void Perform(long usedBytes)
        {
            using RespClient client = server.Connect();
            Fill(client, usedBytes);
            using var probe = new Probe(server, ProbeClients, options.Number("pace", 2000));
            Thread.Sleep(1000);
            Show(probe, "filled");
            client.AskText("CONFIG", "RESETSTAT");
            DeleteHalf(client);
            Show(probe, "deleted");
            var clock = Stopwatch.StartNew();
            foreach (int seconds in IdleSeconds)
            {
                Thread.Sleep(TimeSpan.FromSeconds(seconds) - clock.Elapsed);
                Show(probe, $"+{seconds} s");
            }
            if (probe.Failure is { } failure) report.Line($"{server.Name,-8}THE WELL-BEHAVED WERE CUT OFF: {failure}");
            if (server.InfoNumber("gate_own_work_max_usec") is { } turn)
                report.Line($"{server.Name,-8}longest turn of the gate for its own work {turn} us; moved {server.InfoNumber("active_defrag_hits")} blocks of {server.InfoNumber("active_defrag_key_hits")} keys in {server.InfoNumber("total_active_defrag_time")} ms");
        }

        private void Show(Probe probe, string phase)
        {
            LongHistogram times = probe.Take();
            long used = server.InfoNumber("used_memory") ?? 0;
            double processor = server.ProcessorSeconds;
            report.Line($"{server.Name,-8}{phase,-10}{_keys.Count,10}{used >> 20,10}{server.ResidentBytes >> 20,10}{(double)server.ResidentBytes / used,9:F2}{processor - _processorSeconds,8:F1}{times.TotalCount,9}{At(times, 50),8:F2}{At(times, 99),8:F2}{At(times, 99.9),8:F2}{At(times, 99.99),8:F2}{At(times, 100),8:F2}");
            _processorSeconds = processor;
        }

        /// <summary>Four fifths are strings, the others small collections; large ones of all types grow among them.</summary>
        private void Fill(RespClient client, long usedBytes)
        {
            for (int i = 0; i % 50_000 != 0 || (server.InfoNumber("used_memory") ?? 0) < usedBytes; i++)
            {
                string key = $"key:{i}";
                _keys.Add(key);
                switch (i % 25)
                {
                    case 0: Write(client, "HSET", key, SmallElements, _ => $"field:{Some(9)}", _ => Text(40)); break;
                    case 1: Write(client, "RPUSH", key, SmallElements, _ => Text(60)); break;
                    case 2: Write(client, "SADD", key, SmallElements, _ => $"member:{Some(1_000_000)}"); break;
                    case 3: Write(client, "ZADD", key, SmallElements, _ => $"{Some(1000)}", _ => $"member:{Some(1_000_000)}"); break;
                    case 4: Write(client, "XADD", key, 1, _ => "*", _ => "field", _ => Text(100)); break;
                    default: Write(client, "SET", key, 1, _ => Text(_random.Next(20) == 0 ? 3000 : 300)); break;
                }
                GrowLarge(client, i);
            }
            Flush(client);
        }

        private void GrowLarge(RespClient client, int i)
        {
            const int every = LargeEvery * LargeElementsAtOnce / LargeElements;
            if (i % every != 0) return;
            string key = $"large:{i / LargeEvery}";
            if (i % LargeEvery == 0) _keys.Add(key);
            switch (i / LargeEvery % 5)
            {
                case 0: Write(client, "HSET", key, LargeElementsAtOnce, _ => $"field:{Some(1_000_000)}", _ => Text(60)); break;
                case 1: Write(client, "RPUSH", key, LargeElementsAtOnce, _ => Text(100)); break;
                case 2: Write(client, "SADD", key, LargeElementsAtOnce, _ => $"member:{Some(1_000_000)}"); break;
                case 3: Write(client, "ZADD", key, LargeElementsAtOnce, _ => $"{Some(1_000_000)}", _ => $"member:{Some(1_000_000)}"); break;
                default:
                    for (int entry = 0; entry < LargeElementsAtOnce; entry++) Write(client, "XADD", key, 1, _ => "*", _ => "field", _ => Text(100));
                    break;
            }
        }

        private void DeleteHalf(RespClient client)
        {
            string[] shuffled = [.. _keys];
            _random.Shuffle(shuffled);
            foreach (string key in shuffled.AsSpan(0, shuffled.Length / 2)) Write(client, "DEL", key, 0);
            Flush(client);
            _keys.RemoveRange(0, shuffled.Length / 2);
        }

        /// <summary>Adds a command: its key, and so many times each of the parts.</summary>
        private void Write(RespClient client, string command, string key, int times, params Func<int, string>[] parts)
        {
            _batch.Append('*').Append(2 + (times * parts.Length)).Append("\r\n");
            Word(command);
            Word(key);
            for (int i = 0; i < times; i++)
                foreach (Func<int, string> part in parts) Word(part(i));
            // The reply to XADD is a bulk string.
            _lines += command == "XADD" ? 2 : 1;
            if (++_commands == BatchSize) Flush(client);
        }

        private void Word(string word) => _batch.Append('$').Append(word.Length).Append("\r\n").Append(word).Append("\r\n");

        private void Flush(RespClient client)
        {
            client.Send(Encoding.ASCII.GetBytes(_batch.ToString()));
            if (client.ReadLines(_lines) > 0) throw new InvalidOperationException($"{server.Name} refused a command");
            _batch.Clear();
            _commands = _lines = 0;
        }

        private int Some(int of) => _random.Next(of);

        private string Text(int bytesMax) => new((char)('a' + _random.Next(26)), 1 + _random.Next(bytesMax));

        private static double At(LongHistogram times, double percentile) => times.GetValueAtPercentile(percentile) / NanosecondsPerMillisecond;
    }
}
