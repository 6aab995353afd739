using System.Diagnostics;
using System.Globalization;
using Galley.Conformance.Durability;
using Galley.Conformance.Models;
using Galley.Conformance.Servers;
using Galley.Conformance.Transcripts;
using Galley.Conformance.Wire;

namespace Galley.Conformance;

/// <summary>
/// redis-server is the model: random commands of every family go to both, in pipelines, and neither what they say, nor
/// the events of the keys, nor what is left at a hundred points between and at the end may differ. A failure prints the
/// shortest list of commands that was found for it.
/// </summary>
public sealed class ModelTests(Fleet fleet, Tally tally)
{
    private const int BatchSize = 100;
    private const int Checks = 100;
    private const int Rounds = 10;
    private const int CommandsPrintedMax = 200;
    private const double SuccessShareMin = 0.6;
    private const double FamilySuccessShareMin = 0.4;

    // They are played where their other effects are looked at.
    private static readonly string[] NotPlayed = ["MIGRATE", "RESTORE", "RESTORE-ASKING", "PFDEBUG", "SPUBLISH"];

    private static readonly string[] Usual = ["set-max-listpack-entries 0"];

    private static readonly string[] Small =
    [
        "list-max-listpack-size 4", "hash-max-listpack-entries 12", "hash-max-listpack-value 40", "set-max-intset-entries 12", "set-max-listpack-entries 0",
        "zset-max-listpack-entries 12", "zset-max-listpack-value 40", "hll-sparse-max-bytes 300", "stream-node-max-entries 5", "stream-node-max-bytes 300",
    ];

    private static readonly string[] Large =
    [
        "list-max-listpack-size -5", "list-compress-depth 2", "hash-max-listpack-entries 900", "hash-max-listpack-value 400", "set-max-intset-entries 900",
        "set-max-listpack-entries 0", "zset-max-listpack-entries 900", "zset-max-listpack-value 300", "hll-sparse-max-bytes 8000",
        "stream-node-max-entries 1000", "stream-node-max-bytes 30000",
    ];

    private static readonly string[] None =
    [
        "list-max-listpack-size 1", "hash-max-listpack-entries 0", "set-max-intset-entries 0", "set-max-listpack-entries 0", "zset-max-listpack-entries 0",
        "hll-sparse-max-bytes 0", "stream-node-max-entries 1",
    ];

    /// <summary>What keys of each type are seen to be, and to be no more.</summary>
    private static readonly string[] Encodings =
    [
        "hash hashtable", "hash listpack", "list quicklist", "set hashtable", "set intset", "stream stream", "string embstr", "string int", "string raw", "zset listpack",
        "zset skiplist",
    ];

    [Theory]
    [InlineData("usual", 1, 2, 1)]
    [InlineData("small", 4, 3, 2)]
    [InlineData("large", 16384, 2, 3)]
    [InlineData("none", 1, 3, 4)]
    public void Random_commands_of_every_family_are_answered_as_redis_answers_them(string thresholds, int partitions, int resp, int seed)
    {
        string[] settings = thresholds switch { "small" => Small, "large" => Large, "none" => None, _ => Usual };
        int total = !Oracle.IsFullRun ? 5000 : thresholds == "usual" ? 1_000_000 : 250_000;
        using var servers = new ModelServers(fleet.Redis, fleet.Galley(partitions), resp, settings);
        var counts = new SuccessCounts();
        var encodings = new EncodingLog();
        var clock = Stopwatch.StartNew();
        Play(servers, seed, total, counts, encodings);
        tally.Compared(total);

        string summary = $"{thresholds} thresholds, {partitions} partitions, RESP{resp}, seed {seed}: {total} commands in {clock.Elapsed.TotalSeconds:F0} s, {counts}; "
            + $"encodings entered and left: {string.Join(", ", encodings.Passed)}";
        Results.File("model", summary);
        TestContext.Current.SendDiagnosticMessage(summary);
        Assert.True(counts.Share >= SuccessShareMin, $"too few succeed: {counts}");
        Assert.True(counts.LowestShare >= FamilySuccessShareMin, $"too few of a family succeed: {counts}");
        if (Oracle.IsFullRun ? thresholds != "none" : thresholds == "small") Assert.Empty(Encodings.Except(encodings.Passed));
    }

    /// <summary>Round by round every template has its turn: none of the table's commands that write is left out.</summary>
    [Fact]
    public void Every_command_that_writes_tells_of_its_keys_as_redis_does()
    {
        using var servers = new ModelServers(fleet.Redis, fleet.Galley(), 2, Small);
        var stream = new ModelStream(5, servers.Known.Contains);
        var counts = new SuccessCounts();
        List<ModelCommand> played = [];
        servers.Begin(counts.Count);
        for (int round = 0; round < Rounds; round++)
        {
            List<ModelCommand> commands = stream.Round();
            played.AddRange(commands);
            int parted = servers.Run(commands, out string difference);
            if (parted < 0 && !servers.SameContent(null, out difference)) parted = commands.Count - 1;
            if (parted >= 0) Fail(servers, played[..(played.Count - commands.Count + parted + 1)], difference);
        }
        tally.Compared(played.Count);
        string[] left = [.. counts.Without(servers.WriteCommands()).Except(NotPlayed)];
        Assert.True(left.Length == 0, $"No template in tests/Conformance/Models/Families has these, or not so that they succeed: {string.Join(", ", left)}");
    }

    private static void Play(ModelServers servers, int seed, int total, SuccessCounts counts, EncodingLog encodings)
    {
        var stream = new ModelStream(seed, servers.Known.Contains);
        servers.Begin(counts.Count);
        int checkEvery = Math.Max(BatchSize, total / Checks);
        for (int done = 0; done < total;)
        {
            List<ModelCommand> batch = [];
            while (batch.Count < BatchSize || !stream.IsBetweenCommands) batch.Add(stream.Next());
            int parted = servers.Run(batch, out string difference);
            bool isChecked = done / checkEvery != (done + batch.Count) / checkEvery || done + batch.Count >= total;
            if (parted < 0 && isChecked && !servers.SameContent(encodings, out difference)) parted = batch.Count - 1;
            if (parted >= 0) Fail(servers, seed, done + parted + 1, difference);
            done += batch.Count;
        }
    }

    /// <summary>The stream is the same from the same seed: it is drawn again as far as the servers went together.</summary>
    private static void Fail(ModelServers servers, int seed, int length, string difference)
    {
        var again = new ModelStream(seed, servers.Known.Contains);
        Fail(servers, [.. Enumerable.Range(0, length).Select(_ => again.Next())], $"Seed {seed}, command {length - 1}: {difference}");
    }

    private static void Fail(ModelServers servers, IReadOnlyList<ModelCommand> commands, string difference)
    {
        var shrinker = new ModelShrinker(servers, TimeSpan.FromSeconds(Oracle.IsFullRun ? 300 : 60));
        IReadOnlyList<ModelCommand> shortest = shrinker.Shrink(commands);
        Assert.Fail($"{difference}\n\nThe shortest list that was found ({shortest.Count} commands):\n"
            + string.Join('\n', shortest.TakeLast(CommandsPrintedMax)) + $"\n{shrinker.Difference}");
    }

    /// <summary>How many commands of each family found what they asked for.</summary>
    private sealed class SuccessCounts
    {
        private readonly SortedDictionary<string, (int Succeeded, int All)> _families = new(StringComparer.Ordinal);
        private readonly HashSet<string> _succeeded = [];

        public double Share => (double)_families.Values.Sum(count => count.Succeeded) / _families.Values.Sum(count => count.All);

        public double LowestShare => _families.Values.Min(count => (double)count.Succeeded / count.All);

        public void Count(ModelCommand command, Reply oracle, Reply ours)
        {
            bool succeeds = !oracle.IsError && oracle.Type != '_' && (oracle.Payload is not null || oracle.Items.Count > 0);
            (int succeeded, int all) = _families.GetValueOrDefault(command.Family.Name);
            _families[command.Family.Name] = (succeeded + (succeeds ? 1 : 0), all + 1);
            if (succeeds) _succeeded.Add(command.Name);
        }

        /// <summary>Those of these commands that never succeeded.</summary>
        public IEnumerable<string> Without(IEnumerable<string> commands) => commands.Where(command => !_succeeded.Contains(command)).Order(StringComparer.Ordinal);

        public override string ToString()
        {
            IEnumerable<string> families = _families.Select(family => string.Create(
                CultureInfo.InvariantCulture, $"{family.Key} {(double)family.Value.Succeeded / family.Value.All:P0} of {family.Value.All}"));
            return string.Create(CultureInfo.InvariantCulture, $"{Share:P0} succeed ({string.Join(", ", families)})");
        }
    }
}
