using System.Globalization;
using Galley.Store.Tests.Commands;

namespace Galley.Store.Tests.Keyspace.Snapshots;

/// <summary>Commands at random that change large values of one type, and what holds them.</summary>
internal sealed class RandomWrites(TestClient client, string type, Random random)
{
    private const int Keys = 5;
    private const int Names = 700;
    private const int Elements = 500;

    private long _id;

    /// <summary>Makes all keys anew.</summary>
    public void Fill()
    {
        for (int database = 0; database < Picture.Databases; database++)
        {
            client.Run($"SELECT {database}");
            for (int i = 0; i < 30; i++) client.Run($"SET small:{i} value:{i}");
            for (int key = 0; key < Keys; key++)
            {
                for (int i = 0; i < (type == "string" ? 1 : Elements); i++) Add($"big:{key}");
                if (random.Next(3) == 0) client.Run($"PEXPIREAT big:{key} {InFuture()}");
            }
        }
    }

    /// <summary>One command; seldom one that takes all keys away.</summary>
    public void Write(bool maySweep)
    {
        client.Run($"SELECT {random.Next(Picture.Databases)}");
        string key = Key();
        switch (random.Next(maySweep ? 402 : 400))
        {
            case < 320:
                Change(key);
                break;
            case < 340:
                client.Run($"SET small:{random.Next(30)} {random.Next()}");
                break;
            case < 345:
                client.Run($"DEL {key}");
                break;
            case < 352:
                client.Run($"RENAME {key} {Key()}");
                break;
            case < 360:
                client.Run($"COPY {key} {Key()} REPLACE");
                break;
            case < 364:
                client.Run($"COPY {key} {key} DB {random.Next(Picture.Databases)} REPLACE");
                break;
            case < 368:
                client.Run($"MOVE {key} {random.Next(Picture.Databases)}");
                break;
            case < 378:
                client.Run($"PEXPIREAT {key} {InFuture()}");
                break;
            case < 384:
                client.Run($"PERSIST {key}");
                break;
            case < 387:
                client.Run($"SET {key} text");
                break;
            case < 391:
                client.Run("SWAPDB 0 1");
                break;
            case < 399:
                for (int i = 0; i < (type == "string" ? 1 : 300); i++) Add(key);
                break;
            case < 400:
                client.Run($"PEXPIRE {key} 1");
                break;
            default:
                client.Run(random.Next(2) == 0 ? "FLUSHALL" : "FLUSHDB ASYNC");
                break;
        }
    }

    private void Add(string key) => client.Run(type switch
    {
        "set" => $"SADD {key} {Name()}",
        "hash" => random.Next(4) == 0 ? $"HSETEX {key} PXAT {InFuture()} FIELDS 1 {Name()} {Text()}" : $"HSET {key} {Name()} {Text()}",
        "zset" => $"ZADD {key} {Score()} {Name()}",
        "list" => $"RPUSH {key} {Text()}",
        "string" => $"APPEND {key} {LongText()}",
        _ => $"XADD {key} {++_id}-1 {Name()} {Text()}",
    });

    private void Change(string key) => client.Run(type switch
    {
        "set" => SetCommand(key),
        "hash" => HashCommand(key),
        "zset" => SortedSetCommand(key),
        "list" => ListCommand(key),
        "string" => StringCommand(key),
        _ => StreamCommand(key),
    });

    private string SetCommand(string key) => random.Next(12) switch
    {
        < 4 => $"SADD {key} {Name()} {Name()}",
        < 8 => $"SREM {key} {Name()}",
        8 => $"SPOP {key}",
        9 => $"SPOP {key} {random.Next(40)}",
        10 => $"SMOVE {key} {Key()} {Name()}",
        _ => random.Next(10) == 0 ? $"SUNIONSTORE {key} {Key()} {Key()}" : $"SREM {key} {Name()} {Name()} {Name()}",
    };

    private string HashCommand(string key) => random.Next(12) switch
    {
        < 4 => $"HSET {key} {Name()} {Text()}",
        < 6 => $"HDEL {key} {Name()} {Name()}",
        6 => $"HPEXPIREAT {key} {InFuture()} FIELDS 1 {Name()}",
        7 => $"HPERSIST {key} FIELDS 2 {Name()} {Name()}",
        8 => $"HPEXPIRE {key} {random.Next(3)} FIELDS 1 {Name()}",
        9 => $"HGETDEL {key} FIELDS 1 {Name()}",
        10 => $"HSETEX {key} PXAT {InFuture()} FIELDS 1 {Name()} {Text()}",
        _ => $"HINCRBY {key} {Name()} 1",
    };

    private string SortedSetCommand(string key) => random.Next(12) switch
    {
        < 4 => $"ZADD {key} {Score()} {Name()}",
        < 6 => $"ZINCRBY {key} {Score()} {Name()}",
        < 8 => $"ZREM {key} {Name()} {Name()}",
        8 => $"ZPOPMAX {key} {random.Next(6)}",
        9 => $"ZPOPMIN {key} {random.Next(6)}",
        10 => $"ZREMRANGEBYRANK {key} {random.Next(300)} {random.Next(300)}",
        _ => random.Next(10) == 0 ? $"ZUNIONSTORE {key} 2 {Key()} {Key()}" : $"ZADD {key} {Score()} {Name()} {Score()} {Name()}",
    };

    private string ListCommand(string key) => random.Next(14) switch
    {
        < 2 => $"RPUSH {key} {Text()} {Text()}",
        < 4 => $"LPUSH {key} {Text()}",
        4 => $"LPOP {key} {random.Next(30)}",
        5 => $"RPOP {key} {random.Next(30)}",
        < 9 => $"LSET {key} {random.Next(-400, 400)} {Text()}",
        9 => $"LINSERT {key} BEFORE {Text()} {Text()}",
        10 => $"LREM {key} {random.Next(-2, 3)} {Text()}",
        11 => random.Next(4) == 0 ? $"LTRIM {key} {random.Next(200)} {-random.Next(1, 200)}" : $"RPUSH {key} {Text()}",
        12 => $"LMOVE {key} {Key()} LEFT RIGHT",
        _ => $"LINSERT {key} AFTER {Text()} {Text()}",
    };

    private string StreamCommand(string key) => random.Next(10) switch
    {
        < 5 => $"XADD {key} {++_id}-1 {Name()} {Text()}",
        < 7 => $"XDEL {key} {OldId()} {OldId()} {OldId()} {OldId()} {OldId()}",
        7 => $"XTRIM {key} MAXLEN {(random.Next(2) == 0 ? "=" : "~")} {random.Next(200, 600)}",
        8 => $"XGROUP CREATE {key} group:{random.Next(3)} 0",
        _ => $"XREADGROUP GROUP group:{random.Next(3)} me COUNT {random.Next(1, 5)} STREAMS {key} >",
    };

    private string StringCommand(string key) => random.Next(10) switch
    {
        < 4 => $"SETRANGE {key} {random.Next(100_000)} {Text()}",
        < 7 => $"APPEND {key} {Text()}",
        7 => $"GETDEL {key}",
        8 => $"SET {key} {LongText()}",
        _ => $"SETBIT {key} {random.Next(800_000)} {random.Next(2)}",
    };

    private string Key() => $"big:{random.Next(Keys)}";

    /// <summary>It may be there: ten keys share the identifiers.</summary>
    private string OldId() => string.Create(CultureInfo.InvariantCulture, $"{random.NextInt64(_id + 1)}-1");

    private string Name() => string.Create(CultureInfo.InvariantCulture, $"name:{random.Next(Names)}");

    /// <summary>One of few scores, so that many are equal, or one of many.</summary>
    private string Score() => random.Next(2) == 0
        ? random.Next(-3, 3).ToString(CultureInfo.InvariantCulture)
        : (random.NextDouble() * 6 - 3).ToString("R", CultureInfo.InvariantCulture);

    /// <summary>Some are integers, some are long.</summary>
    private string Text() => random.Next(40) switch
    {
        0 => new string((char)('a' + random.Next(26)), random.Next(1, 9000)),
        < 10 => random.Next(100).ToString(CultureInfo.InvariantCulture),
        int n => $"text:{n}:{random.Next(50)}".PadRight(random.Next(10, 60), 'x'),
    };

    /// <summary>Half of them do not get shorter when they are compressed.</summary>
    private string LongText()
    {
        var text = new char[random.Next(30_000, 400_000)];
        int kinds = random.Next(2) == 0 ? 2 : 93;
        for (int i = 0; i < text.Length; i++) text[i] = (char)(33 + random.Next(kinds));
        return new string(text);
    }

    private string InFuture() => (1_800_000_000_000L + random.Next()).ToString(CultureInfo.InvariantCulture);
}
