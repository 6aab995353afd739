namespace Galley.Conformance.Models.Families;

public sealed class BitmapFamily : Family
{
    public override string Name => "bitmaps";

    public override int Weight => 5;

    protected override string[] Growing =>
    [
        "SETBIT k o 1", "SETBIT k o 1", "SETBIT k o 0", "SETBIT k far 1", "BITOP AND d k k", "BITOP OR d k k k", "BITOP XOR d k k", "BITOP NOT d k",
        "BITFIELD k SET type o i", "BITFIELD k INCRBY type o i", "BITFIELD k SET u8 #2 i GET u4 o INCRBY i5 o 1",
        "BITFIELD k OVERFLOW SAT INCRBY u2 o 1 OVERFLOW FAIL INCRBY i7 o i", "SETRANGE k n v", "SET k v",
    ];

    protected override string[] Shrinking => ["SETBIT k o 0", "SET k v", "GETDEL d", "DEL d", "BITOP AND k k k", "BITFIELD k SET u16 0 0"];

    protected override string[] Clearing => ["DEL k", "BITOP AND k k babsent"];

    protected override string[] Asking =>
    [
        "GETBIT k o", "GETBIT k far", "BITCOUNT k", "BITCOUNT k r r", "BITCOUNT k r r BIT", "BITPOS k 1", "BITPOS k 0", "BITPOS k 1 r", "BITPOS k 0 r r BIT",
        "BITFIELD_RO k GET type o", "BITFIELD k GET type o GET u1 #3", "GETRANGE k 0 n", "SETBIT other o 1",
    ];

    protected override byte[][] Fill(string word, Draw draw) => word switch
    {
        "k" => [draw.Key("b", 5)],
        "d" => [Draw.Text("bd")],
        "o" => [Draw.Text(draw.Skewed(600))],
        "far" => [Draw.Text(draw.Below(40_000))],
        "type" => [Draw.Text(draw.Pick("u", "i") + draw.Between(1, 64))],
        _ => FillCommon(word, draw),
    };
}
