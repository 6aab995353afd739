using System.Globalization;
using System.Text;

namespace Galley.Conformance.Models;

/// <summary>
/// An endless stream of commands on sorted sets from a seed. Now it grows them and now it shrinks them, so that they pass
/// their thresholds both ways; members and scores are few enough to meet again, and some of each are strange.
/// </summary>
public sealed class SortedSetStream
{
    /// <summary>So many commands long sets grow, or shrink.</summary>
    private const int PhaseLength = 2000;

    // z a sorted set, x any source, m a member, n a score, w a weight, r a rank, b an end by score, l an end by member, c a small number.
    private static readonly string[] Growing =
    [
        "ZADD z n m", "ZADD z n m", "ZADD z n m n m n m n m n m", "ZADD z NX n m n m", "ZADD z XX n m", "ZADD z GT CH n m", "ZADD z LT CH n m",
        "ZADD z XX GT n m", "ZADD z INCR n m", "ZADD z NX INCR n m", "ZINCRBY z n m", "ZINCRBY z n m", "ZADD lex 1 m 1 m 1 m", "SADD set m m",
        "ZADD z NX XX n m", "ZADD z GT LT n m",
    ];

    private static readonly string[] Shrinking =
    [
        "ZREM z m", "ZREM z m m", "ZREM z m m m m", "ZPOPMIN z", "ZPOPMAX z", "ZPOPMIN z c", "ZPOPMAX z c", "ZMPOP 2 z z MIN COUNT c",
        "ZMPOP 3 none z z MAX", "ZREMRANGEBYLEX lex l l", "SREM set m m",
    ];

    /// <summary>They leave little, or may wait a while, and come seldom.</summary>
    private static readonly string[] Clearing =
        ["ZREMRANGEBYRANK z r r", "ZREMRANGEBYSCORE z b b", "ZREMRANGEBYLEX lex l l", "DEL z", "BZPOPMIN none z 0.001"];

    private static readonly string[] Asking =
    [
        "ZSCORE z m", "ZMSCORE z m m m", "ZRANK z m", "ZREVRANK z m", "ZCARD z", "ZCOUNT z b b", "ZLEXCOUNT lex l l", "OBJECT ENCODING z",
        "ZRANGE z r r", "ZRANGE z r r WITHSCORES", "ZRANGE z r r REV WITHSCORES", "ZREVRANGE z r r", "ZRANGEBYSCORE z b b WITHSCORES",
        "ZRANGEBYSCORE z b b LIMIT c r", "ZREVRANGEBYSCORE z b b WITHSCORES LIMIT c c", "ZRANGE z b b BYSCORE LIMIT c c",
        "ZRANGE z b b BYSCORE REV WITHSCORES", "ZRANGEBYLEX lex l l", "ZREVRANGEBYLEX lex l l LIMIT c c", "ZRANGE lex l l BYLEX LIMIT c -1",
        "ZRANGE lex l l BYLEX REV", "ZUNION 2 x x WITHSCORES", "ZUNION 3 x x x WEIGHTS w w w WITHSCORES", "ZUNION 2 x x AGGREGATE MIN WITHSCORES",
        "ZINTER 2 x x WITHSCORES", "ZINTER 3 x x x WEIGHTS w w w AGGREGATE MAX WITHSCORES", "ZINTER 2 x x WEIGHTS w w AGGREGATE MIN WITHSCORES",
        "ZDIFF 2 x x WITHSCORES", "ZDIFF 3 x x x", "ZINTERCARD 2 x x", "ZINTERCARD 3 x x x LIMIT c", "ZUNIONSTORE d 2 x x",
        "ZUNIONSTORE d 3 x x x WEIGHTS w w w AGGREGATE MAX", "ZINTERSTORE d 2 x x", "ZDIFFSTORE d 2 x x", "ZRANGESTORE d z r r",
        "ZRANGESTORE d z b b BYSCORE LIMIT c c", "ZRANGESTORE lex lex l l BYLEX", "ZRANGESTORE z z 0 -1", "OBJECT ENCODING d", "COPY z d REPLACE",
    ];

    private static readonly string[] StrangeScores =
    [
        "0", "-0", "inf", "-inf", "1e300", "-1e300", "0.1", "1e17", "-1e17", "4e18", "5e18", "3.0", "1e-300", "123456789012345678",
        "9007199254740993", "4611686018427387904", "0x10", ".5", "1e22", "5e-324",
    ];

    private readonly Random _random;
    private readonly int _members;
    private readonly int _scores;
    private double _growth;
    private int _count;

    public SortedSetStream(int seed)
    {
        _random = new Random(seed);
        _members = Pick([30, 200, 5000]);
        _scores = Pick([5, 1000]);
    }

    public byte[][] Next()
    {
        if (_count++ % PhaseLength == 0) _growth = Pick([0.2, 0.6, 0.95]);
        string[] kind = _random.Next(2) == 0 ? Asking : _random.NextDouble() < _growth ? Growing : _random.Next(60) == 0 ? Clearing : Shrinking;
        return Array.ConvertAll(Pick(kind).Split(' '), Fill);
    }

    private byte[] Fill(string word) => word switch
    {
        "z" => Text($"z{_random.Next(4)}"),
        "d" => Text(Pick(["d", "d", "z0"])),
        "x" => Text(Pick(["z0", "z1", "z2", "z3", "set", "lex", "none"])),
        "m" => Member(),
        "n" => Text(Score()),
        "w" => Text(Pick(["1", "2", "0.5", "-1", "inf", "-inf", "0", "1e308"])),
        "r" => Text($"{Pick([0, -1, 1, 5, -5, _random.Next(-300, 300), _random.Next(-6000, 6000)])}"),
        "b" => Text(Pick(["", "", "("]) + Pick(["-inf", "+inf", Score(), Score(), Score(), " 1", "x"])),
        "l" => Pick<byte[]>(["-"u8.ToArray(), "+"u8.ToArray(), [(byte)'[', .. Member()], [(byte)'(', .. Member()], "["u8.ToArray()]),
        "c" => Text($"{_random.Next(20)}"),
        _ => Text(word),
    };

    private byte[] Member()
    {
        int number = _random.Next(_members);
        if (number % 7 == 0) return Text($"{number}");
        if (number % 211 == 0) return Text(new string('l', 70 + number % 300) + number);
        return number % 97 == 0 ? [0, 0xFF, (byte)number] : Text($"m{number}");
    }

    private string Score() => _random.Next(20) switch
    {
        < 3 => Pick(StrangeScores),
        < 13 => $"{_random.Next(_scores)}",
        _ => (_random.NextDouble() * 20 - 10).ToString("R", CultureInfo.InvariantCulture),
    };

    private T Pick<T>(T[] choices) => choices[_random.Next(choices.Length)];

    private static byte[] Text(string text) => Encoding.ASCII.GetBytes(text);
}
