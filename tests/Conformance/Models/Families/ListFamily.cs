namespace Galley.Conformance.Models.Families;

public sealed class ListFamily : Family
{
    public override string Name => "lists";

    protected override string[] Growing =>
    [
        "LPUSH k e", "RPUSH k e", "LPUSH k e e e", "RPUSH k v v", "RPUSH k e20", "RPUSH k e20", "LPUSH k e20", "LPUSH k e20",
        "LINSERT k BEFORE e e", "LINSERT k AFTER e v", "LPUSHX k e e", "RPUSHX k v", "LMOVE k k LEFT RIGHT", "LSET k r v", "LSET k 0 e",
        "RPOPLPUSH k k",
    ];

    protected override string[] Shrinking =>
    [
        "LPOP k", "RPOP k", "LPOP k n", "RPOP k n", "LREM k 0 e", "LREM k 2 e", "LREM k -1 e", "LMPOP 2 k k LEFT COUNT n", "LMPOP 2 k k RIGHT",
        "LTRIM k 1 -2", "LMOVE k k RIGHT RIGHT", "RPOPLPUSH k k", "BLPOP k k k 0.001", "BRPOP k k k 0.001", "BLMPOP 0.001 3 k k k LEFT COUNT n",
        "MULTI ; BLMOVE k k LEFT RIGHT 0 ; BRPOPLPUSH k k 0 ; BLPOP k 0 ; EXEC", "LSET k -1 n",
    ];

    protected override string[] Clearing => ["DEL k", "LTRIM k n 3", "LTRIM k 0 n", "LTRIM k 5 2", "LPOP k 1000"];

    protected override string[] Asking =>
    [
        "LLEN k", "LINDEX k r", "LINDEX k 0", "LRANGE k r r", "LRANGE k 0 n", "LRANGE k -10 -1", "LPOS k e", "LPOS k e RANK -1 COUNT 2",
        "LPOS k e COUNT 0 MAXLEN 50", "OBJECT ENCODING k", "LLEN other", "LPUSH other e",
    ];

    protected override byte[][] Fill(string word, Draw draw) => word switch
    {
        "k" => [draw.Key("l", 5)],
        "e" => [draw.Element(40)],
        "e20" => Repeat(20, () => draw.Element(40)),
        _ => FillCommon(word, draw),
    };
}
