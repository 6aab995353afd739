using System.Buffers.Text;
using System.Globalization;

namespace Galley.LoadTests;

/// <summary>A value of millions of elements of one type: how it is built, read in part, and changed.</summary>
/// <param name="Name">The type.</param>
/// <param name="Command">What adds an element.</param>
/// <param name="HasScore">A number stands before the element.</param>
/// <param name="HasValue">A value stands after it.</param>
/// <param name="Reading">What reads a part, with the place (0) or digits (1) of its first element; <c>+99</c> is the place 99 further on.</param>
/// <param name="LinesOfRead">Lines of the reply to that.</param>
/// <param name="Changing">What changes an element, with the same in it.</param>
public sealed record LargeShape(string Name, string Command, bool HasScore, bool HasValue, string Reading, int LinesOfRead, string Changing)
{
    public static IReadOnlyList<LargeShape> All { get; } =
    [
        new("list", "RPUSH", HasScore: false, HasValue: false, "LRANGE big {0} +99", LinesOfRead: 201, "LSET big {0} changed:{1}"),
        new("hash", "HSET", HasScore: false, HasValue: true, "HMGET big member:{1}", LinesOfRead: 3, "HSET big member:{1} changed:{1}"),
        new("set", "SADD", HasScore: false, HasValue: false, "SISMEMBER big member:{1}", LinesOfRead: 1, "SREM big member:{1}"),
        new("zset", "ZADD", HasScore: true, HasValue: false, "ZRANGE big {0} +99", LinesOfRead: 201, "ZADD big {0} member:{1}"),
    ];

    private const int ScoreSpread = 1_000_003;

    public int WriteTo(Span<byte> to, int index)
    {
        int words = 3 + (HasScore ? 1 : 0) + (HasValue ? 1 : 0);
        int at = Put(to, "*"u8);
        to[at++] = (byte)('0' + words);
        at += Put(to[at..], "\r\n"u8);
        at += Word(to[at..], Command);
        at += Word(to[at..], "big");
        if (HasScore) at += Number(to[at..], ""u8, (int)((long)index * ScoreSpread % int.MaxValue));
        at += Number(to[at..], "member:"u8, index);
        if (HasValue) at += Number(to[at..], "value:"u8, index);
        return at;
    }

    public string[] ReadOf(int index) => WordsOf(Reading, index);

    public string[] ChangeOf(int index) => WordsOf(Changing, index);

    private static string[] WordsOf(string template, int index) =>
        [.. template.Split(' ').Select(word => word == "+99" ? $"{index + 99}" : string.Format(CultureInfo.InvariantCulture, word, index, $"{index:D10}"))];

    public static int Put(Span<byte> to, ReadOnlySpan<byte> text)
    {
        text.CopyTo(to);
        return text.Length;
    }

    private static int Word(Span<byte> to, string word) =>
        Put(to, System.Text.Encoding.ASCII.GetBytes($"${word.Length}\r\n{word}\r\n"));

    /// <summary>Ten digits, so that every element has one length.</summary>
    private static int Number(Span<byte> to, ReadOnlySpan<byte> prefix, int number)
    {
        int at = Put(to, "$"u8);
        Utf8Formatter.TryFormat(prefix.Length + 10, to[at..], out int written);
        at += written;
        at += Put(to[at..], "\r\n"u8);
        at += Put(to[at..], prefix);
        Utf8Formatter.TryFormat(number, to[at..], out written, new System.Buffers.StandardFormat('D', 10));
        at += written;
        return at + Put(to[at..], "\r\n"u8);
    }
}
