namespace Galley.Conformance.Models.Families;

public sealed class SetFamily : Family
{
    public override string Name => "sets";

    protected override string[] Growing =>
    [
        "SADD k e", "SADD k e e e", "SADD k e20", "SADD ints m20", "SADD ints m20", "SADD ints m", "SUNIONSTORE d k k", "SMOVE k k e", "SDIFFSTORE d k k",
        "SINTERSTORE d k k k", "SUNIONSTORE ints ints k", "SADD k m m", "SADD few m",
    ];

    protected override string[] Shrinking =>
    [
        "SREM k e", "SREM k e e e", "SREM k e20", "SREM ints m20", "SREM ints m20", "DEL few", "SMOVE k d e", "SPOP one", "SADD one e ; SPOP one 3 ; SCARD one",
        "COPY k popped REPLACE ; SPOP popped n ; SCARD popped ; SPOP popped ; DEL popped",
    ];

    protected override string[] Clearing => ["DEL k", "DEL ints", "DEL d", "SINTERSTORE k k absent", "SPOP ints 100000", "SPOP k 100000"];

    protected override string[] Asking =>
    [
        "SISMEMBER k e", "SMISMEMBER k e e m", "SCARD k", "SMEMBERS k", "SMEMBERS ints", "SINTER k k", "SUNION k k k", "SDIFF k k", "SINTERCARD 2 k k",
        "SINTERCARD 3 k k k LIMIT n", "SRANDMEMBER k", "SRANDMEMBER k 3", "SRANDMEMBER k -5", "SSCAN k 0 COUNT 100000", "OBJECT ENCODING k",
        "OBJECT ENCODING ints", "SADD other e",
    ];

    protected override byte[][] Fill(string word, Draw draw) => word switch
    {
        "k" => [draw.Key("t", 5)],
        "ints" => [Draw.Text("t4")],
        "few" => [Draw.Text("tfew")],
        "one" => [Draw.Text("tsingle")],
        "popped" => [Draw.Text("tpopped")],
        "absent" => [Draw.Text("tabsent")],
        "d" => [draw.Key("td", 2)],
        "e" => [draw.Element(600)],
        "m" => [Member(draw)],
        "e20" => Repeat(20, () => draw.Element(600)),
        "m20" => Repeat(20, () => Member(draw)),
        _ => FillCommon(word, draw),
    };

    /// <summary>An integer, of each of the widths that an intset has.</summary>
    private static byte[] Member(Draw draw) => Draw.Text(draw.Skewed(700) * draw.Pick(1L, 1L, -1L, 1L, 40_000_003L));
}
