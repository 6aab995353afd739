using System.Globalization;
using System.Text;

namespace Galley.Conformance.Scripting.Libraries;

/// <summary>Random calls of library functions, as expressions of Lua; many of them are refused, and that is compared, too.</summary>
internal sealed partial class RandomCalls(Random random)
{
    private static readonly double[] Landmarks =
    [
        0, -0.0, 1, -1, 0.5, 1.5, 2.5, 127, 128, 255, 256, 65535, 65536, 1e15, 1e16, 1e17, 4294967295, 4294967296, 2147483647, 2147483648,
        9007199254740992, 9223372036854775808.0, -9223372036854775808.0, 18446744073709551616.0, 5e-324, 1.7976931348623157e308, double.PositiveInfinity,
        double.NegativeInfinity, double.NaN,
    ];

    internal string Format()
    {
        string flags = Repeat(Pick(0, 0, 1, 1, 2, 3, 6), "-", "+", " ", "#", "0");
        string width = Pick("", "", "5", "12", "40", "99", "100");
        string precision = Pick("", "", ".", ".0", ".1", ".2", ".3", ".10", ".14", ".17", ".50", ".99", ".100");
        // One form is left out: the GNU C library forgets the zeros of %#g where rounding makes a power of ten.
        string conversion = Pick("d", "i", "u", "o", "x", "X", "e", "E", "f", "g", "G", "c", "s", "q", "y");
        if (conversion is "g" or "G") flags = flags.Replace("#", "", StringComparison.Ordinal);
        string value = conversion is "s" or "q" ? Text("ab\"\\\n\r\0\t\u00ff", 130) : Number();
        return $"string.format({Literal("%" + flags + width + precision + conversion)}, {(random.Next(20) == 0 ? Pick("nil", "true", "'12'", "'x'", "{}") : value)})";
    }

    internal string Pattern()
    {
        string subject = Text("aabbcdA1 .()-[]%\0\u00e9x", 14);
        string pattern = PatternText();
        return random.Next(5) switch
        {
            0 => $"string.match({subject}, {Literal(pattern)}, {Small()})",
            1 or 2 => $"string.gsub({subject}, {Literal(pattern)}, {Literal(Repeat(random.Next(4), "%0", "%1", "%2", "x", "%%", "%", "-"))})",
            _ => $"string.find({subject}, {Literal(pattern)}, {Small()}, {Pick("nil", "nil", "nil", "true")})",
        };
    }

    internal string Arithmetic() => random.Next(4) switch
    {
        0 => $"math.{Pick("abs", "acos", "asin", "atan", "ceil", "cos", "deg", "exp", "floor", "log", "log10", "sin", "sqrt", "tan", "tanh", "frexp", "modf")}({Number()})",
        1 => $"math.{Pick("atan2", "fmod", "pow", "ldexp", "max", "min")}({Number()}, {Number()})",
        2 => $"(function() math.randomseed({Number()}) return math.random(), math.random({Small()}) end)()",
        _ => $"bit.{Pick("tobit", "bnot", "bswap", "band", "bor", "bxor", "lshift", "rshift", "arshift", "rol", "ror", "tohex")}({Number()}, {Pick(Number(), Small())})",
    };

    internal string Number()
    {
        double value = random.Next(8) switch
        {
            0 => random.Next(-1000, 1000),
            1 => random.NextDouble(),
            2 => BitConverter.Int64BitsToDouble(random.NextInt64(long.MinValue, long.MaxValue)),
            3 => Math.Pow(10, random.Next(-20, 20)) - Pick(0, 0.5, 0.05),
            4 => random.Next(1, 100_000) / (double)Pick(2, 8, 64, 1024),
            5 => random.NextInt64(-(1L << 60), 1L << 60),
            _ => Pick(Landmarks),
        };
        if (double.IsNaN(value)) return "(0/0)";
        if (double.IsInfinity(value)) return value > 0 ? "(1/0)" : "(-1/0)";
        return value.ToString("R", CultureInfo.InvariantCulture);
    }

    private string Small() => Pick("0", "1", "2", "3", "-1", "-2", "5", "1.5", "10", "-20", "31", "32");

    private string PatternText()
    {
        var text = new StringBuilder(random.Next(10) == 0 ? "^" : "");
        for (int i = random.Next(7); i > 0; i--)
        {
            if (random.Next(6) == 0) text.Append('(').Append(PatternItem()).Append(Pick("", "*", "+", "-", "?")).Append(')');
            text.Append(PatternItem());
            if (random.Next(5) < 2) text.Append(Pick("*", "+", "-", "?"));
        }
        if (random.Next(10) == 0) text.Append('$');
        return text.ToString();
    }

    private string PatternItem() => random.Next(12) switch
    {
        < 3 => Pick("a", "b", "c", "A", "1", " ", "."),
        < 6 => "%" + Pick("a", "c", "d", "l", "p", "s", "u", "w", "x", "z", "A", "D", "S", "W", "Z", ".", "%", "(", "[", "b", "-", "q", "1", "2"),
        < 8 => "[" + Pick("", "^") + Repeat(random.Next(4), "a", "b-d", "%w", "%d", "-", "]", "^", "%]", "a-", "%a-z", "\0", ".", "%") + Pick("]", "]", "]", ""),
        8 => Pick("(", ")", "()"),
        9 => "%b" + Pick("()", "ab", "aa", "", ")"),
        10 => "%f" + Pick("[%w]", "[^a]", "[a", "", "[%z]"),
        _ => Pick("^", "$", "\0"),
    };

    private string Text(string letters, int lengthMax)
    {
        var text = new StringBuilder();
        for (int i = random.Next(lengthMax); i > 0; i--) text.Append(letters[random.Next(letters.Length)]);
        return Literal(text.ToString());
    }

    private static string Literal(string bytes)
    {
        var text = new StringBuilder("'");
        foreach (char c in bytes)
        {
            if (char.IsAsciiLetterOrDigit(c)) text.Append(c);
            else text.Append('\\').Append(((int)c).ToString("000", CultureInfo.InvariantCulture));
        }
        return text.Append('\'').ToString();
    }

    private T Pick<T>(params T[] choices) => choices[random.Next(choices.Length)];

    private string Repeat(int count, params string[] choices) => string.Concat(Enumerable.Range(0, count).Select(_ => Pick(choices)));
}
