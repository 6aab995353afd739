using System.Text;
using Galley.Conformance.Servers;
using Galley.Conformance.Transcripts;
using Galley.Conformance.Wire;

namespace Galley.Conformance;

/// <summary>The tests of the tests: redis-server behind a saboteur takes Galley's place, and every spoilt byte is to be found.</summary>
public sealed class HarnessTests(Fleet fleet)
{
    private static readonly string[] Lines =
    [
        "SET k v", "GET k", "GET absent", "INCR n", "INCR n", "BOGUS", "!unordered KEYS *", "!time 5 TTL k", "!random DBSIZE",
        "SET t v EX 100", "!time 5 TTL t", "@b SUBSCRIBE c", "PUBLISH c hello", "@b <",
        "XADD s 1-1 f v", "XGROUP CREATE s g 0", "XREADGROUP GROUP g bob STREAMS s >", "!near 2/4 XPENDING s g - + 9", "!near idle XINFO CONSUMERS s g",
    ];

    [Theory]
    [InlineData("+OK", "+ok", "SET k v")]
    [InlineData("$1\r\nv\r\n", "$1\r\nw\r\n", "GET k")]
    [InlineData("$-1\r\n", "*-1\r\n", "GET absent")]
    [InlineData(":2\r\n", ":3\r\n", "INCR n")]
    [InlineData("-ERR unknown", "-ERR Unknown", "BOGUS")]
    [InlineData("$1\r\nk\r\n", "$1\r\nx\r\n", "!unordered KEYS *")]
    [InlineData(":-1\r\n", ":-2\r\n", "!time 5 TTL k")]
    [InlineData(":100\r\n", ":90\r\n", "!time 5 TTL t")]
    [InlineData("$3\r\nbob\r\n:", "$3\r\nbob\r\n:9000", "!near 2/4 XPENDING s g - + 9")]
    [InlineData("$3\r\n1-1\r\n$3", "$3\r\n1-2\r\n$3", "!near 2/4 XPENDING s g - + 9")]
    [InlineData("pending\r\n:1", "pending\r\n:2", "!near idle XINFO CONSUMERS s g")]
    [InlineData("idle\r\n:", "idle\r\n:9000", "!near idle XINFO CONSUMERS s g")]
    [InlineData("hello\r\n", "hullo\r\n", "@b <")]
    [InlineData("+RESET\r\n", ":1\r\n+RESET\r\n", "what was left unread at the end")]
    public void One_spoilt_reply_is_found_where_it_happened(string right, string wrong, string where)
    {
        ServerProcess redis = fleet.Redis;
        using var saboteur = new Saboteur(redis.Port, Encoding.Latin1.GetBytes(right), Encoding.Latin1.GetBytes(wrong));
        List<string> differences = Compare(redis.Port, saboteur.Port);
        Assert.Contains(differences, d => d.Contains($"RESP2 {where}\n", StringComparison.Ordinal));
    }

    [Fact]
    public void Nothing_is_found_where_nothing_was_spoilt()
    {
        ServerProcess redis = fleet.Redis;
        using var honest = new Saboteur(redis.Port, "never said"u8.ToArray(), []);
        Assert.Empty(Compare(redis.Port, honest.Port));
    }

    [Fact]
    public void A_quoted_word_is_read_as_redis_cli_reads_it()
    {
        byte[][] words = CommandLine.Split("""SET "a\x00\n\"" 'it "is' <<ab*3>> "" plain""");
        Assert.Equal(["SET", "a\0\n\"", "it \"is", "ababab", "", "plain"], words.Select(Encoding.Latin1.GetString));
    }

    [Theory]
    [InlineData("*4\r\n+idle\r\n:7\r\n+name\r\n+x\r\n", true)]
    [InlineData("*6\r\n+idle\r\n:7\r\n+fresh\r\n:1\r\n+name\r\n+x\r\n", true)]
    [InlineData("*6\r\n+idle\r\n:7\r\n+other\r\n:1\r\n+name\r\n+x\r\n", false)]
    [InlineData("*4\r\n+idle\r\n:-1\r\n+name\r\n+x\r\n", false)]
    [InlineData("*4\r\n+idle\r\n:7\r\n+name\r\n+y\r\n", false)]
    [InlineData("*4\r\n+idle\r\n$1\r\n7\r\n+name\r\n+x\r\n", false)]
    [InlineData("%2\r\n+idle\r\n:7\r\n+name\r\n+x\r\n", false)]
    public void Only_the_named_numbers_may_be_apart_and_only_the_named_fields_be_new(string ours, bool areSame)
    {
        Assert.True(Reply.TryParse("*4\r\n+idle\r\n:3\r\n+name\r\n+x\r\n"u8, out Reply oracle, out _));
        Assert.True(Reply.TryParse(Encoding.ASCII.GetBytes(ours), out Reply reply, out _));
        Assert.Equal(areSame, NearFields.Parse("idle,+fresh").AreSame(oracle, reply));
        Assert.Equal(ours.Contains(":-1", StringComparison.Ordinal) || areSame, NearFields.Parse("?idle,+fresh").AreSame(oracle, reply));
    }

    [Fact]
    public void A_pattern_is_for_the_whole_of_a_reply()
    {
        string[] lines = ["!newer ECHO a", "=~ \\$1\\r\\n[ab]\\r\\n", "!newer ECHO c", "=~ \\$1\\r\\n[ab]\\r\\n", "!newer ECHO ab", "=~ .*a"];
        Section section = Transcript.Parse(lines, "patterns")[0];
        IReadOnlyList<Observation> played = Playback.Play(fleet.Redis.Port, section, 2);
        List<string> differences = Comparison.Differences("patterns", played, played, 2, new Tally());
        Assert.Equal(2, differences.Count);
    }

    private static List<string> Compare(int oracle, int ours)
    {
        Section section = Transcript.Parse(Lines, "sabotage")[0];
        return Comparison.Differences("sabotage", Playback.Play(oracle, section, 2), Playback.Play(ours, section, 2), 2, new Tally());
    }
}
