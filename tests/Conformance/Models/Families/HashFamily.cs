namespace Galley.Conformance.Models.Families;

public sealed class HashFamily : Family
{
    public override string Name => "hashes";

    protected override string[] Growing =>
    [
        "HSET k e v", "HSET k e v e i", "HSET k ev20", "HSET k ev20", "HMSET k e v e v", "HSETNX k e v", "HINCRBY k counter i", "HINCRBYFLOAT k float f",
        "HSET k counter n float f", "HINCRBY k c n",
    ];

    protected override string[] Shrinking => ["HDEL k e", "HDEL k e e e", "HDEL k e20", "HDEL k counter float", "HSET k counter 1", "HINCRBY k c -1"];

    protected override string[] Clearing => ["DEL k", "UNLINK k", "DEL k ; HSET k e v"];

    protected override string[] Asking =>
    [
        "HGET k e", "HMGET k e e e", "HLEN k", "HEXISTS k e", "HSTRLEN k e", "HKEYS k", "HVALS k", "HGETALL k", "HSCAN k 0 COUNT 100000",
        "HRANDFIELD k", "HRANDFIELD k 3 WITHVALUES", "HRANDFIELD k -5", "OBJECT ENCODING k", "HGET other e", "HINCRBY k e i",
    ];

    protected override byte[][] Fill(string word, Draw draw) => word switch
    {
        "k" => [draw.Key("h", 5)],
        "e" => [draw.Element(800)],
        "c" => [Draw.Text($"c{draw.Below(4)}")],
        "e20" => Repeat(20, () => draw.Element(800)),
        "ev20" => [.. Enumerable.Range(0, 20).SelectMany(_ => new[] { draw.Element(800), draw.Value() })],
        _ => FillCommon(word, draw),
    };
}
