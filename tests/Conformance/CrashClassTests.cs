using System.Diagnostics;
using System.Text;
using Galley.Conformance.Servers;
using Galley.Conformance.Transcripts;
using Galley.Conformance.Wire;

namespace Galley.Conformance;

/// <summary>
/// Each class of input that has crashed or broken other servers: Galley answers as a redis-server in which it is mended,
/// stays up, and is quick about it. A section whose commands Galley does not all have yet is left out.
/// </summary>
public sealed class CrashClassTests(Fleet fleet, Tally tally)
{
    /// <summary>Nothing that is asked takes long by itself, on however busy a machine.</summary>
    private const int SectionMaxMs = 20_000;

    private const int SectionsMin = 15;

    [Theory]
    [InlineData(2)]
    [InlineData(3)]
    public void What_has_crashed_others_is_answered(int resp)
    {
        ServerProcess galley = fleet.Galley();
        HashSet<string> known = Known(galley);
        var differences = new List<string>();
        int played = 0;
        foreach (Section section in Transcript.Read(Path.Combine(AppContext.BaseDirectory, "Boundaries", "crash-classes.txt")))
        {
            if (!section.Steps.All(step => IsKnown(step, known))) continue;
            played++;
            IReadOnlyList<Observation> oracle = Playback.Play(fleet.Redis.Port, section, resp);
            var clock = Stopwatch.StartNew();
            IReadOnlyList<Observation> ours = Playback.Play(galley.Port, section, resp);
            tally.Compared(oracle.Sum(o => o.Replies.Count));
            differences.AddRange(Comparison.Differences(section.Name, oracle, ours, resp, tally));
            if (clock.ElapsedMilliseconds > SectionMaxMs) differences.Add($"{section.Name}: it took {clock.ElapsedMilliseconds} ms");
            Assert.False(galley.HasExited, $"Galley ended in section '{section.Name}':\n{galley.Log}");
        }
        Assert.True(differences.Count == 0, $"{differences.Count} differences:\n" + string.Join('\n', differences));
        Assert.True(played >= SectionsMin, $"only {played} sections have commands that Galley knows");
    }

    private static HashSet<string> Known(ServerProcess server)
    {
        using RespConnection connection = server.Connect();
        return [.. connection.Ask("COMMAND", "LIST").Items.Select(name => name.Text.ToUpperInvariant())];
    }

    /// <summary>What is no command by intent is no reason to leave a section out.</summary>
    private static bool IsKnown(Step step, HashSet<string> known)
    {
        if (step.Words.Length == 0) return true;
        string name = Encoding.Latin1.GetString(step.Words[0]);
        return name.Any(char.IsControl) || known.Contains(name);
    }
}
