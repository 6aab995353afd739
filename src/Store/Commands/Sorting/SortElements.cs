using Galley.Resp.Protocol;
using Galley.Store.Keyspace;
using Galley.Store.Keyspace.Values;
using Galley.Store.Types;

namespace Galley.Store.Commands.Sorting;

/// <summary>An element that is sorted.</summary>
internal struct SortElement
{
    public TextRef Text;

    /// <summary>The text that it is sorted by; none where BY leads to nothing.</summary>
    public TextRef Weight;

    /// <summary>The number that it is sorted by.</summary>
    public double Score;

    /// <summary>Where it was before.</summary>
    public int Order;
}

/// <summary>
/// The elements of a list, set or sorted set, copied out of it, put in order, and the part of them that is asked for. What
/// BY and GET look up may have expired, and goes then, so nothing here points into the keyspace.
/// </summary>
internal sealed class SortElements : IDisposable
{
    private readonly TextStore _texts = new();
    private SortElement[] _elements = [];
    private int _count;
    private byte[] _name = [];

    /// <summary>Members of a set that lie in no order come after each other as texts, where nothing else tells them apart.</summary>
    private bool _isOrdered = true;

    /// <summary>How many there are; once they are sorted, how many were asked for.</summary>
    public int Count => _count;

    /// <summary>Loads all elements, or, where they are not sorted and lie in an order, those that are asked for.</summary>
    public void Load(in Key key, in SortQuery query)
    {
        switch (key.Type)
        {
            case KeyType.List:
                LoadList(in key, in query);
                break;
            case KeyType.SortedSet:
                LoadSortedSet(in key, in query);
                break;
            default:
                _elements = new SortElement[SetValue.Count(in key)];
                _isOrdered = SetValue.IsOrdered(in key);
                var adding = new Adding(this);
                SetValue.Each(in key, ref adding);
                if (query.IsUnsorted) Limit(in query);
                break;
        }
    }

    /// <summary>Puts them in order, and keeps the part that is asked for; false where one has no number to be sorted by.</summary>
    public bool TrySort(Execution x, in SortQuery query)
    {
        if (!TryWeigh(x, in query)) return false;
        SortOrder order = query.IsAlphabetic
            ? new SortOrder(_texts, query.By is null ? SortCriterion.Text : SortCriterion.Weight, query.IsDescending, _isOrdered, isCollated: query.Destination == 0)
            : new SortOrder(_texts, SortCriterion.Score, query.IsDescending, _isOrdered, isCollated: false);
        (int first, int count) = query.Part(_count);
        PartialSort.Sort(_elements.AsSpan(0, _count), first, count, order);
        Limit(in query);
        return true;
    }

    /// <summary>Replies with one of them.</summary>
    public void Send(Execution x, int index) => x.Reply.Bulk(_texts[_elements[index].Text]);

    /// <summary>Replies with what a pattern leads to from one of them, or with null.</summary>
    public void Send(Execution x, int index, SortPattern get)
    {
        ReadOnlySpan<byte> element = _texts[_elements[index].Text];
        if (get.IsElement(x))
        {
            x.Reply.Bulk(element);
            return;
        }
        Key key = get.Open(x, element, ref _name);
        if (!get.TryGet(x, in key, out ListPackElement value)) x.Reply.Null();
        else if (get.Field > 0) value.SendTo(x.Reply);
        else key.SendString(x.Reply);
    }

    /// <summary>
    /// What is to be stored: the elements, or what the patterns lead to from each, an empty text where that is nothing. All
    /// of it is looked up before the destination is written, which may be one of the keys.
    /// </summary>
    public TextRef[] Results(Execution x, List<SortPattern> gets)
    {
        var results = new TextRef[(long)_count * Math.Max(1, gets.Count)];
        int next = 0;
        for (int i = 0; i < _count; i++)
        {
            if (gets.Count == 0) results[next++] = _elements[i].Text;
            foreach (SortPattern get in gets) results[next++] = Result(x, _elements[i].Text, get);
        }
        return results;
    }

    /// <summary>One of what is to be stored.</summary>
    public ReadOnlySpan<byte> TextOf(TextRef result) => _texts[result];

    public void Dispose() => _texts.Dispose();

    private TextRef Result(Execution x, TextRef element, SortPattern get)
    {
        if (get.IsElement(x)) return element;
        Span<byte> digits = stackalloc byte[Numbers.IntegerBytesMax];
        Key key = get.Open(x, _texts[element], ref _name);
        return _texts.Add(get.TryGet(x, in key, out ListPackElement value) ? value.TextIn(digits) : default);
    }

    private void LoadList(in Key key, in SortQuery query)
    {
        long total = ListValue.Count(in key);
        (int first, int count) = query.IsUnsorted ? query.Part((int)total) : (0, (int)total);
        _elements = new SortElement[count];
        if (count == 0) return;
        bool isBackward = query.IsUnsorted && query.IsDescending;
        ListWalk walk = ListValue.Walk(in key, isBackward ? total - 1 - first : first, isBackward);
        while (_count < count && walk.TryNext(out ListPackElement element)) Add(element);
    }

    private void LoadSortedSet(in Key key, in SortQuery query)
    {
        long total = SortedSetValue.Count(in key);
        (int first, int count) = query.IsUnsorted ? query.Part((int)total) : (0, (int)total);
        _elements = new SortElement[count];
        if (count == 0) return;
        bool isBackward = query.IsUnsorted && query.IsDescending;
        SortedWalk walk = SortedSetValue.Walk(in key, isBackward ? total - 1 - first : first, isBackward);
        while (_count < count && walk.TryNext(out ListPackElement member, out _)) Add(member);
    }

    private void Add(ListPackElement element)
    {
        Span<byte> digits = stackalloc byte[Numbers.IntegerBytesMax];
        ref SortElement added = ref _elements[_count];
        added.Text = _texts.Add(element.TextIn(digits));
        added.Order = _count++;
    }

    private void Limit(in SortQuery query)
    {
        (int first, int count) = query.Part(_count);
        _elements.AsSpan(first, count).CopyTo(_elements);
        _count = count;
    }

    /// <summary>Looks up what each is sorted by.</summary>
    private bool TryWeigh(Execution x, in SortQuery query)
    {
        if (query.IsAlphabetic && query.By is null) return true;
        bool areNumbers = true;
        for (int i = 0; i < _count; i++) areNumbers &= TryWeigh(x, in query, ref _elements[i]);
        return areNumbers;
    }

    /// <summary>What BY leads nowhere for is sorted by 0, or before all texts.</summary>
    private bool TryWeigh(Execution x, in SortQuery query, ref SortElement element)
    {
        if (query.By is not { } by) return TryScore(_texts[element.Text], out element.Score);
        Key key = by.Open(x, _texts[element.Text], ref _name);
        if (!by.TryGet(x, in key, out ListPackElement value)) return true;
        Span<byte> digits = stackalloc byte[Numbers.IntegerBytesMax];
        ReadOnlySpan<byte> weight = value.TextIn(digits);
        if (!query.IsAlphabetic) return TryScore(weight, out element.Score);
        element.Weight = _texts.Add(weight);
        return true;
    }

    /// <summary>
    /// A number as redis-server reads it here: a string of C, with spaces before it, or nothing for 0; but none that
    /// overflows, or comes so near to 0 that it loses digits.
    /// </summary>
    private static bool TryScore(ReadOnlySpan<byte> text, out double score)
    {
        int end = text.IndexOf((byte)0);
        if (end >= 0) text = text[..end];
        score = 0;
        if (text.IsEmpty) return true;
        return Numbers.TryParseDouble(text.TrimStart(" \t\n\v\f\r"u8), out score) && !double.IsSubnormal(score);
    }

    private readonly struct Adding(SortElements elements) : IMemberVisitor
    {
        public void Visit(ListPackElement member) => elements.Add(member);
    }
}
