namespace Galley.Store.Configuration;

/// <summary>Redis's glob patterns over the names of parameters, in any case: <c>*</c>, <c>?</c>, <c>[a-z]</c>, <c>\</c>.</summary>
internal static class NamePattern
{
    /// <summary>redis-server takes a pattern without these for a plain name.</summary>
    public static bool IsPlain(string pattern) => pattern.AsSpan().IndexOfAny('[', '*', '?') < 0;

    public static bool Matches(ReadOnlySpan<char> pattern, ReadOnlySpan<char> name)
    {
        // The last star that was passed, and the part of the name it has to swallow next.
        ReadOnlySpan<char> starPattern = default;
        ReadOnlySpan<char> starName = default;
        bool hasStar = false;
        while (true)
        {
            if (!pattern.IsEmpty && pattern[0] == '*')
            {
                pattern = pattern[1..];
                starPattern = pattern;
                starName = name;
                hasStar = true;
                continue;
            }
            if (name.IsEmpty && pattern.IsEmpty) return true;
            if (!name.IsEmpty && MatchesOne(ref pattern, name[0]))
            {
                name = name[1..];
                continue;
            }
            if (!hasStar || starName.IsEmpty) return false;
            starName = starName[1..];
            pattern = starPattern;
            name = starName;
        }
    }

    /// <summary>Takes one element off the pattern, whether or not the letter matches it.</summary>
    private static bool MatchesOne(ref ReadOnlySpan<char> pattern, char letter)
    {
        if (pattern.IsEmpty) return false;
        if (pattern[0] == '[') return MatchesSet(ref pattern, letter);
        if (pattern[0] == '\\' && pattern.Length > 1) pattern = pattern[1..];
        else if (pattern[0] == '?')
        {
            pattern = pattern[1..];
            return true;
        }
        bool isSame = char.ToLowerInvariant(pattern[0]) == char.ToLowerInvariant(letter);
        pattern = pattern[1..];
        return isSame;
    }

    private static bool MatchesSet(ref ReadOnlySpan<char> pattern, char letter)
    {
        letter = char.ToLowerInvariant(letter);
        pattern = pattern[1..];
        bool isNegated = !pattern.IsEmpty && pattern[0] == '^';
        if (isNegated) pattern = pattern[1..];
        bool isIn = false;
        while (!pattern.IsEmpty && pattern[0] != ']')
        {
            if (pattern[0] == '\\' && pattern.Length > 1) pattern = pattern[1..];
            char low = char.ToLowerInvariant(pattern[0]);
            char high = low;
            if (pattern.Length > 2 && pattern[1] == '-')
            {
                high = char.ToLowerInvariant(pattern[2]);
                pattern = pattern[2..];
            }
            isIn |= letter >= Min(low, high) && letter <= Max(low, high);
            pattern = pattern[1..];
        }
        if (!pattern.IsEmpty) pattern = pattern[1..];
        return isIn != isNegated;

        static char Min(char a, char b) => a < b ? a : b;
        static char Max(char a, char b) => a < b ? b : a;
    }
}
