using System.Globalization;
using System.Text;

namespace Galley.Conformance.Models;

/// <summary>
/// An endless stream of commands on sets, and of SORT, from a seed. Now it grows the sets and now it shrinks them, so that
/// they pass their thresholds both ways; members are few enough to meet again, and some of them are strange.
/// </summary>
public sealed class SetStream
{
    /// <summary>So many commands long sets grow, or shrink.</summary>
    private const int PhaseLength = 2000;

    // s a set, i a set of integers, x any source, d a destination, m a member, n an integer, c a small number, w a weight.
    private static readonly string[] Growing =
    [
        "SADD s m", "SADD s m m m m m m m m m m", "SADD i n", "SADD i n n n n n n n n n n", "SADD s n n n", "SMOVE x s m", "SMOVE x i n",
        "SET w_m w", "SET w_n w", "RPUSH l n m n",
    ];

    private static readonly string[] Shrinking =
    [
        "SREM s m", "SREM s m m m m m m", "SREM i n", "SREM i n n n n n n", "SPOP s", "SPOP s c", "SPOP i c", "SMOVE s x m", "DEL w_m", "LPOP l 4",
    ];

    /// <summary>They leave little, and come seldom.</summary>
    private static readonly string[] Clearing = ["SPOP s 100000", "DEL s", "DEL i", "DEL l", "SINTERSTORE s s s0", "SDIFFSTORE i i x"];

    private static readonly string[] Asking =
    [
        "SCARD x", "SISMEMBER x m", "SMISMEMBER x m m n n", "SMEMBERS x", "SRANDMEMBER x", "SRANDMEMBER x c", "SRANDMEMBER s 2", "SRANDMEMBER x -c",
        "OBJECT ENCODING x", "SINTER x x", "SINTER x x x", "SINTER i i", "SUNION x x", "SUNION i i i", "SUNION x x x x x x x", "SDIFF x x",
        "SDIFF i i", "SDIFF x x x x x x x", "SINTERCARD 2 x x", "SINTERCARD 3 x x x LIMIT c", "SINTERSTORE d x x", "SUNIONSTORE d x x", "SDIFFSTORE d x x",
        "SDIFFSTORE d x x x x x x x", "SUNIONSTORE d x x x", "OBJECT ENCODING d", "COPY x d REPLACE", "SORT x ALPHA", "SORT i", "SORT i DESC LIMIT c c",
        "SORT x ALPHA DESC LIMIT c c", "SORT x ALPHA STORE t", "SORT x BY w_*", "SORT x BY w_* LIMIT c c GET # GET w_*",
        "SORT x BY nosort STORE t", "SORT l BY w_* DESC", "SORT l ALPHA BY w_*", "SORT l BY nosort DESC LIMIT c c", "SORT l", "SORT t ALPHA LIMIT c 5",
    ];

    private readonly Random _random;
    private readonly int _members;
    private double _growth;
    private int _count;

    public SetStream(int seed)
    {
        _random = new Random(seed);
        _members = Pick([30, 300, 3000]);
    }

    public byte[][] Next()
    {
        if (_count++ % PhaseLength == 0) _growth = Pick([0.2, 0.6, 0.95]);
        string[] kind = _random.Next(2) == 0 ? Asking : _random.NextDouble() < _growth ? Growing : _random.Next(60) == 0 ? Clearing : Shrinking;
        return Array.ConvertAll(Pick(kind).Split(' '), Fill);
    }

    private byte[] Fill(string word) => word switch
    {
        "s" => Text($"s{_random.Next(4)}"),
        "i" => Text($"i{_random.Next(3)}"),
        "x" => Text(Pick(["s0", "s1", "s2", "s3", "i0", "i1", "i2", "d", "none"])),
        "d" => Text(Pick(["d", "d", "d", "s0", "i0"])),
        "m" => Member(),
        "n" => Integer(),
        "w_m" => [(byte)'w', (byte)'_', .. Member()],
        "w_n" => [(byte)'w', (byte)'_', .. Integer()],
        "w" => Text(Pick(["1", "2", "-3.5", "1e3", "", "inf", $"{_random.Next(50)}"])),
        "c" => Text($"{_random.Next(20)}"),
        "-c" => Text($"-{_random.Next(20)}"),
        _ => Text(word),
    };

    /// <summary>No member has a NUL, at which a string of C ends: which of two that differ behind it comes first is not said.</summary>
    private byte[] Member()
    {
        int number = _random.Next(_members);
        if (number % 3 == 0) return Integer();
        if (number % 211 == 0) return Text(new string('l', 60 + number % 10) + number);
        return number % 97 == 0 ? [0xFF, 0x80, (byte)(number % 100 + 1)] : Text($"m{number}");
    }

    private byte[] Integer()
    {
        int number = _random.Next(_members);
        return Text((number % 50 == 0 ? number * 100_000_000_000L : number % 7 == 0 ? -number * 1000 : number).ToString(CultureInfo.InvariantCulture));
    }

    private T Pick<T>(T[] choices) => choices[_random.Next(choices.Length)];

    private static byte[] Text(string text) => Encoding.ASCII.GetBytes(text);
}
