namespace Galley.Store.Commands.Sorting;

/// <summary>By what elements are sorted.</summary>
internal enum SortCriterion : byte
{
    Score,

    /// <summary>The text of the element.</summary>
    Text,

    /// <summary>The text that BY led to.</summary>
    Weight,
}

/// <summary>
/// The order of SORT. Elements with the same score are sorted by their texts, and what is still equal stays as it was.
/// </summary>
/// <param name="isOrdered">They came in an order; where they did not, their texts stand in for it.</param>
/// <param name="isCollated">Texts are compared as strings of C, which end at a NUL, as in redis-server where nothing is stored.</param>
internal sealed class SortOrder(TextStore texts, SortCriterion criterion, bool isDescending, bool isOrdered, bool isCollated) : IComparer<SortElement>
{
    public int Compare(SortElement x, SortElement y)
    {
        int order = criterion switch
        {
            SortCriterion.Score => CompareScores(x, y),
            SortCriterion.Weight => CompareWeights(x, y),
            _ => CompareTexts(texts[x.Text], texts[y.Text]),
        };
        if (order != 0) return isDescending ? -order : order;
        order = isOrdered ? 0 : texts[x.Text].SequenceCompareTo(texts[y.Text]);
        return order != 0 ? order : x.Order.CompareTo(y.Order);
    }

    private int CompareScores(in SortElement x, in SortElement y)
    {
        if (x.Score < y.Score) return -1;
        return x.Score > y.Score ? 1 : texts[x.Text].SequenceCompareTo(texts[y.Text]);
    }

    private int CompareWeights(in SortElement x, in SortElement y)
    {
        if (x.Weight.IsNone || y.Weight.IsNone) return y.Weight.IsNone.CompareTo(x.Weight.IsNone);
        return CompareTexts(texts[x.Weight], texts[y.Weight]);
    }

    private int CompareTexts(ReadOnlySpan<byte> x, ReadOnlySpan<byte> y) =>
        isCollated ? Collated(x).SequenceCompareTo(Collated(y)) : x.SequenceCompareTo(y);

    private static ReadOnlySpan<byte> Collated(ReadOnlySpan<byte> text)
    {
        int end = text.IndexOf((byte)0);
        return end < 0 ? text : text[..end];
    }
}
