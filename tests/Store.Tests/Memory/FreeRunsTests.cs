using Galley.Store.Memory;
using Xunit;

namespace Galley.Store.Tests.Memory;

public sealed class FreeRunsTests : IDisposable
{
    private const int Frontier = 10_000;

    private readonly PageSource _headers = new(Frontier * PageHeader.Bytes * 4L);
    private readonly FreeRuns _runs;

    public FreeRunsTests()
    {
        _runs = new FreeRuns(_headers, PageKind.FreeWarm);
        for (int page = 0; page < Frontier; page++) SetUsed(page, 1);
    }

    public void Dispose() => _headers.Dispose();

    [Fact]
    public void Takes_the_shortest_run_that_fits()
    {
        _runs.Add(100, 50, Frontier);
        _runs.Add(200, 5, Frontier);
        _runs.Add(300, 7, Frontier);
        Assert.Equal(300, _runs.Take(6));
        Assert.Equal(200, _runs.Take(5));
        Assert.Equal(306, _runs.Take(1));
        Assert.Equal(100, _runs.Take(50));
        Assert.Equal(0, _runs.Take(1));
    }

    [Fact]
    public void Neighbours_merge_on_both_sides()
    {
        _runs.Add(100, 10, Frontier);
        _runs.Add(120, 10, Frontier);
        Assert.Equal(0, _runs.Take(11));
        _runs.Add(110, 10, Frontier);
        Assert.Equal(100, _runs.Take(30));
    }

    [Fact]
    public void The_longest_is_taken_whole()
    {
        _runs.Add(100, 40, Frontier);
        _runs.Add(200, 1_000, Frontier);
        _runs.Add(2_000, 3, Frontier);
        Assert.Equal(200, _runs.TakeLongest(out int pages));
        Assert.Equal(1_000, pages);
        Assert.Equal(43, _runs.Pages);
    }

    [Fact]
    public void Random_runs_never_overlap_and_all_come_together_again()
    {
        var random = new Random(1);
        var taken = new List<(int First, int Pages)>();
        bool[] isTaken = new bool[Frontier];
        _runs.Add(1, Frontier - 1, Frontier);
        for (int step = 0; step < 50_000; step++)
        {
            if (random.Next(2) == 0)
            {
                int pages = 1 + (int)(400 * Math.Pow(random.NextDouble(), 4));
                int first = _runs.Take(pages);
                if (first == 0) continue;
                SetUsed(first, pages);
                for (int page = first; page < first + pages; page++)
                {
                    Assert.False(isTaken[page]);
                    isTaken[page] = true;
                }

                taken.Add((first, pages));
            }
            else if (taken.Count > 0)
            {
                int index = random.Next(taken.Count);
                GiveBack(taken[index]);
                taken[index] = taken[^1];
                taken.RemoveAt(taken.Count - 1);
            }

            Assert.Equal(Frontier - 1 - taken.Sum(run => run.Pages), _runs.Pages);
        }

        foreach ((int First, int Pages) run in taken) GiveBack(run);
        Assert.Equal(1, _runs.Take(Frontier - 1));

        void GiveBack((int First, int Pages) run)
        {
            isTaken.AsSpan(run.First, run.Pages).Clear();
            _runs.Add(run.First, run.Pages, Frontier);
        }
    }

    private void SetUsed(int first, int pages)
    {
        _headers.At<PageHeader>((long)first * PageHeader.Bytes).Kind = PageKind.Large;
        _headers.At<PageHeader>((long)(first + pages - 1) * PageHeader.Bytes).Kind = PageKind.LargeEnd;
    }
}
