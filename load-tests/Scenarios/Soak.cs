using System.Diagnostics;
using System.Globalization;
using HdrHistogram;

namespace Galley.LoadTests;

/// <summary>
/// A server that is filled up to <c>maxmemory</c> and kept there by clients who write, read, expire and delete values of all types
/// and sizes: whether resident memory stays near the bound, what those feel who ask small things meanwhile, and whether the memory
/// that is counted is what is there at the end. redis-server is the control.
/// </summary>
public static class Soak
{
    private const int ProbeClients = 4;
    private const int RowsPerRun = 10;
    private const double NanosecondsPerMillisecond = 1e6;

    /// <summary>What resident memory may be beyond <c>maxmemory</c>: a tenth of it, and what the process takes without data.</summary>
    private const double ResidentRatioMax = 1.1;
    private const long ResidentBytesBeside = 64L << 20;

    private static readonly TimeSpan FillMax = TimeSpan.FromMinutes(10);

    /// <summary>Time for what was written at full speed to expire, as far as it does.</summary>
    private static readonly TimeSpan SettleTime = TimeSpan.FromSeconds(30);

    public static void Run(Options options, Report report)
    {
        report.Line($"{"server",-8}{"seconds",8}{"keys",9}{"used MiB",9}{"resident",9}{"largest",9}{"evicted",10}{"expired",9}{"cmd/s",8}{"errors",7}{"cpu s",7}{"replies",9}{"p50 ms",8}{"p99",8}{"p99.9",8}{"p99.99",8}{"max",8}");
        foreach ((string name, string[] command) in Servers.Picked(options))
        {
            if (name == "garnet") continue;
            long bound = (long)options.Number("megabytes", 1024) << 20;
            using var server = new Server(name, command, more:
                ["--maxmemory", bound.ToString(CultureInfo.InvariantCulture), "--maxmemory-policy", "allkeys-lru", "--enable-debug-command", "yes"]);
            using var play = new Play(server, report, options, bound);
            play.Perform(options.Seconds(600));
        }
    }

    private sealed class Play : IDisposable
    {
        private readonly Server _server;
        private readonly Report _report;
        private readonly Options _options;
        private readonly long _bound;
        private readonly SoakClient[] _clients;
        private readonly LongHistogram _all = new(1, 600_000_000_000, 3);
        private long _largest;
        private long _commands;
        private double _processorSeconds;

        public Play(Server server, Report report, Options options, long bound)
        {
            (_server, _report, _options, _bound) = (server, report, options, bound);
            _clients = [.. Enumerable.Range(1, options.Number("clients", 4)).Select(seed => new SoakClient(server, seed))];
        }

        public void Perform(double seconds)
        {
            Fill();
            foreach (SoakClient client in _clients) client.SlowDown((double)_options.Number("rate", 2000) / _clients.Length);
            using (var probe = new Probe(_server, ProbeClients, _options.Number("pace", 2000)))
            {
                Thread.Sleep(SettleTime);
                probe.Take();
                Measure(probe, seconds);
                if (probe.Failure is { } failure) _report.Line($"{_server.Name,-8}THE WELL-BEHAVED WERE CUT OFF: {failure}");
            }
            ShowMemory();
            Dispose();
            foreach (string failure in _clients.Select(c => c.Failure).OfType<string>()) _report.Line($"{_server.Name,-8}A CLIENT WAS CUT OFF: {failure}");
            Judge();
        }

        public void Dispose()
        {
            foreach (SoakClient client in _clients) client.Dispose();
        }

        /// <summary>Writes at full speed until the first keys have to go.</summary>
        private void Fill()
        {
            var clock = Stopwatch.StartNew();
            while ((_server.InfoNumber("evicted_keys") ?? 0) == 0)
            {
                if (clock.Elapsed > FillMax) throw new InvalidOperationException($"{_server.Name} was not filled in {FillMax}");
                Thread.Sleep(200);
                _largest = Math.Max(_largest, _server.ResidentBytes);
            }
        }

        private void Measure(Probe probe, double seconds)
        {
            using (RespClient client = _server.Connect()) client.AskText("CONFIG", "RESETSTAT");
            _commands = _clients.Sum(c => c.Commands);
            _processorSeconds = _server.ProcessorSeconds;
            var clock = Stopwatch.StartNew();
            double shownAt = 0;
            for (int second = 1; second <= seconds; second++)
            {
                Thread.Sleep(TimeSpan.FromSeconds(Math.Max(0, second - clock.Elapsed.TotalSeconds)));
                _largest = Math.Max(_largest, _server.ResidentBytes);
                if (second < shownAt + (seconds / RowsPerRun)) continue;
                LongHistogram times = probe.Take();
                _all.Add(times);
                Show($"{second}", times, second - shownAt);
                shownAt = second;
            }
        }

        private void Show(string when, LongHistogram times, double seconds)
        {
            long commands = _clients.Sum(c => c.Commands);
            double processor = _server.ProcessorSeconds;
            _report.Line($"{_server.Name,-8}{when,8}{Keys(),9}{(_server.InfoNumber("used_memory") ?? 0) >> 20,9}{_server.ResidentBytes >> 20,9}{_largest >> 20,9}{_server.InfoNumber("evicted_keys"),10}{_server.InfoNumber("expired_keys"),9}{(commands - _commands) / seconds,8:F0}{_clients.Sum(c => c.Errors),7}{processor - _processorSeconds,7:F1}{times.TotalCount,9}{At(times, 50),8:F2}{At(times, 99),8:F2}{At(times, 99.9),8:F2}{At(times, 99.99),8:F2}{At(times, 100),8:F2}");
            (_commands, _processorSeconds) = (commands, processor);
        }

        private void Judge()
        {
            long allowed = (long)(_bound * ResidentRatioMax) + ResidentBytesBeside;
            string verdict = _largest <= allowed ? "within" : "OVER";
            _report.Line($"{_server.Name,-8}all: {_all.TotalCount} replies, p50 {At(_all, 50):F2} ms, p99 {At(_all, 99):F2}, p99.9 {At(_all, 99.9):F2}, p99.99 {At(_all, 99.99):F2}, max {At(_all, 100):F2}");
            _report.Line($"{_server.Name,-8}largest resident memory {_largest >> 20} MiB, {verdict} 1.1 of maxmemory and 64 MiB ({allowed >> 20})");
            if (_server.InfoNumber("gate_own_work_max_usec") is not { } turn) return;
            _report.Line($"{_server.Name,-8}longest turn of the gate for its own work {turn} us; longest pause of the collector {_server.InfoNumber("gc_pause_max_usec")} us");
            Recount();
        }

        /// <summary>Where resident memory is: pages with blocks, pages that are free, the collector's, the rest.</summary>
        private void ShowMemory() =>
            _report.Line($"{_server.Name,-8}resident {_server.ResidentBytes >> 20} MiB; allocator: given out {Mebibytes("allocator_allocated")}, active {Mebibytes("allocator_active")}, resident {Mebibytes("allocator_resident")}; clients {Mebibytes("mem_clients_normal")}; collector's heap {Mebibytes("gc_heap_bytes")}, committed {Mebibytes("gc_committed_bytes")}");

        private long? Mebibytes(string field) => _server.InfoNumber(field) >> 20;

        /// <summary>Compares what is counted with what is found, when nobody holds a value any more.</summary>
        private void Recount()
        {
            using RespClient client = _server.Connect();
            string[] words = client.AskText("DEBUG", "RECOUNT");
            long counted = Figure("arena.counted"), reached = Figure("arena.reached");
            string verdict = counted == reached ? "EQUAL" : "NOT EQUAL";
            _report.Line($"{_server.Name,-8}counted {counted} bytes, found {reached} by a full recount: {verdict} ({string.Join(' ', words.Where((_, i) => i > 0 && i % 3 != 1))})");

            long Figure(string name) =>
                Array.IndexOf(words, name) is > 0 and int at ? long.Parse(words[at + 1].AsSpan(1), CultureInfo.InvariantCulture) : -1;
        }

        private long Keys()
        {
            using RespClient client = _server.Connect();
            return long.Parse(client.AskText("DBSIZE")[0].AsSpan(1), CultureInfo.InvariantCulture);
        }

        private static double At(LongHistogram times, double percentile) => times.GetValueAtPercentile(percentile) / NanosecondsPerMillisecond;
    }
}
