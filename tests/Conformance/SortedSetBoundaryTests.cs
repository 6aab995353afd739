using Galley.Conformance.Servers;
using Galley.Conformance.Transcripts;

namespace Galley.Conformance;

/// <summary>As <see cref="BoundaryTests"/>, of sorted sets and geo: what is left is compared element by element.</summary>
public sealed class SortedSetBoundaryTests(Fleet fleet, Tally tally)
{
    private const string Elements = "ZADD k -inf lowest -1.5 a 0 b 1 c 1 d 2 e 9007199254740993 f inf highest";
    private const string Places = "GEOADD k 13.361389 38.115556 a 15.087269 37.502669 b 12.5 37.8 c -179.9 0 d";

    // {} takes each number.
    private static readonly string[] OfScores =
    [
        "ZADD k {} a", "ZADD k {} new", "ZADD k INCR {} a", "ZADD k INCR {} highest", "ZADD k GT CH {} c", "ZADD k LT CH {} c", "ZADD k 1 {}",
        "ZINCRBY k {} a", "ZINCRBY k {} f", "ZINCRBY k {} lowest", "ZINCRBY k {} new", "ZSCORE k {}",
        "ZCOUNT k {} inf", "ZCOUNT k -inf {}", "ZCOUNT k ({} +inf", "ZCOUNT k {} {}", "ZLEXCOUNT same - [{}",
        "ZRANGE k {} -1", "ZRANGE k 0 {}", "ZRANGE k {} {} REV", "ZREVRANGE k {} {}", "ZRANGE k {} +inf BYSCORE", "ZRANGE k +inf ({} BYSCORE REV",
        "ZRANGE k -inf +inf BYSCORE LIMIT {} 2", "ZRANGE k -inf +inf BYSCORE LIMIT 1 {}", "ZRANGE k 0 -1 LIMIT 0 {}",
        "ZRANGEBYSCORE k {} inf", "ZRANGEBYSCORE k -inf ({}", "ZREVRANGEBYSCORE k {} -inf", "ZREVRANGEBYSCORE k inf -inf LIMIT {} {}",
        "ZRANGEBYLEX same - + LIMIT {} 1", "ZREVRANGEBYLEX same + - LIMIT 0 {}", "ZRANGESTORE k k {} -1", "ZRANGESTORE k k -inf {} BYSCORE LIMIT 0 {}",
        "ZREMRANGEBYRANK k {} -1", "ZREMRANGEBYRANK k 1 {}", "ZREMRANGEBYSCORE k {} inf", "ZREMRANGEBYSCORE k ({} ({}",
        "ZPOPMIN k {}", "ZPOPMAX k {}", "ZMPOP {} k MIN", "ZMPOP 1 k MAX COUNT {}", "!cursor ZSCAN k {}", "!cursor ZSCAN k 0 COUNT {}",
        "ZUNION {} k", "ZUNION 1 k WEIGHTS {} WITHSCORES", "ZUNION 2 k k WEIGHTS {} -1 AGGREGATE MIN WITHSCORES", "ZINTER {} k k",
        "ZINTER 2 k k WEIGHTS {} {} WITHSCORES", "ZDIFF {} k", "ZUNIONSTORE k 2 k k WEIGHTS 1 {}", "ZINTERSTORE k {} k", "ZDIFFSTORE k {} k",
        "ZINTERCARD {} k", "ZINTERCARD 1 k LIMIT {}", "BZPOPMIN k {}", "BZPOPMAX k {}", "BZMPOP {} 1 k MIN", "BZMPOP 1 {} k MIN", "BZMPOP 1 1 k MIN COUNT {}",
    ];

    private static readonly string[] OfPlaces =
    [
        "GEOADD k {} 10 new", "GEOADD k 10 {} new", "GEOADD k {} {} a", "GEOSEARCH k FROMLONLAT {} 10 BYRADIUS 1000 km ASC",
        "GEOSEARCH k FROMLONLAT 10 {} BYRADIUS 1000 km ASC", "GEOSEARCH k FROMMEMBER a BYRADIUS {} km ASC WITHDIST",
        "GEOSEARCH k FROMMEMBER a BYRADIUS {} mi DESC", "GEOSEARCH k FROMMEMBER a BYBOX {} 1000 km ASC", "GEOSEARCH k FROMMEMBER a BYBOX 1000 {} km ASC",
        "GEOSEARCH k FROMMEMBER a BYRADIUS 1000 km COUNT {}", "GEOSEARCH k FROMMEMBER a BYRADIUS 1000 km ASC COUNT {} ANY",
        "GEOSEARCHSTORE k k FROMMEMBER a BYRADIUS {} km STOREDIST", "GEORADIUS k {} 10 1000 km ASC", "GEORADIUS k 10 {} 1000 km ASC",
        "GEORADIUS k 13 38 {} ft ASC", "GEORADIUS k 13 38 {} m STORE k", "GEORADIUSBYMEMBER k a {} km ASC", "GEORADIUSBYMEMBER k a 1000 km COUNT {}",
        "ZADD k {} a",
    ];

    [Theory]
    [InlineData(2)]
    [InlineData(3)]
    public void Every_number_is_taken_or_refused_as_redis_does(int resp)
    {
        ServerProcess redis = fleet.Redis;
        ServerProcess galley = fleet.Galley();
        var differences = new List<string>();
        foreach (string command in OfScores) Try(Elements, command, "ZRANGE k 0 -1 WITHSCORES", BoundaryTests.Numbers);
        foreach (string command in OfPlaces) Try(Places, command, "GEOPOS k a b c d new", BoundaryTests.Numbers);
        // Elements at random and again and again: redis-server would reply until its memory is full.
        Try(Elements, "!random ZRANDMEMBER k {}", "ZCARD k", BoundaryTests.Numbers.Where(n => n.Length < 4 || n[0] != '-'));
        Try(Elements, "!random ZRANDMEMBER k {} WITHSCORES", "ZCARD k", BoundaryTests.Numbers.Where(n => n.Length < 4 || n[0] != '-'));
        Assert.True(differences.Count == 0, $"{differences.Count} differences:\n" + string.Join('\n', differences));

        void Try(string before, string command, string after, IEnumerable<string> numbers)
        {
            var lines = new List<string>();
            foreach (string number in numbers)
                lines.AddRange(["DEL k", "ZADD same 0 a 0 b 0 c", before, command.Replace("{}", number, StringComparison.Ordinal), after]);
            Section section = Transcript.Parse(lines, command)[0];
            IReadOnlyList<Observation> oracle = Playback.Play(redis.Port, section, resp);
            tally.Compared(oracle.Count);
            differences.AddRange(Comparison.Differences("boundary", oracle, Playback.Play(galley.Port, section, resp), resp, tally));
        }
    }
}
