namespace Galley.Store.Scripting.Lua.Libraries;

internal ref partial struct PatternMatcher
{
    // Behind the single item (a character, a class, a set) that begins at p.
    private readonly int ItemEnd(int p)
    {
        byte first = _pattern[p++];
        if (first == Escape)
        {
            if (p == _pattern.Length) throw new RefusalException("malformed pattern (ends with '%')");
            return p + 1;
        }
        if (first != '[') return p;
        if (At(p) == '^') p++;
        do
        {
            // The first character of a set is never its end: []] has a bracket.
            if (p >= _pattern.Length) throw new RefusalException("malformed pattern (missing ']')");
            if (_pattern[p++] == Escape && p < _pattern.Length) p++;
        }
        while (At(p) != ']');
        return p + 1;
    }

    private readonly bool IsItem(byte c, int p, int itemEnd) => _pattern[p] switch
    {
        (byte)'.' => true,
        Escape => CharacterClass.Has(_pattern[p + 1], c),
        (byte)'[' => IsInSet(c, p, itemEnd - 1),
        byte own => own == c,
    };

    // p is at the opening bracket, setEnd at the closing one.
    private readonly bool IsInSet(byte c, int p, int setEnd)
    {
        bool isIn = true;
        if (_pattern[p + 1] == '^')
        {
            isIn = false;
            p++;
        }
        while (++p < setEnd)
        {
            if (_pattern[p] == Escape)
            {
                p++;
                if (CharacterClass.Has(_pattern[p], c)) return isIn;
            }
            else if (_pattern[p + 1] == '-' && p + 2 < setEnd)
            {
                p += 2;
                if (_pattern[p - 2] <= c && c <= _pattern[p]) return isIn;
            }
            else if (_pattern[p] == c)
            {
                return isIn;
            }
        }
        return !isIn;
    }
}
