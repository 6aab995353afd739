using System.Globalization;
using System.Text;
using Galley.Store.Commands.Sorting;

namespace Galley.LoadTests.Micro;

/// <summary>What SORT costs of a million numbers, and what LIMIT saves: the part that is asked for, beside the whole in order.</summary>
internal static class SortBenchmark
{
    private const int Count = 1_000_000;

    public static void Run()
    {
        using var texts = new TextStore();
        var random = new Random(1);
        var elements = new SortElement[Count];
        for (int i = 0; i < Count; i++)
        {
            int number = random.Next();
            elements[i].Text = texts.Add(Encoding.ASCII.GetBytes(number.ToString(CultureInfo.InvariantCulture)));
            elements[i].Score = number;
            elements[i].Order = i;
        }
        var order = new SortOrder(texts, SortCriterion.Score, isDescending: false, isOrdered: true, isCollated: false);
        foreach (int part in (int[])[10, 10_000, Count / 4, Count])
        {
            var sorted = new SortElement[Count];
            double time = Measure.NanosecondsAn(Count, () =>
            {
                elements.CopyTo(sorted, 0);
                PartialSort.Sort(sorted, 0, part, order);
            });
            Measure.Print($"sort: the first {part:N0} of {Count:N0}", time, "ns an element");
        }
    }
}
