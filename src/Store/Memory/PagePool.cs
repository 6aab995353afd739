using System.Collections.Concurrent;
using System.Diagnostics;
using System.Runtime.CompilerServices;

namespace Galley.Store.Memory;

/// <summary>
/// The pages of an arena: which are free, and which of these have memory.
///
/// <code>
///                     take                         give back
///   never used  ----------------->  in use  ------------------->  warm (has memory, used again first)
///   (populated ahead by the            ^  ^                         |  above WarmPagesMax and 1/64 of what is in use
///    keeper, a constant amount)        |  +-------------------------+  the longest runs
///                                      |                            v
///                                      +---------------  cold  <-- cooling (the keeper discards their memory)
/// </code>
///
/// Nothing here is a system call under the gate: the keeper's thread populates and discards. Page 0 is never given
/// out, so that no block has the address 0.
/// </summary>
internal sealed class PagePool : IDisposable
{
    public const int PageBytes = 1 << PageBits;
    public const int PageBits = 16;

    private const int WarmPagesMax = 64;
    private const int WarmShareShift = 6;
    private const int PopulateStepBytes = 512 * 1024;
    private const long DiscardStepPages = 64;

    private readonly PageSource _blocks;
    private readonly PageSource _headers;
    private readonly PageKeeper _keeper;
    private readonly FreeRuns _warm;
    private readonly FreeRuns _cold;
    private readonly ConcurrentQueue<Run> _toCool = new();
    private readonly ConcurrentQueue<Run> _cooled = new();
    private readonly int _pages;
    private readonly long _aheadBytes;
    private readonly bool _useHugePages;
    private long _populatedBytes;
    private int _frontier = 1;
    private int _isTending;

    public PagePool(long reservedBytes, int aheadBytes, bool useHugePages)
    {
        _blocks = new PageSource(reservedBytes);
        _pages = (int)(_blocks.Bytes >> PageBits);
        _headers = new PageSource(Math.Max((long)_pages * PageHeader.Bytes, 1 << 20));
        _warm = new FreeRuns(_headers, PageKind.FreeWarm);
        _cold = new FreeRuns(_headers, PageKind.FreeCold);
        _keeper = new PageKeeper(this);
        _aheadBytes = aheadBytes;
        _useHugePages = useHugePages;
        Header(0).FreeHead = PageHeader.NoBlock;
        Header(0).Kind = PageKind.Cooling;
    }

    public PageSource Source => _blocks;

    /// <summary>The first page that was never given out.</summary>
    public int Frontier => _frontier;

    public int PagesInUse { get; private set; }

    /// <summary>Pages that are free and still have memory.</summary>
    public long WarmPages => _warm.Pages;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public ref PageHeader Header(int page) => ref _headers.At<PageHeader>((long)page * PageHeader.Bytes);

    /// <summary>So many adjoining pages; the caller sets their headers (the first's and the last's kind at least).</summary>
    public int Take(int pages) => Take(pages, out _);

    /// <summary>The same; tells whether they have, or may have, memory: they were used before, or populated ahead.</summary>
    public int Take(int pages, out bool hasMemory)
    {
        int first = _warm.Take(pages);
        hasMemory = true;
        if (first == 0)
        {
            first = _cold.Take(pages);
            hasMemory = first == 0;
        }
        if (first == 0) first = TakeNew(pages);
        PagesInUse += pages;
        return first;
    }

    /// <summary>Takes the very pages that follow a block, so that it can grow where it is.</summary>
    public bool TryTakeAt(int first, int pages)
    {
        bool isTaken = first == _frontier ? TryAdvance(pages) : first < _frontier && (_warm.TryTakeAt(first, pages) || _cold.TryTakeAt(first, pages));
        if (isTaken) PagesInUse += pages;
        return isTaken;
    }

    public void GiveBack(int first, int pages)
    {
        PagesInUse -= pages;
        _warm.Add(first, pages, _frontier);
        Cool();
    }

    /// <summary>Gives back pages whose memory was moved away.</summary>
    public void GiveBackCold(int first, int pages)
    {
        PagesInUse -= pages;
        _cold.Add(first, pages, _frontier);
    }

    /// <summary>Makes the runs that the keeper has discarded free again.</summary>
    public void CollectCooled()
    {
        while (_cooled.TryDequeue(out Run run)) _cold.Add(run.First, run.Pages, _frontier);
    }

    /// <summary>Runs on the keeper's thread: populates ahead of the frontier, and discards what is to be cooled.</summary>
    public void Tend()
    {
        Volatile.Write(ref _isTending, 0);
        while (_toCool.TryDequeue(out Run run))
        {
            DiscardInSteps(run);
            _cooled.Enqueue(run);
        }

        PopulateAhead();
    }

    public void Dispose()
    {
        _keeper.Dispose();
        _blocks.Dispose();
        _headers.Dispose();
    }

    private int TakeNew(int pages)
    {
        int first = _frontier;
        if (!TryAdvance(pages)) throw new InsufficientMemoryException("The arena's range of addresses is used up.");
        return first;
    }

    private bool TryAdvance(int pages)
    {
        if (pages > _pages - _frontier) return false;
        Volatile.Write(ref _frontier, _frontier + pages);
        long wanted = ((long)_frontier << PageBits) + _aheadBytes;
        if (_aheadBytes > 0 && wanted - Volatile.Read(ref _populatedBytes) >= PopulateStepBytes) AskKeeper();
        return true;
    }

    /// <summary>Makes every free page that has memory cold.</summary>
    public void CoolAll() => Cool(warmMax: 0);

    private void Cool() => Cool(WarmPagesMax + (PagesInUse >> WarmShareShift));

    private void Cool(long warmMax)
    {
        while (_warm.Pages > warmMax)
        {
            int first = _warm.TakeLongest(out int pages);
            Debug.Assert(first != 0);
            Header(first).Kind = PageKind.Cooling;
            Header(first).Size = pages;
            Header(first + pages - 1).Kind = PageKind.Cooling;
            _toCool.Enqueue(new Run(first, pages));
            AskKeeper();
        }
    }

    private void AskKeeper()
    {
        if (Interlocked.Exchange(ref _isTending, 1) == 0) _keeper.Ask();
    }

    // In steps, so that a mapping call of another thread never waits long for the kernel's lock.
    private void DiscardInSteps(Run run)
    {
        for (long page = run.First; page < run.First + run.Pages; page += DiscardStepPages)
        {
            long pages = Math.Min(DiscardStepPages, run.First + run.Pages - page);
            _blocks.Discard(page << PageBits, pages << PageBits);
        }
    }

    private void PopulateAhead()
    {
        if (_aheadBytes == 0) return;
        while (true)
        {
            long frontier = (long)Volatile.Read(ref _frontier) << PageBits;
            // What the frontier has passed is in use, and was or will be touched by its owner.
            long from = Math.Max(_populatedBytes, frontier);
            long to = Math.Min(frontier + _aheadBytes, (long)_pages << PageBits);
            if (from >= to) return;
            long length = Math.Min(PopulateStepBytes, to - from);
            if (_useHugePages) _blocks.PreferHugePages(from, length);
            _blocks.Populate(from, length);
            Volatile.Write(ref _populatedBytes, from + length);
        }
    }

    private readonly record struct Run(int First, int Pages);
}
