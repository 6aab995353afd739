using System.Globalization;
using System.Text;

namespace Galley.Store.Configuration;

/// <summary>
/// Cuts a line of redis.conf into words by redis-server's rules: blanks part them; <c>"double quotes"</c> know
/// <c>\n \r \t \b \a \xHH</c> and any escaped character; <c>'single quotes'</c> know only <c>\'</c>; a closing quote ends
/// its word.
/// </summary>
public static class WordSplitter
{
    /// <summary>The words, or null where a quote is not closed or something follows a closing one.</summary>
    public static List<string>? Split(string line)
    {
        var words = new List<string>();
        int at = 0;
        while (true)
        {
            while (at < line.Length && IsBlank(line[at])) at++;
            if (at == line.Length) return words;
            if (!TryWord(line, ref at, out string word)) return null;
            words.Add(word);
        }
    }

    /// <summary>A word as <see cref="Split"/> reads it back.</summary>
    public static string Quote(string word)
    {
        var quoted = new StringBuilder("\"");
        foreach (char letter in word)
        {
            quoted.Append(letter switch
            {
                '"' or '\\' => $"\\{letter}",
                '\n' => "\\n",
                '\r' => "\\r",
                '\t' => "\\t",
                < ' ' => $"\\x{(int)letter:x2}",
                _ => letter.ToString(),
            });
        }
        return quoted.Append('"').ToString();
    }

    private static bool TryWord(string line, ref int at, out string word)
    {
        var letters = new StringBuilder();
        word = "";
        while (at < line.Length && !IsBlank(line[at]))
        {
            char letter = line[at++];
            if (letter is '"' or '\'')
            {
                if (!TryQuoted(line, letter, ref at, letters)) return false;
                if (at < line.Length && !IsBlank(line[at])) return false;
                break;
            }
            letters.Append(letter);
        }
        word = letters.ToString();
        return true;
    }

    private static bool TryQuoted(string line, char quote, ref int at, StringBuilder letters)
    {
        while (at < line.Length)
        {
            char letter = line[at++];
            if (letter == quote) return true;
            if (letter != '\\' || at == line.Length) letters.Append(letter);
            else if (quote == '"') letters.Append(Escaped(line, ref at));
            else if (line[at] == '\'') letters.Append(line[at++]);
            else letters.Append(letter);
        }
        return false;
    }

    private static char Escaped(string line, ref int at)
    {
        char letter = line[at++];
        if (letter == 'x' && at + 2 <= line.Length
            && byte.TryParse(line.AsSpan(at, 2), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out byte code))
        {
            at += 2;
            return (char)code;
        }
        return letter switch { 'n' => '\n', 'r' => '\r', 't' => '\t', 'b' => '\b', 'a' => '\a', _ => letter };
    }

    private static bool IsBlank(char letter) => letter is ' ' or (>= '\t' and <= '\r') or '\0';
}
