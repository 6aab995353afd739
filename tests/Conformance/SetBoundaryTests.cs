using Galley.Conformance.Boundaries;
using Galley.Conformance.Servers;
using Galley.Conformance.Transcripts;

namespace Galley.Conformance;

/// <summary>As <see cref="BoundaryTests"/>, of sets and SORT: what is left is compared member by member.</summary>
public sealed class SetBoundaryTests(Fleet fleet, Tally tally)
{
    private const string Members = "SADD k -9223372036854775808 -1 0 1 2 70000 9223372036854775807";
    private const string Elements = "RPUSH l 5 -1 3 9223372036854775807 0.5";

    // {} takes each number.
    private static readonly string[] Commands =
    [
        "SADD k {}", "!set OBJECT ENCODING k", "SREM k {}", "SISMEMBER k {}", "SMISMEMBER k {} {}", "SMOVE k s {}", "SINTERCARD {} k", "SINTERCARD {} k k",
        "SINTERCARD 1 k LIMIT {}", "!cursor SSCAN k {}", "!cursor SSCAN k 0 COUNT {}", "SORT l LIMIT {} 2", "SORT l LIMIT 1 {}", "SORT l LIMIT {} {}",
        "SORT l BY nosort LIMIT {} 2", "SORT l BY nosort DESC LIMIT 1 {}", "SORT k LIMIT {} {} DESC", "SORT_RO k LIMIT {} 1", "SORT l LIMIT 1 {} STORE d",
        "!random SPOP k {}",
    ];

    // A number among the elements.
    private static readonly string[] Sorted = ["RPUSH l {}", "SORT l", "SORT l DESC", "SORT l ALPHA", "SORT l STORE d", "SET w_0.5 {}", "SORT l BY w_*", "SORT l BY w_* ALPHA"];

    [Theory]
    [InlineData(2)]
    [InlineData(3)]
    public void Every_number_is_taken_or_refused_as_redis_does(int resp)
    {
        var differences = new List<string>();
        foreach (string command in Commands) Try(command, BoundaryNumbers.All, [command]);
        // What no double holds sets errno in redis-server, and nothing sets it back for the numbers that follow (sort.txt has these).
        Try("SORT of a number", BoundaryNumbers.All.Where(n => n is not ("1e309" or "1e-308")), Sorted);
        // Members again and again: redis-server would reply until its memory is full.
        Try("!random SRANDMEMBER k {}", BoundaryNumbers.All.Where(n => n.Length < 4 || n[0] != '-'), ["!random SRANDMEMBER k {}"]);
        Assert.True(differences.Count == 0, $"{differences.Count} differences:\n" + string.Join('\n', differences));

        void Try(string name, IEnumerable<string> numbers, string[] commands)
        {
            bool isRandom = name.Contains("SPOP", StringComparison.Ordinal);
            var lines = new List<string>();
            foreach (string number in numbers)
            {
                lines.AddRange(["DEL k l s d w_0.5", Members, Elements]);
                lines.AddRange(commands.Select(command => command.Replace("{}", number, StringComparison.Ordinal)));
                lines.AddRange(isRandom ? ["SCARD k"] : ["!unordered SMEMBERS k", "!unordered SMEMBERS s", "LRANGE d 0 -1"]);
            }
            Section section = Transcript.Parse(lines, name)[0];
            IReadOnlyList<Observation> oracle = Playback.Play(fleet.Redis.Port, section, resp);
            tally.Compared(oracle.Count);
            differences.AddRange(Comparison.Differences("boundary", oracle, Playback.Play(fleet.Galley().Port, section, resp), resp, tally));
        }
    }
}
