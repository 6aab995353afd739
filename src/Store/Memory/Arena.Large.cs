using System.Buffers;
using System.Collections.Concurrent;
using System.Diagnostics;

namespace Galley.Store.Memory;

/// <summary>
/// Large blocks: runs of whole pages with a count of holders. The owner has one; a reply on its way, a copy or a
/// snapshot shares it. The last to let go, on whatever thread, leaves the run in a queue; the pages are free again
/// when the turn of the gate ends. The header of the first page has size and holders, so that there is nothing to
/// look up. Sizes are counted in the system's pages of 4 KiB: what follows in the run's last 64 KiB has no memory.
/// <code>
///   run of pages   |   64 KiB   |   64 KiB   |   64 KiB   |
///   block          |xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx| tail|    discarded when the block is made, unless it is short
/// </code>
/// </summary>
public sealed partial class Arena
{
    /// <summary>The longest block: what a span can address.</summary>
    public const long LargeBytesMax = int.MaxValue;

    /// <summary>The shortest: what is shorter is better off in a span among others of its size.</summary>
    public const int LargeBytesMin = 32 * 1024;

    private const int SystemPageBytes = 4096;

    /// <summary>A shorter tail is left as it is: a call of the system takes about a microsecond.</summary>
    private const int TailBytesMin = 2 * SystemPageBytes;

    /// <summary>Below it, copying is cheaper than two changes to the page table and a mapping more.</summary>
    private const long MoveBytesMin = 1 << 20;

    // In Bucket of a large block's header.
    private const byte WasMoved = 1;

    private readonly ConcurrentQueue<BlockRef> _released = new();
    private long _largeUsedBytes;
    private long _lentBytes;
    private long _tailBytes;

    /// <summary>Bytes of large blocks that are lent (<see cref="Lend"/>), each as often as it is.</summary>
    public long LentBytes => Volatile.Read(ref _lentBytes);

    /// <summary>A large block of so many bytes (32 KiB to 2 GiB), with one reference.</summary>
    public BlockRef AllocateLarge(long size)
    {
        if (size is < LargeBytesMin or > LargeBytesMax) ThrowLargeSize(size);
        int pages = PagesOf(size);
        int first = _pool.Take(pages, out bool hasMemory);
        SetLarge(first, pages, size, moved: 0);
        if (hasMemory) DiscardTail(first, size);
        _tailBytes += TailOf(size);
        Interlocked.Add(ref _largeUsedBytes, UsedBytesOf(size));
        return RefOf(first, 0);
    }

    /// <summary>Grows or shrinks a large block that has one reference, moving pages rather than bytes; its reference may change.</summary>
    public BlockRef ResizeLarge(BlockRef block, long size)
    {
        if (size is < LargeBytesMin or > LargeBytesMax) ThrowLargeSize(size);
        ref PageHeader header = ref LargeHeader(block);
        Debug.Assert(Volatile.Read(ref header.Holders) == 1, "A shared large block is copied, not resized.");
        int first = PageOf(block);
        int pages = PagesOf(header.Size);
        int newPages = PagesOf(size);
        long growth = UsedBytesOf(size) - UsedBytesOf(header.Size);
        long tailGrowth = TailOf(size) - TailOf(header.Size);
        if (newPages > pages && !_pool.TryTakeAt(first + pages, newPages - pages)) return MoveLarge(block, size);

        // Before the tail goes: its run looks for a free neighbour at what is now the last page.
        SetLarge(first, newPages, size, header.Bucket);
        if (newPages < pages) GiveBackTail(first, newPages, pages, ref header);
        if (newPages > pages || tailGrowth > 0) DiscardTail(first, size);
        _tailBytes += tailGrowth;
        Interlocked.Add(ref _largeUsedBytes, growth);
        return block;
    }

    /// <summary>How many hold the large block: its owner, replies on their way, copies, a snapshot.</summary>
    public int ShareCount(BlockRef block) => Volatile.Read(ref LargeHeader(block).Holders);

    /// <summary>One more holder of a large block.</summary>
    public void Share(BlockRef block) => Interlocked.Increment(ref LargeHeader(block).Holders);

    /// <summary>One holder less; the last one gives the pages back. Any thread (a reply that was sent).</summary>
    public void Release(BlockRef block)
    {
        ref PageHeader header = ref LargeHeader(block);
        int holders = Interlocked.Decrement(ref header.Holders);
        Debug.Assert(holders >= 0, "A large block was released more often than it was shared.");
        if (holders != 0) return;
        Interlocked.Add(ref _largeUsedBytes, -UsedBytesOf(header.Size));
        _released.Enqueue(block);
        Volatile.Write(ref _hasTurnWork, 1);
    }

    /// <summary>
    /// A large block as memory that can be sent outside the gate; the result counts as one holder until disposed.
    /// </summary>
    public IMemoryOwner<byte> Lend(BlockRef block, int offset, int length)
    {
        ref PageHeader header = ref LargeHeader(block);
        ArgumentOutOfRangeException.ThrowIfNegative(offset);
        ArgumentOutOfRangeException.ThrowIfNegative(length);
        ArgumentOutOfRangeException.ThrowIfGreaterThan((long)offset + length, UsedBytesOf(header.Size));
        Share(block);
        Interlocked.Add(ref _lentBytes, length);
        return _source.Lend(AddressOf(block) + offset, length, TakeBack, block);
    }

    private void TakeBack(BlockRef block, int length)
    {
        Interlocked.Add(ref _lentBytes, -length);
        Release(block);
    }

    private static int SizeOfLarge(ref PageHeader header) =>
        header.Kind == PageKind.Large ? (int)Math.Min(UsedBytesOf(header.Size), LargeBytesMax) : ThrowNoBlock();

    private void FreeSpecial(BlockRef block, byte kind)
    {
        if (kind != PageKind.Large) ThrowNoBlock();
        Release(block);
    }

    private void SetLarge(int first, int pages, long size, byte moved)
    {
        if (pages > 1) _pool.Header(first + pages - 1).Kind = PageKind.LargeEnd;
        _pool.Header(first) = new PageHeader { Kind = PageKind.Large, Size = size, Holders = 1, Bucket = moved };
    }

    private void GiveBackTail(int first, int newPages, int pages, ref PageHeader header)
    {
        if (header.Bucket == WasMoved) Renew(first + newPages, pages - newPages);
        _pool.GiveBack(first + newPages, pages - newPages);
    }

    private BlockRef MoveLarge(BlockRef block, long size)
    {
        ref PageHeader header = ref LargeHeader(block);
        BlockRef moved = AllocateLarge(size);
        int pages = PagesOf(header.Size);
        if (header.Size < MoveBytesMin || !_source.TryMove(AddressOf(block), AddressOf(moved), (long)pages << PagePool.PageBits))
        {
            int length = SizeOfLarge(ref header);
            Span(block, length).CopyTo(Span(moved, length));
            Release(block);
            return moved;
        }

        LargeHeader(moved).Bucket = WasMoved;
        Interlocked.Add(ref _largeUsedBytes, -UsedBytesOf(header.Size));
        _tailBytes -= TailOf(header.Size);
        if (header.Bucket == WasMoved) Renew(PageOf(block), pages);
        _pool.GiveBackCold(PageOf(block), pages);
        return moved;
    }

    private void GiveBackReleased()
    {
        while (_released.TryDequeue(out BlockRef block))
        {
            ref PageHeader header = ref LargeHeader(block);
            int pages = PagesOf(header.Size);
            _tailBytes -= TailOf(header.Size);
            if (header.Bucket == WasMoved)
            {
                Renew(PageOf(block), pages);
                _pool.GiveBackCold(PageOf(block), pages);
            }
            else
            {
                _pool.GiveBack(PageOf(block), pages);
            }
        }
    }

    private long ReleasedBytes() => _released.Sum(block => UsedBytesOf(LargeHeader(block).Size));

    /// <summary>Bytes of the run behind the block's, where they have no memory.</summary>
    private static long TailOf(long size)
    {
        long tail = ((long)PagesOf(size) << PagePool.PageBits) - UsedBytesOf(size);
        return tail < TailBytesMin ? 0 : tail;
    }

    private void DiscardTail(int first, long size)
    {
        long tail = TailOf(size);
        if (tail > 0) _source.DiscardAtOnce(((long)first << PagePool.PageBits) + UsedBytesOf(size), tail);
    }

    private void Renew(int first, int pages) =>
        _source.Renew((long)first << PagePool.PageBits, (long)pages << PagePool.PageBits);

    private ref PageHeader LargeHeader(BlockRef block)
    {
        ref PageHeader header = ref HeaderOf(block);
        if (header.Kind != PageKind.Large) ThrowNoBlock();
        return ref header;
    }

    private static int PagesOf(long size) => (int)((size + PagePool.PageBytes - 1) >> PagePool.PageBits);

    private static long UsedBytesOf(long size) => (size + SystemPageBytes - 1) & -SystemPageBytes;

    private static int ThrowNoBlock() => throw new InvalidOperationException("No block given out has this address.");

    private static void ThrowLargeSize(long size) =>
        throw new ArgumentOutOfRangeException(nameof(size), size, "A large block has 32,768 bytes at least and 2 GiB less one at most.");
}
