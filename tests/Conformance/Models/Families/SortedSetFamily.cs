namespace Galley.Conformance.Models.Families;

/// <summary>Sorted sets; members and scores are few enough to meet again, and some of each are strange.</summary>
public sealed class SortedSetFamily : Family
{
    private static readonly string[] StrangeScores =
    [
        "0", "-0", "inf", "-inf", "1e300", "-1e300", "0.1", "1e17", "-1e17", "4e18", "5e18", "3.0", "1e-300", "123456789012345678",
        "9007199254740993", "4611686018427387904", "0x10", ".5", "1e22", "5e-324",
    ];

    private int _members;
    private int _scores;

    public override string Name => "sorted sets";

    // z a sorted set, x any source, m a member, n a score, w a weight, r a rank, b an end by score, l an end by member, c a small number.
    protected override string[] Growing =>
    [
        "ZADD z n m", "ZADD z n m", "ZADD z n m n m n m n m n m", "ZADD z NX n m n m", "ZADD z XX n m", "ZADD z GT CH n m", "ZADD z LT CH n m",
        "ZADD z XX GT n m", "ZADD z INCR n m", "ZADD z NX INCR n m", "ZINCRBY z n m", "ZINCRBY z n m", "ZADD lex 1 m 1 m 1 m", "ZADD z n20", "ZADD z n20",
        "ZADD z NX XX n m", "ZADD z GT LT n m",
    ];

    protected override string[] Shrinking =>
    [
        "ZREM z m", "ZREM z m m", "ZREM z m m m m", "ZPOPMIN z", "ZPOPMAX z", "ZPOPMIN z c", "ZPOPMAX z c", "ZMPOP 2 z z MIN COUNT c",
        "ZMPOP 3 none z z MAX", "ZREMRANGEBYLEX lex l l", "ZREM z m m",
    ];

    protected override string[] Clearing =>
    [
        "ZREMRANGEBYRANK z r r", "ZREMRANGEBYSCORE z b b", "ZREMRANGEBYLEX lex l l", "DEL z", "BZPOPMIN none z z 0.001", "BZPOPMAX z z 0.001",
        "BZMPOP 0.001 2 z z MAX COUNT c",
    ];

    protected override string[] Asking =>
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
        "ZRANDMEMBER z", "ZRANDMEMBER z c WITHSCORES", "ZSCAN z 0 COUNT 100000", "ZADD other n m",
    ];

    protected override byte[][] Fill(string word, Draw draw)
    {
        if (_members == 0)
        {
            _members = draw.Pick(30, 200, 5000);
            _scores = draw.Pick(5, 1000);
        }
        return word switch
        {
            "z" => [draw.Key("z", 4)],
            "d" => [Draw.Text(draw.Pick("zd", "zd", "z0"))],
            "x" => [Draw.Text(draw.Pick("z0", "z1", "z2", "z3", "t1", "lex", "none"))],
            "m" => [Member(draw)],
            "n" => [Draw.Text(Score(draw))],
            "n20" => [.. Enumerable.Range(0, 20).SelectMany(_ => new[] { Draw.Text(Score(draw)), Member(draw) })],
            "w" => [Draw.Text(draw.Pick("1", "2", "0.5", "-1", "inf", "-inf", "0", "1e308"))],
            "r" => [Draw.Text(draw.Pick(0, -1, 1, 5, -5, draw.Between(-300, 300), draw.Between(-6000, 6000)))],
            "b" => [Draw.Text(draw.Pick("", "", "(") + draw.Pick("-inf", "+inf", Score(draw), Score(draw), Score(draw), " 1"))],
            "l" => [draw.Pick<byte[]>(Draw.Text("-"), Draw.Text("+"), [(byte)'[', .. Member(draw)], [(byte)'(', .. Member(draw)], Draw.Text("["))],
            "c" => [Draw.Text(draw.Below(20))],
            _ => FillCommon(word, draw),
        };
    }

    private byte[] Member(Draw draw)
    {
        int number = draw.Below(_members);
        if (number % 7 == 0) return Draw.Text(number);
        if (number % 211 == 0) return Draw.Text(new string('l', 70 + number % 300) + number);
        return number % 97 == 0 ? [0, 0xFF, (byte)number] : Draw.Text($"m{number}");
    }

    private string Score(Draw draw) => draw.Below(20) switch
    {
        < 3 => draw.Pick(StrangeScores),
        < 13 => $"{draw.Below(_scores)}",
        _ => (draw.Fraction() * 20 - 10).ToString("R", System.Globalization.CultureInfo.InvariantCulture),
    };
}
