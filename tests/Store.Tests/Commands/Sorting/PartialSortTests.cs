using System.Globalization;
using System.Text;
using Galley.Store.Commands.Sorting;

namespace Galley.Store.Tests.Commands.Sorting;

public sealed class PartialSortTests
{
    /// <summary>Parts at both ends and in the middle, none and all; few scores, so that many are equal, and many.</summary>
    [Theory]
    [InlineData(2000, 0, 10, 5)]
    [InlineData(2000, 1990, 10, 5000)]
    [InlineData(2000, 700, 100, 1)]
    [InlineData(2000, 700, 100, 5000)]
    [InlineData(2000, 0, 2000, 100)]
    [InlineData(2000, 3, 0, 100)]
    [InlineData(2000, 2000, 0, 100)]
    [InlineData(20, 3, 2, 100)]
    [InlineData(1, 0, 1, 1)]
    [InlineData(0, 0, 0, 1)]
    public void The_part_is_that_of_the_whole_in_order(int total, int first, int count, int scores)
    {
        using var texts = new TextStore();
        var random = new Random(total + first);
        var elements = new SortElement[total];
        for (int i = 0; i < total; i++)
        {
            elements[i].Text = texts.Add(Encoding.ASCII.GetBytes(random.Next(300).ToString(CultureInfo.InvariantCulture)));
            elements[i].Score = random.Next(scores);
            elements[i].Order = i;
        }
        var order = new SortOrder(texts, SortCriterion.Score, isDescending: true, isOrdered: true, isCollated: false);
        int[] expected = [.. elements.Order(order).Skip(first).Take(count).Select(e => e.Order)];
        PartialSort.Sort(elements, first, count, order);
        Assert.Equal(expected, elements.Skip(first).Take(count).Select(e => e.Order));
        Assert.Equal(Enumerable.Range(0, total), elements.Select(e => e.Order).Order());
    }
}
