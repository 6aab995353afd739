namespace Galley.Conformance.Models.Families;

/// <summary>Keys of every type, and their times to live. Those are long, so that no answer hangs on a millisecond.</summary>
public sealed class KeyFamily : Family
{
    public override string Name => "keys";

    protected override string[] Growing =>
    [
        "COPY k d", "COPY k d REPLACE", "COPY k d DB 1 REPLACE", "EXPIRE k s", "EXPIRE k s NX", "EXPIRE k s XX", "EXPIREAT k 33177117420",
        "PEXPIREAT k a GT", "PEXPIREAT k a LT", "PEXPIRE k a", "PERSIST k", "TOUCH k k", "SORT numbers STORE sorted",
        "SORT words ALPHA STORE sorted", "SORT ranked ALPHA DESC STORE d", "RPUSH numbers n n n", "SADD words w w w",
        "ZADD ranked n w n w", "SET weightw n", "RENAME d d", "COPY k d ; RENAMENX d e", "RENAMENX d e", "SET fresh v ; RENAMENX fresh e",
    ];

    protected override string[] Shrinking =>
    [
        "DEL d", "DEL d e", "UNLINK d d", "EXPIRE d -1", "PEXPIREAT d 1", "MOVE d 1", "RENAME d e", "DEL k", "LTRIM numbers 0 n",
        "SREM words w w", "ZREM ranked w", "PERSIST k",
    ];

    protected override string[] Clearing => ["FLUSHDB", "SELECT 1 ; FLUSHDB ; SELECT 0", "SWAPDB 0 1 ; SWAPDB 1 0", "FLUSHALL ASYNC"];

    protected override int ClearingOneIn => 400;

    protected override string[] Asking =>
    [
        "EXISTS k k", "TYPE k", "TTL k", "PTTL k", "EXPIRETIME k", "PEXPIRETIME k", "OBJECT ENCODING k", "DBSIZE", "KEYS p",
        "SCAN 0 COUNT 100000", "RANDOMKEY", "SORT_RO words ALPHA LIMIT n n", "SORT numbers DESC", "SORT numbers ALPHA DESC LIMIT 0 n",
        "SORT ranked ALPHA", "SORT ranked BY nosort DESC LIMIT n n", "SORT_RO words BY weight* GET # GET weight*",
        "SORT numbers BY nosort GET #", "SELECT 1 ; TYPE k ; DBSIZE ; SELECT 0",
    ];

    protected override byte[][] Fill(string word, Draw draw) => word switch
    {
        "k" => [draw.Pick(draw.Key(draw.Pick("s", "l", "h", "t", "z", "b", "p", "x"), 3), draw.Key("d", 3))],
        "d" or "e" => [draw.Key(word, 3)],
        "w" => [Word(draw)],
        "weightw" => [[.. "weight"u8, .. Word(draw)]],
        "p" => [Draw.Text(draw.Pick("*", "s*", "?0", "[hl]1"))],
        _ => FillCommon(word, draw),
    };

    /// <summary>SORT compares as C does, for which a text ends at its first zero: here there is none.</summary>
    private static byte[] Word(Draw draw) => Draw.Text($"word{draw.Below(60)}");
}
