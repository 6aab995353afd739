namespace Galley.Conformance.Models.Families;

/// <summary>HyperLogLogs are compared as strings, byte for byte, when all is read.</summary>
public sealed class HyperLogLogFamily : Family
{
    public override string Name => "hyperloglog";

    public override int Weight => 5;

    protected override string[] Growing => ["PFADD k e", "PFADD k e e e", "PFADD k e20", "PFADD k", "PFMERGE d k k", "PFMERGE k k"];

    protected override string[] Shrinking => ["PFADD k e", "DEL d", "PFMERGE d k", "PFADD d e e"];

    protected override string[] Clearing => ["DEL k"];

    protected override string[] Asking => ["PFCOUNT k", "PFCOUNT k k", "PFCOUNT k k d", "STRLEN k", "GETRANGE k 0 15", "PFCOUNT other", "PFDEBUG ENCODING k"];

    protected override byte[][] Fill(string word, Draw draw) => word switch
    {
        "k" => [draw.Key("p", 4)],
        "d" => [Draw.Text("pd")],
        "e" => [draw.Element(5000)],
        "e20" => Repeat(20, () => draw.Element(5000)),
        _ => FillCommon(word, draw),
    };
}
