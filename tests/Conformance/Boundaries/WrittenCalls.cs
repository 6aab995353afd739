namespace Galley.Conformance.Boundaries;

/// <summary>
/// Calls that no grammar gives away: numbers within values, behind a bracket, two at once, in words that are no arguments.
/// By what is written before; {} takes each number.
/// </summary>
internal static class WrittenCalls
{
    public static readonly Dictionary<string, string[]> After = new()
    {
        ["SET k v"] =
        [
            "SET k w EX {}", "SET k w PX {}", "SET k w EXAT {}", "SET k w PXAT {}", "SET k {}", "SETEX k {} w", "PSETEX k {} w",
            "GETEX k EX {}", "GETEX k PX {}", "GETEX k EXAT {}", "GETEX k PXAT {}", "EXPIRE k {}", "PEXPIRE k {}", "EXPIREAT k {}",
            "PEXPIREAT k {}", "EXPIRE k {} NX", "PEXPIREAT k {} XX", "MOVE k {}", "COPY k l DB {}", "SWAPDB 0 {}", "SWAPDB {} 1",
            "SELECT {}", "SCAN 0 COUNT {}", "SCAN {}", "HELLO {} AUTH", "CLIENT LIST ID {}", "CONFIG SET timeout {}x", "PUBSUB NUMSUB {}",
            "MEMORY USAGE k SAMPLES {}", "FAILOVER TIMEOUT {}", "FAILOVER TO host {}", "ACL GENPASS {}", "LOLWUT VERSION {}",
            "LOLWUT VERSION 5 {} 1 1", "DEBUG DROP-CLUSTER-PACKET-FILTER {}", "DEBUG REPLYBUFFER PEAK-RESET-TIME {}",
            "DEBUG QUICKLIST-PACKED-THRESHOLD {}",
        ],
        ["SET k v EX 1000"] =
        [
            "EXPIRE k {} GT", "PEXPIRE k {} LT", "EXPIREAT k {} LT", "PEXPIREAT k {} GT",
        ],
        ["SET k 0"] =
        [
            "INCRBY k {}", "DECRBY k {}", "INCRBYFLOAT k {}",
        ],
        ["SET k 1"] =
        [
            "INCRBY k {}", "DECRBY k {}",
        ],
        ["SET k -1"] =
        [
            "INCRBY k {}", "DECRBY k {}",
        ],
        ["SET k 9223372036854775807"] =
        [
            "INCRBY k {}",
        ],
        ["SET k -9223372036854775808"] =
        [
            "DECRBY k {}",
        ],
        ["SET k 1.5"] =
        [
            "INCRBYFLOAT k {}",
        ],
        ["SET k -9007199254740993"] =
        [
            "INCRBYFLOAT k {}",
        ],
        ["SET k {}"] =
        [
            "INCR k", "DECR k", "INCRBYFLOAT k 1", "INCRBYFLOAT k 0.1", "OBJECT ENCODING k", "APPEND k 1", "STRLEN k",
        ],
        ["SET k 0123456789"] =
        [
            "GETRANGE k {} -1", "GETRANGE k 0 {}", "GETRANGE k {} {}", "SUBSTR k {} 5", "SUBSTR k -5 {}", "SETRANGE k {} x",
        ],
        ["MSET a abcde b abxde"] =
        [
            "LCS a b IDX MINMATCHLEN {}",
        ],
        ["DEL k"] =
        [
            "SETRANGE k {} x",
        ],
        ["ZADD k -inf lowest -1.5 a 0 b 1 c 1 d 2 e 9007199254740993 f inf highest"] =
        [
            "ZADD k {} a", "ZADD k {} new", "ZADD k INCR {} a", "ZADD k INCR {} highest", "ZADD k GT CH {} c", "ZADD k LT CH {} c",
            "ZADD k 1 {}", "ZINCRBY k {} a", "ZINCRBY k {} f", "ZINCRBY k {} lowest", "ZINCRBY k {} new", "ZSCORE k {}", "ZCOUNT k {} inf",
            "ZCOUNT k -inf {}", "ZCOUNT k ({} +inf", "ZCOUNT k {} {}", "ZLEXCOUNT same - [{}", "ZRANGE k {} -1", "ZRANGE k 0 {}",
            "ZRANGE k {} {} REV", "ZREVRANGE k {} {}", "ZRANGE k {} +inf BYSCORE", "ZRANGE k +inf ({} BYSCORE REV",
            "ZRANGE k -inf +inf BYSCORE LIMIT {} 2", "ZRANGE k -inf +inf BYSCORE LIMIT 1 {}", "ZRANGE k 0 -1 LIMIT 0 {}",
            "ZRANGEBYSCORE k {} inf", "ZRANGEBYSCORE k -inf ({}", "ZREVRANGEBYSCORE k {} -inf", "ZREVRANGEBYSCORE k inf -inf LIMIT {} {}",
            "ZRANGEBYLEX same - + LIMIT {} 1", "ZREVRANGEBYLEX same + - LIMIT 0 {}", "ZRANGESTORE k k {} -1",
            "ZRANGESTORE k k -inf {} BYSCORE LIMIT 0 {}", "ZREMRANGEBYRANK k {} -1", "ZREMRANGEBYRANK k 1 {}", "ZREMRANGEBYSCORE k {} inf",
            "ZREMRANGEBYSCORE k ({} ({}", "ZPOPMIN k {}", "ZPOPMAX k {}", "ZMPOP {} k MIN", "ZMPOP 1 k MAX COUNT {}", "ZSCAN k {}",
            "ZSCAN k 0 COUNT {}", "ZUNION {} k", "ZUNION 1 k WEIGHTS {} WITHSCORES", "ZUNION 2 k k WEIGHTS {} -1 AGGREGATE MIN WITHSCORES",
            "ZINTER {} k k", "ZINTER 2 k k WEIGHTS {} {} WITHSCORES", "ZDIFF {} k", "ZUNIONSTORE k 2 k k WEIGHTS 1 {}",
            "ZINTERSTORE k {} k", "ZDIFFSTORE k {} k", "ZINTERCARD {} k", "ZINTERCARD 1 k LIMIT {}", "BZPOPMIN k {}", "BZPOPMAX k {}",
            "BZMPOP {} 1 k MIN", "BZMPOP 1 {} k MIN", "BZMPOP 1 1 k MIN COUNT {}", "ZRANDMEMBER k {}", "ZRANDMEMBER k {} WITHSCORES",
        ],
        ["GEOADD k 13.361389 38.115556 a 15.087269 37.502669 b 12.5 37.8 c -179.9 0 d"] =
        [
            "GEOADD k {} 10 new", "GEOADD k 10 {} new", "GEOADD k {} {} a", "GEOSEARCH k FROMLONLAT {} 10 BYRADIUS 1000 km ASC",
            "GEOSEARCH k FROMLONLAT 10 {} BYRADIUS 1000 km ASC", "GEOSEARCH k FROMMEMBER a BYRADIUS {} km ASC WITHDIST",
            "GEOSEARCH k FROMMEMBER a BYRADIUS {} mi DESC", "GEOSEARCH k FROMMEMBER a BYBOX {} 1000 km ASC",
            "GEOSEARCH k FROMMEMBER a BYBOX 1000 {} km ASC", "GEOSEARCH k FROMMEMBER a BYRADIUS 1000 km COUNT {}",
            "GEOSEARCH k FROMMEMBER a BYRADIUS 1000 km ASC COUNT {} ANY", "GEOSEARCHSTORE k k FROMMEMBER a BYRADIUS {} km STOREDIST",
            "GEORADIUS k {} 10 1000 km ASC", "GEORADIUS k 10 {} 1000 km ASC", "GEORADIUS k 13 38 {} ft ASC",
            "GEORADIUS k 13 38 {} m STORE k", "GEORADIUSBYMEMBER k a {} km ASC", "GEORADIUSBYMEMBER k a 1000 km COUNT {}", "ZADD k {} a",
        ],
        ["RPUSH k a b c 1 2 3 a {}"] =
        [
            "LPOS k {}", "LREM k 0 {}", "LINSERT k BEFORE {} x", "LINDEX k -1", "LPOS k a RANK {} COUNT {} MAXLEN {}", "LPOP k {}", "RPOP k {}",
            "LMPOP 1 k LEFT COUNT {}", "LTRIM k {} {}", "LSET k {} {}", "LRANGE k {} {}", "SORT k LIMIT {} {} ALPHA",
        ],
        ["HSET k a {} b x"] =
        [
            "HINCRBY k a 1", "HINCRBY k a -1", "HINCRBYFLOAT k a 1", "HINCRBYFLOAT k a -0.5", "HINCRBYFLOAT k a 1e308", "HINCRBY k a {}", "HINCRBYFLOAT k a {}",
            "HGET k a", "HSTRLEN k a", "OBJECT ENCODING k", "HGETALL k", "HINCRBY k {} 1",
        ],
        ["SADD k 1 -1 {}"] = ["OBJECT ENCODING k", "SISMEMBER k {}", "SMISMEMBER k {} 1 01", "SREM k {}", "SCARD k", "SADD k {} 2", "SINTERCARD 1 k LIMIT {}"],
        ["SADD k 2147483646 -2147483647 32766 {}"] = ["SREM k {}", "SADD k 9223372036854775807 -9223372036854775808", "SISMEMBER k 32766"],
        ["XADD k 5-5 f v"] =
        [
            "XADD k {} f v", "XADD k {}-{} f v", "XADD k {}-* f v", "XADD k 5-{} f v", "XADD k 6-6 f {}", "XADD k 6-6 {} {}", "XADD k MAXLEN {} 6-6 f v",
            "XADD k MAXLEN ~ {} LIMIT {} 6-6 f v", "XADD k MINID {} 6-6 f v", "XADD k MINID ~ {}-{} LIMIT 5 6-6 f v", "XTRIM k MAXLEN {}",
            "XTRIM k MAXLEN ~ {}", "XTRIM k MAXLEN ~ 0 LIMIT {}", "XTRIM k MINID {}", "XTRIM k MINID {}-{}", "XDEL k {}", "XDEL k 5-{}", "XRANGE k {} +",
            "XRANGE k ({} +", "XRANGE k - {}-{}", "XRANGE k - ({}-{}", "XRANGE k - + COUNT {}", "XREVRANGE k {} -", "XREVRANGE k + ({}", "XREVRANGE k + - COUNT {}",
            "XREAD STREAMS k {}", "XREAD COUNT {} STREAMS k 0", "XREAD STREAMS k {}-{}", "XSETID k {}", "XSETID k {}-{}", "XSETID k 9-9 ENTRIESADDED {} MAXDELETEDID 1-1",
            "XSETID k 9-9 ENTRIESADDED 5 MAXDELETEDID {}", "XGROUP CREATE k g {}", "XGROUP CREATE k g 0 ENTRIESREAD {}", "XINFO STREAM k FULL COUNT {}",
        ],
        ["RESTORE k 0 " + BoundaryKeys.StreamPayload + " REPLACE"] =
        [
            "XGROUP SETID k a {}", "XGROUP SETID k a 0 ENTRIESREAD {}", "XACK k a {}", "XACK k a 1-{}", "XPENDING k a - + {}", "XPENDING k a {} +  10",
            "XPENDING k a IDLE {} - + 10", "XCLAIM k a b {} 1-1", "XCLAIM k a b 0 {}-1", "XCLAIM k a b 0 1-1 IDLE {}", "XCLAIM k a b 0 1-1 TIME {}",
            "XCLAIM k a b 0 1-1 RETRYCOUNT {}", "XCLAIM k a b 0 2-1 FORCE RETRYCOUNT {}", "XCLAIM k a b 0 1-1 LASTID {}", "XAUTOCLAIM k a b {} 0", "XAUTOCLAIM k a b 0 {}",
            "XAUTOCLAIM k a b 0 ({}-{}", "XAUTOCLAIM k a b 0 0 COUNT {}", "XREADGROUP GROUP a a STREAMS k {}", "XREADGROUP GROUP a a COUNT {} STREAMS k >",
            "XREADGROUP GROUP a {} COUNT {} STREAMS k 0",
        ],
    };
}
