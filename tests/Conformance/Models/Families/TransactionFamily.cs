namespace Galley.Conformance.Models.Families;

/// <summary>Transactions over keys of every family.</summary>
public sealed class TransactionFamily : Family
{
    public override string Name => "transactions";

    public override int Weight => 4;

    protected override string[] Growing =>
    [
        "MULTI ; SET s v ; RPUSH l e e ; HSET h e v ; SADD t e ; ZADD z n e ; EXEC", "MULTI ; LPUSH l e ; LPOP l ; EXEC",
        "WATCH s ; MULTI ; SET s v ; GET s ; EXEC", "WATCH s ; SET s v ; MULTI ; GET s ; EXEC", "WATCH l h ; HSET h e v ; UNWATCH ; MULTI ; LLEN l ; EXEC",
        "MULTI ; INCR s ; HGETALL h ; SMEMBERS t ; EXEC", "MULTI ; SET s v ; DISCARD", "MULTI ; SELECT 1 ; SET s v ; SELECT 0 ; EXEC",
        "WATCH z ; DEL z ; ZADD z n e ; MULTI ; ZCARD z ; EXEC",
    ];

    protected override string[] Shrinking =>
    [
        "MULTI ; DEL s ; LPOP l ; HDEL h e ; SREM t e ; ZREM z e ; EXEC", "MULTI ; RENAME s s ; EXPIRE l 1000 ; PERSIST l ; EXEC",
        "WATCH t ; SREM t e ; MULTI ; SCARD t ; EXEC", "MULTI ; LMOVE l l LEFT RIGHT ; RPOPLPUSH l l ; EXEC",
    ];

    protected override string[] Asking =>
    [
        "MULTI ; EXEC", "MULTI ; GET s ; LRANGE l 0 5 ; HLEN h ; SCARD t ; ZCARD z ; EXEC", "MULTI ; BOGUS ; EXEC", "EXEC", "DISCARD", "MULTI ; MULTI ; EXEC",
        "MULTI ; WATCH s ; GET s ; EXEC", "UNWATCH", "MULTI ; LPUSH s e ; GET l ; EXEC",
    ];

    protected override byte[][] Fill(string word, Draw draw) => word switch
    {
        "s" or "l" or "h" or "t" or "z" => [draw.Key(word, 3)],
        "e" => [draw.Element(40)],
        _ => FillCommon(word, draw),
    };
}
