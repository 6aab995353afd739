using System.Globalization;
using System.Text;

namespace Galley.Store.Persistence.Aof;

/// <summary>
/// Words as redis.conf and the manifest quote them: bare, or in double quotes with \n \r \t \a \b \" \\ and \xHH, or in
/// single quotes with \'. Bytes that are not printable ASCII are always written as \xHH.
/// </summary>
internal static class QuotedWord
{
    public static string Write(string word)
    {
        byte[] bytes = Encoding.UTF8.GetBytes(word);
        bool isPlain = !bytes.AsSpan().ContainsAnyExceptInRange((byte)'!', (byte)'~')
            && bytes.AsSpan().IndexOfAny("\"\\'"u8) < 0;
        return isPlain ? word : Quote(bytes);
    }

    private static string Quote(ReadOnlySpan<byte> bytes)
    {
        var text = new StringBuilder("\"");
        foreach (byte b in bytes)
        {
            _ = b switch
            {
                (byte)'"' or (byte)'\\' => text.Append('\\').Append((char)b),
                (byte)'\n' => text.Append("\\n"),
                (byte)'\r' => text.Append("\\r"),
                (byte)'\t' => text.Append("\\t"),
                (byte)'\a' => text.Append("\\a"),
                (byte)'\b' => text.Append("\\b"),
                >= 32 and <= 126 => text.Append((char)b),
                _ => text.Append(CultureInfo.InvariantCulture, $"\\x{b:x2}"),
            };
        }
        return text.Append('"').ToString();
    }

    /// <summary>The words of a line, or null where a quote is not closed or is followed by more than a blank.</summary>
    public static List<string>? Split(ReadOnlySpan<byte> line)
    {
        var words = new List<string>();
        var word = new List<byte>();
        while (true)
        {
            line = line.TrimStart(" \t\r"u8);
            if (line.IsEmpty) return words;
            word.Clear();
            if (!TryReadWord(ref line, word)) return null;
            words.Add(Decode(word));
        }
    }

    private static bool TryReadWord(ref ReadOnlySpan<byte> line, List<byte> word)
    {
        while (!line.IsEmpty && !IsBlank(line[0]))
        {
            byte first = line[0];
            line = line[1..];
            if (first is (byte)'"' or (byte)'\'')
            {
                // A closing quote ends the word.
                return TryReadQuoted(ref line, word, first) && (line.IsEmpty || IsBlank(line[0]));
            }
            word.Add(first);
        }
        return true;
    }

    private static bool TryReadQuoted(ref ReadOnlySpan<byte> line, List<byte> word, byte quote)
    {
        while (!line.IsEmpty)
        {
            byte b = line[0];
            line = line[1..];
            if (b == quote) return true;
            if (b != '\\' || line.IsEmpty || (quote == '\'' && line[0] != '\''))
            {
                word.Add(b);
                continue;
            }
            word.Add(ReadEscape(ref line));
        }
        return false;
    }

    private static byte ReadEscape(ref ReadOnlySpan<byte> line)
    {
        byte b = line[0];
        const NumberStyles Hex = NumberStyles.AllowHexSpecifier;
        if (b == 'x' && line.Length >= 3
            && byte.TryParse(line.Slice(1, 2), Hex, CultureInfo.InvariantCulture, out byte value))
        {
            line = line[3..];
            return value;
        }
        line = line[1..];
        return b switch
        {
            (byte)'n' => (byte)'\n',
            (byte)'r' => (byte)'\r',
            (byte)'t' => (byte)'\t',
            (byte)'a' => (byte)'\a',
            (byte)'b' => (byte)'\b',
            _ => b,
        };
    }

    private static bool IsBlank(byte b) => b is (byte)' ' or (byte)'\t' or (byte)'\r';

    private static string Decode(List<byte> bytes)
    {
        var chars = new char[bytes.Count];
        int count = Encoding.UTF8.GetChars(bytes.ToArray(), chars);
        return new string(chars, 0, count);
    }
}
