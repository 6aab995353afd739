namespace Galley.Resp.Protocol;

/// <summary>
/// Splits a line that a person typed into arguments, by the rules of redis-server:
/// <code>
///   plain words            split at spaces, tabs, CR, LF
///   "with \n and \x41"     escapes \n \r \t \b \a \xHH; a backslash before anything else stands for that
///   'with \' only'         no other escape
///   a"b c"                 a quote may open inside a word, but must close its argument
/// </code>
/// An argument is never longer than its spelling, so that it is unescaped in place.
/// </summary>
internal static class InlineCommand
{
    /// <summary>False if a quote is left open, or something follows a closing quote.</summary>
    public static bool TrySplit(byte[] buffer, int start, int end, ref ArgumentSlice[] slices, out int count)
    {
        count = 0;
        int at = start;
        while (true)
        {
            while (at < end && IsSpace(buffer[at])) at++;
            if (at == end) return true;
            int first = at;
            if (!TryReadWord(buffer.AsSpan(0, end), ref at, out int length)) return false;
            if (count == slices.Length) Array.Resize(ref slices, Math.Max(8, count * 2));
            slices[count++] = new ArgumentSlice(first, length);
        }
    }

    /// <summary>Reads a word up to a separator, a closing quote or the end, and leaves its bytes where it began.</summary>
    private static bool TryReadWord(Span<byte> line, ref int at, out int length)
    {
        int to = at;
        int first = at;
        length = 0;
        while (at < line.Length && line[at] is not ((byte)' ' or (byte)'\t' or (byte)'\r' or (byte)'\n'))
        {
            byte c = line[at++];
            if (c is not ((byte)'"' or (byte)'\''))
            {
                line[to++] = c;
                continue;
            }
            if (!TryReadQuoted(line, c, ref at, ref to)) return false;
            break;
        }
        length = to - first;
        return true;
    }

    private static bool TryReadQuoted(Span<byte> line, byte quote, ref int at, ref int to)
    {
        while (at < line.Length)
        {
            byte c = line[at++];
            if (c == quote) return at == line.Length || IsSpace(line[at]);
            if (c == '\\' && at < line.Length)
            {
                if (quote == '"') c = Unescape(line, ref at);
                else if (line[at] == '\'') c = line[at++];
            }
            line[to++] = c;
        }
        return false;
    }

    /// <summary>The byte that an escape stands for; <paramref name="at"/> is past the backslash.</summary>
    private static byte Unescape(ReadOnlySpan<byte> line, ref int at)
    {
        byte c = line[at++];
        if (c == 'x' && at + 1 < line.Length && char.IsAsciiHexDigit((char)line[at]) && char.IsAsciiHexDigit((char)line[at + 1]))
        {
            uint high = FloatText.HexValue(line[at]);
            uint low = FloatText.HexValue(line[at + 1]);
            at += 2;
            return (byte)(high << 4 | low);
        }
        return c switch
        {
            (byte)'n' => (byte)'\n',
            (byte)'r' => (byte)'\r',
            (byte)'t' => (byte)'\t',
            (byte)'b' => (byte)'\b',
            (byte)'a' => (byte)'\a',
            _ => c,
        };
    }

    private static bool IsSpace(byte c) => c is (byte)' ' or (>= 9 and <= 13);
}
