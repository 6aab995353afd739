namespace Galley.Store.Commands.Sorting;

/// <summary>What SORT and SORT_RO are asked: by what, in which direction, which part, and what of it.</summary>
internal struct SortQuery
{
    private const int FirstOption = 2;

    public SortQuery() { }

    /// <summary>By what elements are sorted, where that is not themselves.</summary>
    public SortPattern? By { get; private set; }

    /// <summary>BY has no star: the elements come as they lie.</summary>
    public bool IsUnsorted { get; private set; }

    /// <summary>As texts, and not as numbers.</summary>
    public bool IsAlphabetic { get; private set; }

    public bool IsDescending { get; private set; }

    /// <summary>What is told of each element, where that is not itself.</summary>
    public List<SortPattern> Gets { get; } = [];

    /// <summary>The argument that is the key to store in; 0 to reply.</summary>
    public int Destination { get; private set; }

    private long _offset = 0;
    private long _limit = -1;

    /// <summary>Reads everything behind the key, or replies with an error.</summary>
    public static bool TryRead(Execution x, bool takesStore, out SortQuery query)
    {
        query = new SortQuery();
        for (int i = FirstOption; i < x.Args.Count; i++)
            if (!query.TryReadOption(x, takesStore, ref i)) return false;
        return true;
    }

    /// <summary>
    /// The members of a set come in an order that is nobody's: stored, they are sorted as texts, so that every server that
    /// repeats the command has the same list.
    /// </summary>
    public void SortAsTexts()
    {
        IsUnsorted = false;
        IsAlphabetic = true;
        By = null;
    }

    /// <summary>Which of so many elements are asked for: the first, and how many.</summary>
    public readonly (int First, int Count) Part(int total)
    {
        long first = Math.Min(Math.Max(_offset, 0), total);
        long count = _limit < 0 ? total : _limit;
        return ((int)first, (int)Math.Min(count, total - first));
    }

    private bool TryReadOption(Execution x, bool takesStore, ref int i)
    {
        int left = x.Args.Count - i - 1;
        if (x.Is(i, "ASC"u8)) IsDescending = false;
        else if (x.Is(i, "DESC"u8)) IsDescending = true;
        else if (x.Is(i, "ALPHA"u8)) IsAlphabetic = true;
        else if (left >= 2 && x.Is(i, "LIMIT"u8)) return x.TryInteger(++i, out _offset) && x.TryInteger(++i, out _limit);
        else if (takesStore && left >= 1 && x.Is(i, "STORE"u8)) Destination = ++i;
        else if (left >= 1 && x.Is(i, "BY"u8)) SetBy(SortPattern.Read(x, ++i));
        else if (left >= 1 && x.Is(i, "GET"u8)) Gets.Add(SortPattern.Read(x, ++i));
        else
        {
            x.Reply.Error(Errors.Syntax);
            return false;
        }
        return true;
    }

    private void SetBy(SortPattern pattern)
    {
        // As in redis-server a constant that was given once holds, whatever BY comes after it.
        IsUnsorted |= pattern.Star < 0;
        By = pattern;
    }
}
