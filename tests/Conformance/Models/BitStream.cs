using System.Globalization;
using System.Text;

namespace Galley.Conformance.Models;

/// <summary>
/// An endless stream of commands on bits from a seed, over a few strings: most of them short, so that ends and borders of
/// bytes meet often, some longer than an entry can hold.
/// </summary>
public sealed class BitStream(int seed)
{
    // k a key, o an offset, # an offset of a field, i an index, u a unit, t a type of field, v a value, b a bit, c content, p an overflow.
    private static readonly string[] Commands =
    [
        "SETBIT k o b", "SETBIT k o b", "SETBIT k o b", "GETBIT k o", "GETBIT k o",
        "BITCOUNT k", "BITCOUNT k i i", "BITCOUNT k i i u", "BITPOS k b", "BITPOS k b i", "BITPOS k b i i", "BITPOS k b i i u", "BITPOS k b i i u",
        "BITOP AND k k k", "BITOP OR k k k", "BITOP XOR k k k", "BITOP NOT k k", "BITOP OR k k", "BITOP XOR k k k k k", "BITOP AND k k k k",
        "BITFIELD k GET t #", "BITFIELD k SET t # v", "BITFIELD k INCRBY t # v", "BITFIELD k OVERFLOW p INCRBY t # v", "BITFIELD k OVERFLOW p SET t # v",
        "BITFIELD k SET t # v GET t # OVERFLOW p INCRBY t # v INCRBY t # v OVERFLOW p SET t # v", "BITFIELD_RO k GET t #", "BITFIELD_RO k GET t # GET t #",
        "SET k c", "APPEND k c", "SETRANGE k i c", "STRLEN k", "GET k", "OBJECT ENCODING k",
    ];

    /// <summary>They come seldom: strings are to live for a while.</summary>
    private static readonly string[] Seldom = ["DEL k", "SETRANGE k 40000 c", "BITFIELD k SET t 400000 v", "SET k 1234", "BITOP AND k list k", "COPY k k REPLACE", "EXPIRE k 1000"];

    private static readonly string[] Numbers =
    [
        "0", "-1", "x", "4294967296", "-9223372036854775808", "9223372036854775807", "9223372036854775808", "01", "2147483648", "-2147483649",
    ];

    private readonly Random _random = new(seed);

    public static IReadOnlyList<string> Keys { get; } = ["k0", "k1", "k2", "k3"];

    public byte[][] Next()
    {
        string command = _random.Next(25) == 0 ? Pick(Seldom) : Pick(Commands);
        return Array.ConvertAll(command.Split(' '), Fill);
    }

    private byte[] Fill(string word) => word switch
    {
        "k" => Text(_random.Next(300) == 0 ? "list" : $"k{_random.Next(Keys.Count)}"),
        "o" => Text(_random.Next(100) == 0 ? Pick(["-1", "x", "4294967296", "9223372036854775808"]) : $"{_random.Next(Pick([20, 200, 2000]))}"),
        "#" => Text((_random.Next(3) == 0 ? "#" : "") + $"{_random.Next(Pick([10, 100, 300]))}"),
        "i" => Text(_random.Next(20) == 0 ? Pick(Numbers) : $"{_random.Next(-30, Pick([30, 30, 300, 40_100]))}"),
        "u" => Text(Pick(["BIT", "BIT", "BYTE", "bit", "no"])),
        "t" => Text(_random.Next(100) == 0 ? Pick(["u64", "i0", "8"]) : _random.Next(2) == 0 ? $"i{_random.Next(1, 65)}" : $"u{_random.Next(1, 64)}"),
        "v" => Text(_random.Next(3) switch
        {
            0 => Pick(Numbers),
            1 => $"{_random.Next(-300, 300)}",
            _ => _random.NextInt64().ToString(CultureInfo.InvariantCulture),
        }),
        "b" => Text(_random.Next(100) == 0 ? Pick(["2", "-1", "x"]) : $"{_random.Next(2)}"),
        "c" => Content(),
        "p" => Text(Pick(["WRAP", "SAT", "FAIL", "sat"])),
        _ => Text(word),
    };

    /// <summary>Runs of set and of clear bits, and bytes at random.</summary>
    private byte[] Content()
    {
        byte[] bytes = new byte[_random.Next(Pick([3, 12, 70]))];
        int kind = _random.Next(3);
        if (kind == 0) bytes.AsSpan().Fill(byte.MaxValue);
        if (kind == 1) _random.NextBytes(bytes);
        return bytes;
    }

    private T Pick<T>(T[] choices) => choices[_random.Next(choices.Length)];

    private static byte[] Text(string text) => Encoding.ASCII.GetBytes(text);
}
