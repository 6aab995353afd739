namespace Galley.Conformance.Models.Families;

public sealed class StringFamily : Family
{
    public override string Name => "strings";

    protected override string[] Growing =>
    [
        "SET k v", "SET k v", "SET k v XX", "SET k v GET", "SET k v EX s", "SET k v PXAT a", "SET k v KEEPTTL", "SET k i", "SET k f", "SET c i",
        "SET k v NX", "SETNX k v", "SETEX k s v", "PSETEX k a v", "GETSET k v", "APPEND k v", "APPEND k i", "SETRANGE k o v", "MSET k v k v",
        "MSET c i k v k v", "MSETNX k v k v", "INCR c", "DECR c", "INCRBY c i", "DECRBY c i", "INCRBYFLOAT c f", "SET k v NX GET",
    ];

    protected override string[] Shrinking =>
        ["DEL k", "UNLINK k k", "GETDEL k", "SET k i", "SET k n", "GETEX k EX s", "GETEX k PERSIST", "INCRBYFLOAT c i", "SET c n", "SET k v"];

    protected override string[] Asking =>
    [
        "GET k", "GET k", "STRLEN k", "GETRANGE k i o", "SUBSTR k o i", "MGET k k k", "LCS k k LEN", "LCS k k", "LCS k k IDX MINMATCHLEN 2 WITHMATCHLEN",
        "GETEX k", "OBJECT ENCODING k", "OBJECT ENCODING c", "GET other", "INCR k", "INCRBY c v", "SET k v EX 0",
    ];

    protected override byte[][] Fill(string word, Draw draw) => word switch
    {
        "k" => [draw.Key("s", 8)],
        "c" => [draw.Key("counter", 3)],
        "o" => [Draw.Text(draw.Below(60))],
        _ => FillCommon(word, draw),
    };
}
