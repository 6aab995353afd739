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

    private static List<string> Compare(int oracle, int ours)
    {
        Section section = Transcript.Parse(Lines, "sabotage")[0];
        return Comparison.Differences("sabotage", Playback.Play(oracle, section, 2), Playback.Play(ours, section, 2), 2, new Tally());
    }
}
