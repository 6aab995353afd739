using Galley.Conformance.Servers;
using Galley.Conformance.Transcripts;

namespace Galley.Conformance;

/// <summary>Every transcript of the corpus, to redis-server and to Galley, in both protocols and on three sizes of the house.</summary>
public sealed class CorpusTests(Fleet fleet, Tally tally)
{
    public static TheoryData<string, int, int> Everything()
    {
        var data = new TheoryData<string, int, int>();
        foreach (string file in Directory.EnumerateFiles(Path.Combine(AppContext.BaseDirectory, "Corpus"), "*.txt").Order(StringComparer.Ordinal))
        {
            foreach (int partitions in (int[])[1, 4, 16384])
            {
                data.Add(Path.GetFileNameWithoutExtension(file), 2, partitions);
                data.Add(Path.GetFileNameWithoutExtension(file), 3, partitions);
            }
        }
        return data;
    }

    [Theory]
    [MemberData(nameof(Everything))]
    public void Galley_says_what_redis_says(string family, int resp, int partitions)
    {
        string path = Path.Combine(AppContext.BaseDirectory, "Corpus", family + ".txt");
        ServerProcess redis = fleet.Redis;
        ServerProcess galley = fleet.Galley(partitions);
        var differences = new List<string>();
        foreach (Section section in Transcript.Read(path))
        {
            IReadOnlyList<Observation> oracle = Playback.Play(redis.Port, section, resp);
            IReadOnlyList<Observation> ours = Playback.Play(galley.Port, section, resp);
            tally.Compared(oracle.Sum(o => o.Replies.Count));
            differences.AddRange(Comparison.Differences(family, oracle, ours, resp, tally));
            if (galley.HasExited)
            {
                differences.Add($"{family}: Galley ended in section '{section.Name}':\n{galley.Log}");
                break;
            }
        }
        if (Executables.IsStandIn) differences.RemoveAll(d => d.Contains("\n    expected ", StringComparison.Ordinal));
        Assert.True(differences.Count == 0, $"{differences.Count} differences:\n" + string.Join('\n', differences));
    }
}
