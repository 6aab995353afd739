using System.Text;

namespace Galley.Conformance.Models;

/// <summary>
/// An endless stream of commands on HyperLogLogs from a seed: they begin sparse, are merged, copied and counted, and become
/// dense by their length, by a rank that is too high, by a merge and by PFDEBUG.
/// </summary>
public sealed class HyperLogLogStream
{
    // h a HyperLogLog, e an element, E many, m a limit.
    private static readonly string[] Commands =
    [
        "PFADD h e", "PFADD h e", "PFADD h e e", "PFADD h E", "PFADD h E", "PFADD h", "PFCOUNT h", "PFCOUNT h", "PFCOUNT h h", "PFCOUNT h h none h",
        "PFMERGE h", "PFMERGE h h", "PFMERGE h h h", "PFDEBUG DECODE h", "PFDEBUG ENCODING h", "GET h", "GET h", "OBJECT ENCODING h", "STRLEN h",
    ];

    private static readonly string[] Seldom =
        ["DEL h", "DEL h", "COPY h h REPLACE", "PFDEBUG TODENSE h", "PFDEBUG GETREG h", "PFADD s e", "PFMERGE h s", "PFMERGE s h", "PFCOUNT h s", "CONFIG SET hll-sparse-max-bytes m"];

    private readonly Random _random;
    private readonly int _elements;

    public HyperLogLogStream(int seed)
    {
        _random = new Random(seed);
        _elements = Pick([100, 3000, 1_000_000]);
    }

    public static IReadOnlyList<string> Keys { get; } = ["h0", "h1", "h2", "h3", "s"];

    public byte[][] Next()
    {
        string command = _random.Next(20) == 0 ? Pick(Seldom) : Pick(Commands);
        return [.. command.Split(' ').SelectMany(Fill)];
    }

    private IEnumerable<byte[]> Fill(string word) => word switch
    {
        "h" => [Text($"h{_random.Next(4)}")],
        "e" => [Element()],
        "E" => [.. Enumerable.Range(0, _random.Next(Pick([5, 50, 200]))).Select(_ => Element())],
        "m" => [Text(Pick(["3000", "3000", "3000", "1000", "100", "20", "0", "20000"]))],
        _ => [Text(word)],
    };

    private byte[] Element()
    {
        int number = _random.Next(_elements);
        if (number % 5 != 0) return Text($"e{number}");
        byte[] bytes = new byte[number % 37]; // Every length of the hash's last word, and an empty one.
        new Random(number).NextBytes(bytes);
        return bytes;
    }

    private T Pick<T>(T[] choices) => choices[_random.Next(choices.Length)];

    private static byte[] Text(string text) => Encoding.ASCII.GetBytes(text);
}
