using System.Globalization;
using System.Text;

namespace Galley.Conformance.Wire;

/// <summary>
/// A command as a person types it into redis-cli: words apart by spaces, "double quotes" with \n \r \t \b \a \xHH, 'single
/// quotes' taken literally. One addition of ours: <c>&lt;&lt;ab*1000&gt;&gt;</c> inside a word stands for ab a thousand times.
/// </summary>
public static class CommandLine
{
    public static byte[][] Split(string line)
    {
        var words = new List<byte[]>();
        int at = 0;
        while (true)
        {
            while (at < line.Length && line[at] == ' ') at++;
            if (at == line.Length) return [.. words];
            words.Add(Word(line, ref at));
        }
    }

    public static byte[] Encode(IReadOnlyList<byte[]> words)
    {
        var bytes = new MemoryStream();
        bytes.Write(Encoding.ASCII.GetBytes($"*{words.Count}\r\n"));
        foreach (byte[] word in words)
        {
            bytes.Write(Encoding.ASCII.GetBytes($"${word.Length}\r\n"));
            bytes.Write(word);
            bytes.Write("\r\n"u8);
        }
        return bytes.ToArray();
    }

    public static byte[] Encode(params string[] words) => Encode(Array.ConvertAll(words, Encoding.Latin1.GetBytes));

    public static string Quote(ReadOnlySpan<byte> bytes, int lengthMax = int.MaxValue)
    {
        var text = new StringBuilder("\"");
        foreach (byte b in bytes[..Math.Min(bytes.Length, lengthMax)])
        {
            text.Append(b switch
            {
                (byte)'"' => "\\\"",
                (byte)'\\' => "\\\\",
                (byte)'\r' => "\\r",
                (byte)'\n' => "\\n",
                >= 32 and < 127 => ((char)b).ToString(),
                _ => $"\\x{b:x2}",
            });
        }
        text.Append('"');
        if (bytes.Length > lengthMax) text.Append(CultureInfo.InvariantCulture, $"... ({bytes.Length} bytes)");
        return text.ToString();
    }

    private static byte[] Word(string line, ref int at)
    {
        var word = new MemoryStream();
        while (at < line.Length && line[at] != ' ')
        {
            if (line[at] == '"') DoubleQuoted(line, ref at, word);
            else if (line[at] == '\'') SingleQuoted(line, ref at, word);
            else if (line.AsSpan(at).StartsWith("<<")) Repeated(line, ref at, word);
            else word.WriteByte((byte)line[at++]);
        }
        return word.ToArray();
    }

    private static void SingleQuoted(string line, ref int at, MemoryStream word)
    {
        for (at++; line[at] != '\''; at++) word.WriteByte((byte)line[at]);
        at++;
    }

    private static void DoubleQuoted(string line, ref int at, MemoryStream word)
    {
        for (at++; line[at] != '"'; at++)
        {
            if (line.AsSpan(at).StartsWith("<<"))
            {
                Repeated(line, ref at, word);
                at--;
            }
            else if (line[at] != '\\') word.WriteByte((byte)line[at]);
            else word.WriteByte(Escaped(line, ref at));
        }
        at++;
    }

    private static byte Escaped(string line, ref int at)
    {
        char c = line[++at];
        if (c != 'x') return (byte)(c switch { 'n' => '\n', 'r' => '\r', 't' => '\t', 'b' => '\b', 'a' => '\a', _ => c });
        at += 2;
        return byte.Parse(line.AsSpan(at - 1, 2), NumberStyles.HexNumber, CultureInfo.InvariantCulture);
    }

    private static void Repeated(string line, ref int at, MemoryStream word)
    {
        int end = line.IndexOf(">>", at, StringComparison.Ordinal);
        int star = line.LastIndexOf('*', end);
        byte[] unit = Encoding.Latin1.GetBytes(line[(at + 2)..star]);
        int times = int.Parse(line.AsSpan(star + 1, end - star - 1), CultureInfo.InvariantCulture);
        for (int i = 0; i < times; i++) word.Write(unit);
        at = end + 2;
    }
}
