using System.Text;

namespace Galley.Conformance.Scripting.Libraries;

internal sealed partial class RandomCalls
{
    private const int DepthMax = 4;

    internal string Json() => $"again(cjson.decode({Literal(Spoilt(Document(0), "{}[]:,\"\\ tfn0x-+eE.\0a"))}))";

    internal string MessagePack()
    {
        string bytes = Spoilt(string.Concat(Enumerable.Range(0, random.Next(4)).Select(_ => Packed(0))), "\0\u0001\u0081\u0091\u00a1\u00c0\u00c1\u00ca\u00d9\u00dc\u00df\u00ff");
        return random.Next(3) switch
        {
            0 => $"hexed(cmsgpack.pack({Number()}, {Number()}, {Text("ab\0", 40)}))",
            1 => $"again(select(2, cmsgpack.unpack_limit({Literal(bytes)}, {Small()}, {Pick("0", "1", "2", "-1", "9")})))",
            _ => $"again(cmsgpack.unpack({Literal(bytes)}))",
        };
    }

    internal string Struct()
    {
        string format = Literal(Repeat(random.Next(6), "b", "B", "h", "H", "l", "L", "T", "f", "d", "i", "I", "x", "s", "i3", "I5", "i8", "i9", "i16", "i33", "c0", "c3", "<", ">", "!", "!4", "!8", "!3", " ", "q"));
        return random.Next(3) switch
        {
            0 => $"struct.size({format})",
            1 => $"hexed(struct.pack({format}, {string.Join(", ", Enumerable.Range(0, 5).Select(_ => random.Next(4) == 0 ? "'abcd'" : Number()))}))",
            _ => $"struct.unpack({format}, {Text("\0\u0001\u0002\u00ff\u0080A", 60)}, {Pick("1", "1", "2", "5", "0", "-1", "100")})",
        };
    }

    private string Document(int depth)
    {
        int kind = random.Next(depth < DepthMax ? 10 : 6);
        if (kind >= 8) return "[" + string.Join(',', Enumerable.Range(0, random.Next(4)).Select(_ => Blank() + Document(depth + 1) + Blank())) + "]";
        if (kind >= 6) return "{" + string.Join(',', Enumerable.Range(0, random.Next(2)).Select(_ => Blank() + Quoted() + Blank() + ":" + Document(depth + 1))) + "}";
        return kind switch
        {
            0 or 1 => Quoted(),
            2 => Pick("true", "false", "null"),
            _ => Pick("0", "-1", "1.5", "-0", "1e5", "1E-3", "123456789", "0.1", "1e400", "1e-400", "2.5e-310", "01", "0x1F", "-inf", "Infinity", "+1", "-", ".5", "1.", "1e",
                "0x", "9007199254740993", "-123456789012345678901234", "3.14159265358979"),
        };
    }

    private string Quoted() => "\"" + Repeat(random.Next(6), "a", "b", "/", "\\/", "\\n", "\\\"", "\\\\", "\\u0041", "\\u00e9", "\\u20ac", "\\ud83d\\ude00", "\u007f", "\u00c3\u00a9",
        "\\u0000", "\\x", "\\u12", "\\ud83d", "\\ude00") + "\"";

    private string Blank() => Pick("", "", "", " ", "\n", "\t", "\r");

    private string Packed(int depth)
    {
        int count = random.Next(3);
        switch (random.Next(depth < DepthMax ? 8 : 6))
        {
            case 0: return (char)random.Next(128) + "";
            case 1: return (char)random.Next(0xE0, 0x100) + "";
            case 2: return Pick("\u00c0", "\u00c2", "\u00c3");
            case 3: return (char)(0xA0 + count) + new string('a', count);
            case 4:
                int size = random.Next(4);
                return (char)(Pick(0xCC, 0xD0) + size) + Bytes(1 << size);
            case 5: return random.Next(2) == 0 ? "\u00ca" + Bytes(4) : "\u00cb" + Bytes(8);
            case 6: return Pick((char)(0x90 + count) + "", "\u00dc\0" + (char)count, "\u00dd\0\0\0" + (char)count) + Many(count, depth);
            default: return Pick((char)(0x80 + count) + "", "\u00de\0" + (char)count) + Many(count * 2, depth);
        }
    }

    private string Many(int count, int depth) => string.Concat(Enumerable.Range(0, count).Select(_ => Packed(depth + 1)));

    private string Bytes(int count) => string.Concat(Enumerable.Range(0, count).Select(_ => (char)random.Next(0x100)));

    // Now and then a byte more, a byte less, a byte another.
    private string Spoilt(string text, string letters)
    {
        if (random.Next(2) == 0 || text.Length == 0) return text;
        var spoilt = new StringBuilder(text);
        int at = random.Next(text.Length);
        char letter = letters[random.Next(letters.Length)];
        switch (random.Next(3))
        {
            case 0: spoilt.Remove(at, 1); break;
            case 1: spoilt.Insert(at, letter); break;
            default: spoilt[at] = letter; break;
        }
        return spoilt.ToString();
    }
}
