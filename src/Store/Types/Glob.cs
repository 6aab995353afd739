namespace Galley.Store.Types;

/// <summary>
/// Redis's patterns: <c>*</c>, <c>?</c>, <c>[a-z]</c>, <c>[^x]</c> and <c>\</c> to take the next byte as it is.
/// <para>
/// Only the last star is ever tried again, which suffices because a later star can take over whatever an earlier one
/// could have matched. So the time is at most pattern times text, and <c>*a*a*a*b</c> is harmless.
/// </para>
/// </summary>
public static class Glob
{
    private const int NoStar = -1;

    /// <summary>Whether the pattern matches the whole text. As in Redis, the empty text matches the empty pattern alone.</summary>
    public static bool IsMatch(ReadOnlySpan<byte> pattern, ReadOnlySpan<byte> text)
    {
        if (text.IsEmpty) return pattern.IsEmpty;
        int p = 0, t = 0, star = NoStar, starText = 0;
        while (t < text.Length)
        {
            if (p < pattern.Length && pattern[p] == '*')
            {
                star = p++;
                starText = t;
            }
            else if (p < pattern.Length && TryMatchOne(pattern, ref p, text[t]))
            {
                t++;
            }
            else if (star != NoStar)
            {
                p = star + 1;
                t = ++starText;
            }
            else
            {
                return false;
            }
        }
        while (p < pattern.Length && pattern[p] == '*') p++;
        return p == pattern.Length;
    }

    /// <summary>Matches one byte against the element at <paramref name="p"/>, and moves past it if it does.</summary>
    private static bool TryMatchOne(ReadOnlySpan<byte> pattern, ref int p, byte value)
    {
        switch (pattern[p])
        {
            case (byte)'?':
                p++;
                return true;
            case (byte)'[':
                return TryMatchClass(pattern, ref p, value);
            case (byte)'\\' when p + 1 < pattern.Length:
                if (pattern[p + 1] != value) return false;
                p += 2;
                return true;
            default:
                if (pattern[p] != value) return false;
                p++;
                return true;
        }
    }

    private static bool TryMatchClass(ReadOnlySpan<byte> pattern, ref int p, byte value)
    {
        int at = p + 1;
        bool negated = at < pattern.Length && pattern[at] == '^';
        if (negated) at++;
        bool found = false;
        while (at < pattern.Length && pattern[at] != ']')
        {
            if (pattern[at] == '\\' && at + 1 < pattern.Length)
            {
                found |= pattern[at + 1] == value;
                at += 2;
            }
            else if (at + 2 < pattern.Length && pattern[at + 1] == '-')
            {
                byte low = Math.Min(pattern[at], pattern[at + 2]), high = Math.Max(pattern[at], pattern[at + 2]);
                found |= value >= low && value <= high;
                at += 3;
            }
            else
            {
                found |= pattern[at] == value;
                at++;
            }
        }
        if (found == negated) return false;
        p = Math.Min(at + 1, pattern.Length);
        return true;
    }
}
