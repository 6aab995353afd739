using System.Runtime.CompilerServices;

namespace Galley.Store.Scripting.Lua.Libraries;

/// <summary>
/// Matches a pattern of Lua 5.1 at places of a subject, by going back where a quantifier took too much. It allocates
/// nothing, counts its steps against the script's budget, and refuses a pattern that would nest too deep.
/// </summary>
internal ref partial struct PatternMatcher
{
    /// <summary>What <see cref="Match"/> gives where nothing matches.</summary>
    internal const int NoMatch = -1;

    // Each quantifier and each capture nests once. redis-server goes as deep as its C stack is, some 200,000; patterns
    // that people write stay below a hundred.
    private const int DepthMax = 2_000;
    private const int DepthBetweenStackChecks = 16;
    private const int StepsBetweenTicks = 1_024;

    private const byte Escape = (byte)'%';

    private readonly LuaState _state;
    private readonly ReadOnlySpan<byte> _subject;
    private readonly ReadOnlySpan<byte> _pattern;
    private CaptureSpans _captures;
    private int _steps;
    private int _depth;

    /// <summary>A matcher; the pattern ends at its first NUL, as it does for redis-server.</summary>
    internal PatternMatcher(LuaState state, ReadOnlySpan<byte> subject, ReadOnlySpan<byte> pattern)
    {
        _state = state;
        _subject = subject;
        _pattern = UpToNul(pattern);
    }

    /// <summary>How many captures the last match opened.</summary>
    internal int CaptureCount { get; private set; }

    /// <summary>A pattern up to its first NUL.</summary>
    internal static ReadOnlySpan<byte> UpToNul(ReadOnlySpan<byte> pattern)
    {
        int end = pattern.IndexOf((byte)0);
        return end < 0 ? pattern : pattern[..end];
    }

    /// <summary>Where a match that begins at a place of the subject ends, or <see cref="NoMatch"/>.</summary>
    internal int MatchAt(int start, int patternStart)
    {
        CaptureCount = 0;
        _depth = 0;
        return Match(start, patternStart);
    }

    private int Match(int s, int p)
    {
        Descend();
        int end = MatchItems(s, p);
        _depth--;
        return end;
    }

    private int MatchItems(int s, int p)
    {
        while (true)
        {
            Step();
            if (p == _pattern.Length) return s;
            switch (_pattern[p])
            {
                case (byte)'(':
                    return At(p + 1) == ')' ? Open(s, p + 2, CaptureSpan.Position) : Open(s, p + 1, CaptureSpan.Unfinished);
                case (byte)')':
                    return Close(s, p + 1);
                case (byte)'$' when p + 1 == _pattern.Length:
                    return s == _subject.Length ? s : NoMatch;
                case Escape when At(p + 1) == 'b':
                    s = Balance(s, p + 2);
                    if (s == NoMatch) return NoMatch;
                    p += 4;
                    continue;
                case Escape when At(p + 1) == 'f':
                    p += 2;
                    if (At(p) != '[') throw new RefusalException("missing '[' after '%f' in pattern");
                    int setEnd = ItemEnd(p);
                    if (IsInSet(s == 0 ? (byte)0 : _subject[s - 1], p, setEnd - 1) || !IsInSet(s < _subject.Length ? _subject[s] : (byte)0, p, setEnd - 1))
                        return NoMatch;
                    p = setEnd;
                    continue;
                case Escape when char.IsAsciiDigit((char)At(p + 1)):
                    s = Repeat(s, At(p + 1));
                    if (s == NoMatch) return NoMatch;
                    p += 2;
                    continue;
                default:
                    break;
            }

            int itemEnd = ItemEnd(p);
            bool matches = s < _subject.Length && IsItem(_subject[s], p, itemEnd);
            switch (At(itemEnd))
            {
                case (byte)'?':
                    if (matches && Match(s + 1, itemEnd + 1) is var end and not NoMatch) return end;
                    p = itemEnd + 1;
                    continue;
                case (byte)'*':
                    return Most(s, p, itemEnd);
                case (byte)'+':
                    return matches ? Most(s + 1, p, itemEnd) : NoMatch;
                case (byte)'-':
                    return Least(s, p, itemEnd);
                default:
                    if (!matches) return NoMatch;
                    s++;
                    p = itemEnd;
                    continue;
            }
        }
    }

    // As many as there are, then fewer and fewer.
    private int Most(int s, int p, int itemEnd)
    {
        int count = 0;
        while (s + count < _subject.Length && IsItem(_subject[s + count], p, itemEnd))
        {
            count++;
            Step();
        }
        for (; count >= 0; count--)
        {
            int end = Match(s + count, itemEnd + 1);
            if (end != NoMatch) return end;
        }
        return NoMatch;
    }

    // None, then more and more.
    private int Least(int s, int p, int itemEnd)
    {
        while (true)
        {
            int end = Match(s, itemEnd + 1);
            if (end != NoMatch) return end;
            if (s >= _subject.Length || !IsItem(_subject[s], p, itemEnd)) return NoMatch;
            s++;
        }
    }

    // %bxy: from an x to the y that balances it.
    private int Balance(int s, int p)
    {
        if (p + 1 >= _pattern.Length) throw new RefusalException("unbalanced pattern");
        byte opening = _pattern[p];
        byte closing = _pattern[p + 1];
        if (s >= _subject.Length || _subject[s] != opening) return NoMatch;
        int open = 1;
        for (int i = s + 1; i < _subject.Length; i++)
        {
            Step();
            byte c = _subject[i];
            if (c == closing)
            {
                if (--open == 0) return i + 1;
            }
            else if (c == opening)
            {
                open++;
            }
        }
        return NoMatch;
    }

    // The byte of the pattern, or NUL behind its end: a pattern holds no NUL of its own.
    private readonly byte At(int p) => p < _pattern.Length ? _pattern[p] : (byte)0;

    private void Step()
    {
        if (++_steps < StepsBetweenTicks) return;
        _steps = 0;
        _state.Tick(StepsBetweenTicks);
    }

    private void Descend()
    {
        _depth++;
        if (_depth > DepthMax || (_depth % DepthBetweenStackChecks == 0 && !RuntimeHelpers.TryEnsureSufficientExecutionStack()))
            throw new RefusalException("pattern too complex");
    }
}
