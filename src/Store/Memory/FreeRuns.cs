using System.Diagnostics;
using System.Numerics;

namespace Galley.Store.Memory;

/// <summary>
/// Free runs of pages, found by best fit and merged with their free neighbours (boundary tags: Knuth, TAOCP 1, 2.5;
/// bins found through a bitmap: TLSF, Masmano et al. 2004).
///
/// <code>
///   bin     1  2  3 ... 31 |  32     33     34     35   |  36 ...
///   pages   1  2  3 ... 31 | 32-39  40-47  48-55  56-63 | 64-79 ...
///
///   a run:  |first page: kind, size, links in its bin|  never looked at  |last page: kind, size|
/// </code>
///
/// Up to 31 pages the fit is exact; above it the best of the first <see cref="LookMax"/> runs of the bin, else any of
/// the next bin that has one: taking and giving cost a bounded number of steps. A pool of warm runs and one of cold
/// ones are kept apart (see <see cref="PagePool"/>); only runs of the same kind merge.
/// </summary>
internal sealed class FreeRuns(PageSource headers, byte kind)
{
    private const int ExactBins = 32;
    private const int Bins = 128;
    private const int LookMax = 16;

    private readonly int[] _heads = new int[Bins];
    private ulong _filledLow;
    private ulong _filledHigh;

    public long Pages { get; private set; }

    /// <summary>Adds a run, merged with its neighbours where these are free and of this kind.</summary>
    public void Add(int first, int pages, int frontier)
    {
        int next = first + pages;
        if (next < frontier && Header(next).Kind == kind)
        {
            int nextPages = (int)Header(next).Size;
            Remove(next);
            pages += nextPages;
        }

        // The page before the first is either the last of a run, with its size, or of another kind.
        if (Header(first - 1).Kind == kind)
        {
            int previousPages = (int)Header(first - 1).Size;
            first -= previousPages;
            pages += previousPages;
            Remove(first);
        }

        Link(first, pages);
    }

    /// <summary>Takes so many adjoining pages; 0 when there are none.</summary>
    public int Take(int pages)
    {
        int first = Find(pages);
        if (first == 0) return 0;
        Split(first, pages);
        return first;
    }

    /// <summary>Takes these very pages, which begin a run of at least that length; false when they do not.</summary>
    public bool TryTakeAt(int first, int pages)
    {
        ref PageHeader header = ref Header(first);
        if (header.Kind != kind || header.Size < pages) return false;
        Split(first, pages);
        return true;
    }

    /// <summary>Takes one of the longest runs whole; 0 when there is none.</summary>
    public int TakeLongest(out int pages)
    {
        pages = 0;
        int bin = _filledHigh != 0 ? 127 - BitOperations.LeadingZeroCount(_filledHigh) : 63 - BitOperations.LeadingZeroCount(_filledLow);
        if (bin < 0) return 0;
        int first = _heads[bin];
        pages = (int)Header(first).Size;
        Remove(first);
        return first;
    }

    private int Find(int pages)
    {
        int bin = BinOf(pages);
        if (bin >= ExactBins)
        {
            int best = BestOf(bin, pages);
            if (best != 0) return best;
            bin++;
        }

        int filled = FirstFilled(bin);
        return filled < 0 ? 0 : _heads[filled];
    }

    private int BestOf(int bin, int pages)
    {
        int best = 0;
        long bestPages = long.MaxValue;
        int first = _heads[bin];
        for (int looked = 0; first != 0 && looked < LookMax; looked++)
        {
            ref PageHeader header = ref Header(first);
            if (header.Size >= pages && header.Size < bestPages)
            {
                best = first;
                bestPages = header.Size;
            }

            first = header.Next;
        }

        return best;
    }

    private int FirstFilled(int bin)
    {
        if (bin < 64)
        {
            ulong low = _filledLow & (ulong.MaxValue << bin);
            if (low != 0) return BitOperations.TrailingZeroCount(low);
            bin = 64;
        }

        if (bin >= Bins) return -1;
        ulong high = _filledHigh & (ulong.MaxValue << (bin - 64));
        return high == 0 ? -1 : 64 + BitOperations.TrailingZeroCount(high);
    }

    private void Split(int first, int pages)
    {
        int rest = (int)Header(first).Size - pages;
        Remove(first);
        if (rest > 0) Link(first + pages, rest);
    }

    private void Link(int first, int pages)
    {
        int bin = BinOf(pages);
        int head = _heads[bin];
        if (head != 0) Header(head).Previous = first;
        ref PageHeader last = ref Header(first + pages - 1);
        last.Kind = kind;
        last.Size = pages;
        ref PageHeader header = ref Header(first);
        header.Kind = kind;
        header.Size = pages;
        header.Previous = 0;
        header.Next = head;
        _heads[bin] = first;
        Mark(bin, isFilled: true);
        Pages += pages;
    }

    private void Remove(int first)
    {
        ref PageHeader header = ref Header(first);
        Debug.Assert(header.Kind == kind);
        int bin = BinOf((int)header.Size);
        if (header.Next != 0) Header(header.Next).Previous = header.Previous;
        if (header.Previous != 0) Header(header.Previous).Next = header.Next;
        else _heads[bin] = header.Next;
        if (_heads[bin] == 0) Mark(bin, isFilled: false);
        Pages -= header.Size;
    }

    private void Mark(int bin, bool isFilled)
    {
        ref ulong filled = ref bin < 64 ? ref _filledLow : ref _filledHigh;
        ulong bit = 1UL << bin;
        filled = isFilled ? filled | bit : filled & ~bit;
    }

    private static int BinOf(int pages)
    {
        if (pages < ExactBins) return pages;
        int log = BitOperations.Log2((uint)pages);
        return ExactBins + ((log - 5) << 2) + ((pages >> (log - 2)) & 3);
    }

    private ref PageHeader Header(int page) => ref headers.At<PageHeader>((long)page * PageHeader.Bytes);
}
