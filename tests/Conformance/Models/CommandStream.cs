using System.Globalization;
using System.Text;

namespace Galley.Conformance.Models;

/// <summary>
/// An endless stream of commands from a seed, over few keys, so that they meet. Times to live are chosen so that the answer
/// never hangs on a millisecond: relative ones are long, and conditions on them (GT, LT) are asked with absolute ones.
/// </summary>
public sealed class CommandStream(int seed)
{
    private const int KeyCount = 12;

    // k a key, v a value, i an integer, f a float, s seconds, a an absolute time, d a database, o an offset, p a pattern.
    private static readonly string[] Templates =
    [
        "SET k v", "SET k v", "SET k v NX", "SET k v XX", "SET k v GET", "SET k v EX s", "SET k v PXAT a GET", "SET k v KEEPTTL", "SET k v NX GET",
        "SET k i", "SET k f", "SETNX k v", "SETEX k s v", "PSETEX k a v", "GETSET k v", "GETDEL k", "GETEX k", "GETEX k EX s", "GETEX k PERSIST",
        "GET k", "GET k", "STRLEN k", "APPEND k v", "APPEND k i", "SETRANGE k o v", "GETRANGE k i o", "SUBSTR k o i",
        "INCR k", "DECR k", "INCRBY k i", "DECRBY k i", "INCRBYFLOAT k f", "INCRBYFLOAT k i",
        "MSET k v k v", "MSET k i k v k v", "MSETNX k v k v", "MGET k k k", "LCS k k", "LCS k k LEN", "LCS k k IDX MINMATCHLEN 2 WITHMATCHLEN",
        "DEL k", "DEL k k", "UNLINK k", "EXISTS k k", "TYPE k", "TOUCH k k", "RENAME k k", "RENAMENX k k", "COPY k k", "COPY k k REPLACE",
        "COPY k k DB d REPLACE", "MOVE k d", "SELECT d", "SELECT 0", "SWAPDB d d", "DBSIZE", "KEYS p", "OBJECT ENCODING k",
        "EXPIRE k s", "EXPIRE k s NX", "EXPIRE k s XX", "EXPIREAT k a", "PEXPIREAT k a GT", "PEXPIREAT k a LT", "EXPIRE k -1", "PERSIST k",
        "TTL k", "PTTL k", "EXPIRETIME k", "PEXPIRETIME k", "WATCH k", "UNWATCH", "MULTI", "EXEC", "EXEC", "DISCARD",
        "BOGUS k", "GET", "INCRBY k v", "SET k v EX 0", "FLUSHDB",
    ];

    private readonly Random _random = new(seed);

    public byte[][] Next()
    {
        string template = Templates[_random.Next(Templates.Length)];

        // FLUSHDB as often as any other would keep the keyspace empty.
        if (template == "FLUSHDB" && _random.Next(20) > 0) template = "GET k";
        return Array.ConvertAll(template.Split(' '), Fill);
    }

    private byte[] Fill(string word) => word switch
    {
        "k" => Encoding.ASCII.GetBytes($"key:{_random.Next(KeyCount)}"),
        "v" => Value(),
        "i" => Text(_random.Next(8) == 0 ? _random.NextInt64(long.MinValue, long.MaxValue) : _random.Next(-20, 200)),
        "f" => Text(_random.Next(-1000, 1000) / 8.0),
        "s" => Text(1000 + (_random.Next(5) * 1000)),
        "a" => Text(33177117420000 + _random.Next(1000)),
        "d" => Text(_random.Next(4)),
        "o" => Text(_random.Next(60)),
        "p" => Encoding.ASCII.GetBytes(_random.Next(2) == 0 ? "*" : $"key:*{_random.Next(10)}"),
        _ => Encoding.ASCII.GetBytes(word),
    };

    private byte[] Value()
    {
        switch (_random.Next(8))
        {
            case 0: return [];
            case 1: return Text(_random.Next(100));
            case 2: return Text(_random.NextInt64(long.MinValue, long.MaxValue));
            case 3:
                byte[] binary = new byte[_random.Next(80)];
                _random.NextBytes(binary);
                return binary;
            case 4: return Encoding.ASCII.GetBytes(new string('x', _random.Next(30, 60)));
            case 5 when _random.Next(10) == 0: return Encoding.ASCII.GetBytes(new string('y', _random.Next(10_000)));
            default: return Encoding.ASCII.GetBytes("value" + _random.Next(10));
        }
    }

    private static byte[] Text(IFormattable number) => Encoding.ASCII.GetBytes(number.ToString(null, CultureInfo.InvariantCulture));
}
