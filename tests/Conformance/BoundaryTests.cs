using Galley.Conformance.Servers;
using Galley.Conformance.Transcripts;

namespace Galley.Conformance;

/// <summary>Every numeric argument of every command takes every value at which some machine's arithmetic turns over.</summary>
public sealed class BoundaryTests(Fleet fleet, Tally tally)
{
    private static readonly string[] Numbers =
    [
        "0", "1", "-1", "2", "-2", "10", "-0", "+1", "01", "1.0", "1.5", "-1.5", ".5", "1e3", "0x10", "\"\"", "\" 1\"", "\"1 \"", "abc",
        "2147483646", "2147483647", "2147483648", "-2147483647", "-2147483648", "-2147483649",
        "4294967295", "4294967296", "4294967297", "-4294967296",
        "9007199254740991", "9007199254740992", "9007199254740993", "-9007199254740992", "-9007199254740993",
        "9223372036854775", "9223372036854776", "9223372036854775806", "9223372036854775807", "9223372036854775808",
        "-9223372036854775807", "-9223372036854775808", "-9223372036854775809", "18446744073709551615", "18446744073709551616",
        "99999999999999999999999999", "nan", "inf", "-inf", "1e308", "1e-308", "1e309", "0.1", "3.0", "1e17", "123456789.123456789",
    ];

    // What is written before, and the command; {} takes each number.
    private static readonly (string Before, string Command)[] Templates =
    [
        ("SET k v", "SET k w EX {}"), ("SET k v", "SET k w PX {}"), ("SET k v", "SET k w EXAT {}"), ("SET k v", "SET k w PXAT {}"),
        ("SET k v", "SET k {}"), ("SET k v", "SETEX k {} w"), ("SET k v", "PSETEX k {} w"),
        ("SET k v", "GETEX k EX {}"), ("SET k v", "GETEX k PX {}"), ("SET k v", "GETEX k EXAT {}"), ("SET k v", "GETEX k PXAT {}"),
        ("SET k v", "EXPIRE k {}"), ("SET k v", "PEXPIRE k {}"), ("SET k v", "EXPIREAT k {}"), ("SET k v", "PEXPIREAT k {}"),
        ("SET k v EX 1000", "EXPIRE k {} GT"), ("SET k v EX 1000", "PEXPIRE k {} LT"), ("SET k v", "EXPIRE k {} NX"),
        ("SET k v EX 1000", "EXPIREAT k {} LT"), ("SET k v EX 1000", "PEXPIREAT k {} GT"), ("SET k v", "PEXPIREAT k {} XX"),
        ("SET k 0", "INCRBY k {}"), ("SET k 1", "INCRBY k {}"), ("SET k -1", "INCRBY k {}"), ("SET k 9223372036854775807", "INCRBY k {}"),
        ("SET k 0", "DECRBY k {}"), ("SET k 1", "DECRBY k {}"), ("SET k -1", "DECRBY k {}"), ("SET k -9223372036854775808", "DECRBY k {}"),
        ("SET k 0", "INCRBYFLOAT k {}"), ("SET k 1.5", "INCRBYFLOAT k {}"), ("SET k -9007199254740993", "INCRBYFLOAT k {}"),
        ("SET k {}", "INCR k"), ("SET k {}", "DECR k"), ("SET k {}", "INCRBYFLOAT k 1"), ("SET k {}", "INCRBYFLOAT k 0.1"),
        ("SET k {}", "OBJECT ENCODING k"), ("SET k {}", "APPEND k 1"), ("SET k {}", "STRLEN k"),
        ("SET k 0123456789", "GETRANGE k {} -1"), ("SET k 0123456789", "GETRANGE k 0 {}"), ("SET k 0123456789", "GETRANGE k {} {}"),
        ("SET k 0123456789", "SUBSTR k {} 5"), ("SET k 0123456789", "SUBSTR k -5 {}"),
        ("MSET a abcde b abxde", "LCS a b IDX MINMATCHLEN {}"),
        ("SET k v", "MOVE k {}"), ("SET k v", "COPY k l DB {}"), ("SET k v", "SWAPDB 0 {}"), ("SET k v", "SWAPDB {} 1"),
        ("SET k v", "SELECT {}"), ("SET k v", "!cursor SCAN 0 COUNT {}"), ("SET k v", "!cursor SCAN {}"),
        ("SET k v", "HELLO {} AUTH"), ("SET k v", "CLIENT LIST ID {}"),
        ("SET k v", "CONFIG SET timeout {}x"), ("SET k v", "PUBSUB NUMSUB {}"),
        ("SET k v", "!memory MEMORY USAGE k SAMPLES {}"), ("SET k v", "FAILOVER TIMEOUT {}"), ("SET k v", "FAILOVER TO host {}"),
        ("SET k v", "!random ACL GENPASS {}"), ("SET k v", "!random LOLWUT VERSION {}"), ("SET k v", "!random LOLWUT VERSION 5 {} 1 1"),
        ("SET k v", "DEBUG DROP-CLUSTER-PACKET-FILTER {}"), ("SET k v", "DEBUG REPLYBUFFER PEAK-RESET-TIME {}"), ("SET k v", "PSYNC ? {}x"),
        ("SET k v", "DEBUG QUICKLIST-PACKED-THRESHOLD {}"),
    ];

    // SETRANGE pads: the offsets that would be obeyed at a cost of gigabytes are left to the ones that are refused.
    private static readonly (string Before, string Command)[] Padding = [("SET k 0123456789", "SETRANGE k {} x"), ("DEL k", "SETRANGE k {} x")];

    [Theory]
    [InlineData(2)]
    [InlineData(3)]
    public void Every_number_is_taken_or_refused_as_redis_does(int resp)
    {
        ServerProcess redis = fleet.Redis;
        ServerProcess galley = fleet.Galley();
        var differences = new List<string>();
        foreach ((string before, string command) in Templates) Try(before, command, Numbers.Where(n => !IsOverInAMoment(command, n)));
        foreach ((string before, string command) in Padding) Try(before, command, Numbers.Where(n => n.Length is < 4 or > 10));
        Assert.True(differences.Count == 0, $"{differences.Count} differences:\n" + string.Join('\n', differences));

        // Whether a key of two milliseconds is still there at the next command, nobody can say.
        static bool IsOverInAMoment(string command, string number) =>
            number is "1" or "2" or "10"
            && (command.Contains(" PX {}", StringComparison.Ordinal) || command.StartsWith("PSETEX", StringComparison.Ordinal)
                || command.StartsWith("PEXPIRE ", StringComparison.Ordinal));

        void Try(string before, string command, IEnumerable<string> numbers)
        {
            var lines = new List<string>();
            foreach (string number in numbers)
            {
                // What is left of the key is compared too: its value, and how long it is to live.
                lines.AddRange(["SELECT 0", "DEL k l", before.Replace("{}", number, StringComparison.Ordinal),
                    command.Replace("{}", number, StringComparison.Ordinal), "GET k", "!time 2000 PTTL k"]);
            }
            Section section = Transcript.Parse(lines, command)[0];
            IReadOnlyList<Observation> oracle = Playback.Play(redis.Port, section, resp);
            tally.Compared(oracle.Count);
            differences.AddRange(Comparison.Differences("boundary", oracle, Playback.Play(galley.Port, section, resp), resp, tally));
        }
    }
}
