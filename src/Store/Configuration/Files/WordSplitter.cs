using System.Buffers;
using System.Globalization;
using System.Text;

namespace Galley.Store.Configuration;

/// <summary>
/// Cuts a line of redis.conf into words by redis-server's rules: blanks part them; <c>"double quotes"</c> know
/// <c>\n \r \t \b \a \xHH</c> and any escaped character; <c>'single quotes'</c> know only <c>\'</c>; a closing quote ends
/// its word. A line is bytes here: <c>\xHH</c> is one of them, whatever letter it is a part of.
/// </summary>
public static class WordSplitter
{
    /// <summary>The words, or null where a quote is not closed or something follows a closing one.</summary>
    public static List<string>? Split(string line)
    {
        var words = new List<string>();
        byte[] bytes = TextBytes.Encode(line);
        int at = 0;
        while (true)
        {
            while (at < bytes.Length && IsBlank(bytes[at])) at++;
            if (at == bytes.Length) return words;
            if (!TryWord(bytes, ref at, out string word)) return null;
            words.Add(word);
        }
    }

    /// <summary>A word as <see cref="Split"/> reads it back, in ASCII alone.</summary>
    public static string Quote(string word)
    {
        var quoted = new StringBuilder("\"");
        foreach (byte letter in TextBytes.Encode(word))
        {
            quoted.Append(letter switch
            {
                (byte)'"' or (byte)'\\' => $"\\{(char)letter}",
                (byte)'\n' => "\\n",
                (byte)'\r' => "\\r",
                (byte)'\t' => "\\t",
                (byte)'\a' => "\\a",
                (byte)'\b' => "\\b",
                < (byte)' ' or > (byte)'~' => $"\\x{letter:x2}",
                _ => ((char)letter).ToString(),
            });
        }
        return quoted.Append('"').ToString();
    }

    private static bool TryWord(ReadOnlySpan<byte> line, ref int at, out string word)
    {
        var letters = new ArrayBufferWriter<byte>();
        word = "";
        while (at < line.Length && !IsBlank(line[at]))
        {
            byte letter = line[at++];
            if (letter is (byte)'"' or (byte)'\'')
            {
                if (!TryQuoted(line, letter, ref at, letters)) return false;
                if (at < line.Length && !IsBlank(line[at])) return false;
                break;
            }
            letters.Write([letter]);
        }
        word = TextBytes.Decode(letters.WrittenSpan);
        return true;
    }

    private static bool TryQuoted(ReadOnlySpan<byte> line, byte quote, ref int at, ArrayBufferWriter<byte> letters)
    {
        while (at < line.Length)
        {
            byte letter = line[at++];
            if (letter == quote) return true;
            if (letter != '\\' || at == line.Length) letters.Write([letter]);
            else if (quote == '"') letters.Write([Escaped(line, ref at)]);
            else if (line[at] == '\'') letters.Write([line[at++]]);
            else letters.Write([letter]);
        }
        return false;
    }

    private static byte Escaped(ReadOnlySpan<byte> line, ref int at)
    {
        byte letter = line[at++];
        if (letter == 'x' && at + 2 <= line.Length
            && byte.TryParse(line.Slice(at, 2), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out byte code))
        {
            at += 2;
            return code;
        }
        return letter switch
        {
            (byte)'n' => (byte)'\n',
            (byte)'r' => (byte)'\r',
            (byte)'t' => (byte)'\t',
            (byte)'b' => (byte)'\b',
            (byte)'a' => (byte)'\a',
            _ => letter,
        };
    }

    private static bool IsBlank(byte letter) => letter is (byte)' ' or (>= (byte)'\t' and <= (byte)'\r') or 0;
}
