namespace Galley.Store.Commands.Sorting;

/// <summary>
/// Sorts the part of the elements that is asked for. Where that is little, what comes before and after it is only put aside
/// (Hoare 1961, Find): of a million, ten cost 9 ns an element, and all 177 (SortBenchmark).
/// </summary>
internal static class PartialSort
{
    /// <summary>If more than one element in so many is asked for, to sort all is cheaper.</summary>
    private const int SelectedShare = 2;

    /// <summary>So few are sorted rather than divided further.</summary>
    private const int DividedMin = 32;

    /// <summary>Puts the elements from this one on, and so many, where they are when all are in order.</summary>
    public static void Sort(Span<SortElement> elements, int first, int count, SortOrder order)
    {
        if (count > elements.Length / SelectedShare)
        {
            elements.Sort(order);
            return;
        }
        Divide(elements, first, order);
        Span<SortElement> rest = elements[first..];
        Divide(rest, count, order);
        rest[..count].Sort(order);
    }

    /// <summary>Moves the elements so that none before the border comes after one behind it.</summary>
    private static void Divide(Span<SortElement> elements, int border, SortOrder order)
    {
        while (border > 0 && border < elements.Length)
        {
            if (elements.Length <= DividedMin)
            {
                elements.Sort(order);
                return;
            }
            int pivot = Partition(elements, order);
            if (border <= pivot) elements = elements[..pivot];
            else
            {
                elements = elements[(pivot + 1)..];
                border -= pivot + 1;
            }
        }
    }

    /// <summary>Takes an element at random, moves what comes before it in front of it, and returns where it is then.</summary>
    private static int Partition(Span<SortElement> elements, SortOrder order)
    {
        int last = elements.Length - 1;
        Swap(ref elements[Random.Shared.Next(elements.Length)], ref elements[last]);
        SortElement pivot = elements[last];
        int before = 0;
        for (int i = 0; i < last; i++)
            if (order.Compare(elements[i], pivot) < 0) Swap(ref elements[before++], ref elements[i]);
        Swap(ref elements[before], ref elements[last]);
        return before;
    }

    private static void Swap(ref SortElement x, ref SortElement y) => (x, y) = (y, x);
}
