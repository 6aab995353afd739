namespace Galley.Store.Tests.Keyspace.Compaction;

/// <summary>
/// Commands that make, change and take away keys of every type, of every size and form that lies otherwise in memory; each
/// gives the same reply on any server, and leaves the same.
/// </summary>
internal sealed class RandomCommands(int seed)
{
    private const int Keys = 30;
    private const int Members = 600;

    private readonly Random _random = new(seed);
    private long _nextId;

    public string[] Next() => _random.Next(14) switch
    {
        0 or 1 => String(),
        2 or 3 => Hash(),
        4 or 5 => Set(),
        6 or 7 => SortedSet(),
        8 or 9 => List(),
        10 or 11 or 12 => Stream(),
        _ => OfKeys(),
    };

    /// <summary>The end of it all, from time to time.</summary>
    public string[] Rare() => _random.Next(3) switch
    {
        0 => ["FLUSHDB"],
        1 => ["SWAPDB", "0", "1"],
        _ => ["CONFIG", "SET", "list-compress-depth", $"{_random.Next(2)}"],
    };

    private string[] String() => _random.Next(6) switch
    {
        0 => ["APPEND", Key("string"), Text()],
        1 => ["SETRANGE", Key("string"), $"{_random.Next(200)}", Text()],
        2 => ["SET", Key("string"), Text(), "PX", $"{_random.Next(1, 100_000)}"],
        3 => ["SET", new string('k', 40_000) + _random.Next(3), Text()],
        _ => ["SET", Key("string"), Text()],
    };

    private string[] Hash()
    {
        string key = Key("hash");
        switch (_random.Next(6))
        {
            case 0: return ["HDEL", key, .. Some()];
            case 1: return ["HPEXPIRE", key, $"{_random.Next(1, 100_000)}", "FIELDS", "20", .. Some(20)];
            case 2: return ["HPERSIST", key, "FIELDS", "20", .. Some(20)];
            default: return ["HSET", key, .. Some().SelectMany(field => (string[])[field, Text()])];
        }
    }

    private string[] Set()
    {
        string key = Key("set");
        return _random.Next(5) switch
        {
            0 => ["SREM", key, .. Some()],
            1 => ["SINTERSTORE", Key("set"), key, Key("set")],
            2 => ["SADD", key, LongText()],
            _ => ["SADD", key, .. Some()],
        };
    }

    private string[] SortedSet()
    {
        string key = Key("zset");
        return _random.Next(5) switch
        {
            0 => ["ZREM", key, .. Some()],
            1 => ["ZREMRANGEBYRANK", key, "0", $"{_random.Next(20)}"],
            2 => ["ZADD", key, "7", LongText()],
            _ => ["ZADD", key, .. Some().SelectMany(member => (string[])[$"{_random.Next(50)}", member])],
        };
    }

    private string[] List()
    {
        string key = Key("list");
        return _random.Next(7) switch
        {
            0 => ["LTRIM", key, $"{_random.Next(30)}", $"{-1 - _random.Next(30)}"],
            1 => ["LPOP", key, "20"],
            2 => ["LINSERT", key, "BEFORE", "m1", Text()],
            3 => ["LPUSH", key, LongText()],
            4 => ["LREM", key, "3", $"m{_random.Next(Members)}"],
            _ => [_random.Next(2) == 0 ? "LPUSH" : "RPUSH", key, .. Some(), Text()],
        };
    }

    private string[] Stream()
    {
        string key = $"stream:{_random.Next(4)}";
        string group = $"group{_random.Next(5)}";
        string consumer = $"consumer{_random.Next(12)}";
        return _random.Next(12) switch
        {
            0 => ["XGROUP", "CREATE", key, group, "0", "MKSTREAM"],
            1 or 2 => ["XREADGROUP", "GROUP", group, consumer, "COUNT", "100", "STREAMS", key, ">"],
            3 => ["XACK", key, group, .. Enumerable.Range(0, 30).Select(_ => $"{_random.NextInt64(1, _nextId + 2)}-1")],
            4 => ["XDEL", key, $"{_random.NextInt64(1, _nextId + 2)}-1"],
            5 => ["XTRIM", key, "MAXLEN", "~", "4000"],
            6 => ["XGROUP", "DELCONSUMER", key, group, consumer],
            7 => ["XADD", key, "IDMP", consumer, $"name{_random.Next(500)}", $"{++_nextId}-1", "f", "v"],
            8 => ["XADD", key, $"{++_nextId}-1", "f", new string('x', 70_000)],
            _ => ["XADD", key, $"{++_nextId}-1", "field", Text(), "other", "value"],
        };
    }

    private string[] OfKeys()
    {
        string type = Pick("string", "hash", "set", "zset", "list", "stream");
        return _random.Next(5) switch
        {
            0 => ["DEL", Key(type), Key(type)],
            1 => ["COPY", Key(type), Key(type), "REPLACE"],
            2 => ["RENAME", Key(type), Key(type)],
            3 => ["PEXPIRE", Key(type), $"{_random.Next(1, 200_000)}"],
            _ => ["PERSIST", Key(type)],
        };
    }

    private string Key(string type) => $"{type}:{_random.Next(type == "string" ? 10 * Keys : Keys / 3)}";

    private string[] Some(int count = 40) => [.. Enumerable.Range(0, count).Select(_ => $"m{_random.Next(Members)}").Distinct().Take(count)];

    private string Text() => _random.Next(40) == 0 ? LongText() : new string((char)('a' + _random.Next(26)), (int)(Math.Pow(_random.NextDouble(), 4) * 700));

    private string LongText() => new((char)('a' + _random.Next(26)), 24_000 + _random.Next(20_000));

    private string Pick(params string[] words) => words[_random.Next(words.Length)];
}
