using System.Diagnostics;

namespace Galley.LoadTests;

/// <summary>
/// One of those who keep a server busy: on a thread of its own it writes, reads, expires and deletes values of all types, from 10
/// bytes to a megabyte, small collections and some that grow large.
/// </summary>
public sealed class SoakClient : IDisposable
{
    private const int BatchSize = 8;
    private const int Strings = 200_000;
    private const int SmallCollections = 20_000;
    private const int LargeCollections = 10;
    private const int LargeMembers = 50_000;
    private const int BitsMax = 8 * 1_000_000;
    private const int StreamLength = 5000;
    private const int SecondsToLive = 30;

    private static readonly byte[] Letters = NewLetters(2_000_000);
    private static readonly string[] Types = ["string", "hash", "list", "set", "zset", "stream", "hll", "bits"];

    private readonly RespClient _client;
    private readonly RequestBuffer _requests = new();
    private readonly Random _random;
    private readonly Thread _thread;
    private long _intervalTicks;
    private volatile bool _isEnding;

    public SoakClient(Server server, int seed)
    {
        _client = server.Connect();
        _random = new Random(seed);
        _thread = new Thread(Run) { IsBackground = true };
        _thread.Start();
    }

    /// <summary>Commands so far.</summary>
    public long Commands { get; private set; }

    /// <summary>Replies that were errors.</summary>
    public long Errors { get; private set; }

    /// <summary>Why it has stopped before it was told to, or null.</summary>
    public string? Failure { get; private set; }

    /// <summary>From here on it sends no more than so many commands a second; before, all that it can.</summary>
    public void SlowDown(double commandsPerSecond) => Volatile.Write(ref _intervalTicks, (long)(Stopwatch.Frequency * BatchSize / commandsPerSecond));

    public void Dispose()
    {
        _isEnding = true;
        _thread.Join();
        _client.Dispose();
    }

    private void Run()
    {
        try
        {
            long due = Stopwatch.GetTimestamp();
            while (!_isEnding)
            {
                // Who is late does not catch up: this is a load, and no measurement.
                due = Math.Max(due + Volatile.Read(ref _intervalTicks), Stopwatch.GetTimestamp());
                while (Stopwatch.GetTimestamp() < due) Thread.Sleep(1);
                _requests.Clear();
                while (_requests.Commands < BatchSize) AddCommand();
                _client.Send(_requests.Bytes);
                Errors += _client.ReadReplies(BatchSize);
                Commands += BatchSize;
            }
        }
        catch (IOException failure)
        {
            Failure = failure.Message;
        }
    }

    private void AddCommand()
    {
        switch (_random.Next(100))
        {
            case < 25: AddString(); break;
            case < 40: _requests.Command(2, "GET").Word(Key("string")); break;
            case < 44: _requests.Command(3, "APPEND").Word(Key("string")).Word(Text(200)); break;
            case < 46: _requests.Command(4, "SETRANGE").Word(Key("string")).Word(_random.Next(20_000)).Word(Text(200)); break;
            case < 54: _requests.Command(4, "HSET").Word(Key("hash")).Word(Member()).Word(Element()); break;
            case < 57: _requests.Command(3, "HDEL").Word(Key("hash")).Word(Member()); break;
            case < 64: _requests.Command(3, "RPUSH").Word(Key("list")).Word(Element()); break;
            case < 66: _requests.Command(2, "LPOP").Word(Key("list")); break;
            case < 71: _requests.Command(3, "SADD").Word(Key("set")).Word(Member()); break;
            case < 73: _requests.Command(3, "SREM").Word(Key("set")).Word(Member()); break;
            case < 78: _requests.Command(4, "ZADD").Word(Key("zset")).Word(_random.Next(1_000_000)).Word(Member()); break;
            case < 80: _requests.Command(3, "ZREM").Word(Key("zset")).Word(Member()); break;
            case < 85: _requests.Command(8, "XADD").Word(Key("stream")).Word("MAXLEN").Word("~").Word(StreamLength).Word("*").Word("field").Word(Element()); break;
            case < 87: _requests.Command(3, "PFADD").Word(Key("hll")).Word(Member()); break;
            case < 89: _requests.Command(4, "SETBIT").Word(Key("bits")).Word(_random.Next(BitsMax)).Word("1"); break;
            case < 91: _requests.Command(3, "EXPIRE").Word(AnyKey()).Word(1 + _random.Next(SecondsToLive)); break;
            case < 92: _requests.Command(2, "DEL").Word(AnyKey()); break;
            case < 93: _requests.Command(2, "UNLINK").Word(AnyKey()); break;
            case < 97: _requests.Command(4, "LRANGE").Word(Key("list")).Word("0").Word("99"); break;
            default: _requests.Command(4, "ZRANGE").Word(Key("zset")).Word("0").Word("99"); break;
        }
    }

    private void AddString()
    {
        bool expires = _random.Next(10) == 0;
        _requests.Command(expires ? 5 : 3, "SET").Word(Key("string")).Word(Text(StringBytes()));
        if (expires) _requests.Word("EX").Word(1 + _random.Next(SecondsToLive));
    }

    /// <summary>Four of five have up to a kilobyte, one in fifty up to a megabyte.</summary>
    private int StringBytes() => _random.Next(50) switch
    {
        0 => Between(64_000, 1_000_000),
        < 10 => Between(1000, 64_000),
        _ => Between(10, 1000),
    };

    /// <summary>As likely of one order of magnitude as of another.</summary>
    private int Between(double min, double max) => (int)(min * Math.Pow(max / min, _random.NextDouble()));

    private ReadOnlySpan<byte> Element() => Text(_random.Next(500) == 0 ? Between(1000, 100_000) : Between(10, 1000));

    private ReadOnlySpan<byte> Text(int bytes) => Letters.AsSpan(_random.Next(Letters.Length - bytes), bytes);

    private string Member() => $"member:{_random.Next(LargeMembers)}";

    private string AnyKey() => Key(Types[_random.Next(Types.Length)]);

    private string Key(string type) => type switch
    {
        "string" => $"string:{_random.Next(Strings)}",
        "bits" => $"bits:{_random.Next(LargeCollections)}",
        _ => _random.Next(4) == 0 ? $"{type}:large:{_random.Next(LargeCollections)}" : $"{type}:{_random.Next(SmallCollections)}",
    };

    private static byte[] NewLetters(int count)
    {
        byte[] letters = new byte[count];
        var random = new Random(1);
        for (int i = 0; i < count; i++) letters[i] = (byte)('!' + random.Next(90));
        return letters;
    }
}
