using System.Diagnostics;
using System.Runtime.CompilerServices;

namespace Galley.Store.Memory;

/// <summary>
/// Memory for keys, values and elements, outside the garbage collector's reach: blocks of size classes, cut from
/// pages of 64 KiB of one range of addresses, and large blocks of whole pages.
///
/// <code>
///   BlockRef (40 bits) = address / 8
///
///   range   |page 0: none|page 1      |page 2      |page 3      |page 4 ... large block ...      |  free  | never used
///                         \           / \                       /
///   span of class 48 B     |b|b|f|b|..|  |   span of 2 pages    |      b = given out, f = free: 2 bytes of it
///                                                                         are the link to the next free one
///   headers |    32 B    |    32 B    |    32 B    |    32 B    |  ...   (PageHeader; a block has none)
/// </code>
///
/// Allocate takes from the current span of the class: its chain of free blocks, else its next virgin one. A full
/// current span is replaced by the fullest that has room, so that sparse ones become empty; an empty span goes back
/// to the pool (<see cref="PagePool"/>). Free puts the reference in quarantine; when the turn of the gate ends, the
/// blocks join the chains of their spans. All of this is O(1) and allocates no object.
///
/// Invariants (checked by Verify): UsedBytes is the sum of the blocks given out; a span not current is in the list of
/// its quarter of fullness unless full or evacuated; every page below the frontier is in exactly one span, large block, run or
/// quarantine. One thread at a time: the holder of the gate; only Release and a lent memory's Dispose may come from
/// others. Blocks move only where their owner has them moved (<see cref="BlockMover"/>). Not done: a cache per thread
/// (there is one gate).
/// </summary>
public sealed partial class Arena : IDisposable
{
    /// <summary>The largest block of a size class; what is longer is a large block.</summary>
    public const int BlockBytesMax = 64 * 1024;

    /// <summary>What a server reserves: 4 TiB of addresses, no memory.</summary>
    public const long ServerReservationBytes = 4L << 40;

    /// <summary>What a server has populated beyond what is used, always.</summary>
    public const int ServerAheadBytes = 4 << 20;

    private const int BlockUnitBits = 3;
    private const int PageUnitBits = PagePool.PageBits - BlockUnitBits;

    private readonly PagePool _pool;
    private readonly PageSource _source;

    // The span that each class is taken from; page 0, which is always full, when there is none.
    private readonly int[] _currentSpans = new int[SizeClass.Count];

    // Heads of the lists of spans with room, by class and quarter of fullness.
    private readonly int[] _spanLists = new int[SizeClass.Count * SizeClass.Buckets];
    private long _usedBytes;
    private int _hasTurnWork;

    /// <summary>An arena as a server has it.</summary>
    public Arena() : this(ServerReservationBytes, ServerAheadBytes) { }

    /// <summary>An arena of at most so many bytes, with so many populated ahead of use (0: none, and no thread).</summary>
    public Arena(long reservedBytes, int aheadBytes = 0, bool useHugePages = false)
    {
        _pool = new PagePool(reservedBytes, aheadBytes, useHugePages);
        _source = _pool.Source;
        StartQuarantine();
    }

    /// <summary>Bytes given out, by the size of their blocks: exact.</summary>
    public long UsedBytes => _usedBytes + Volatile.Read(ref _largeUsedBytes);

    /// <summary>Bytes of the pages that hold the blocks given out, free room in them included; tails of large blocks have no memory.</summary>
    public long CommittedBytes => ((long)_pool.PagesInUse << PagePool.PageBits) - _tailBytes;

    /// <summary>Bytes of the pages that have memory: those in use, and the free ones that were not given back yet.</summary>
    public long ResidentBytes => CommittedBytes + (_pool.WarmPages << PagePool.PageBits);

    /// <summary>Is told of every change to a piece before it happens; null when nobody asks.</summary>
    public IPieceObserver? Observer { get; set; }

    /// <summary>The piece is about to be changed or freed; the types say so, each time.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void BeforeChange(BlockRef piece) => Observer?.BeforeChange(piece);

    /// <summary>The piece is not to be freed, for the observer has taken it; whoever frees a leaf asks.</summary>
    public bool Keeps(BlockRef piece) => Observer is not null && Observer.Keeps(piece);

    /// <summary>A block of at least <paramref name="size"/> bytes (1 to <see cref="BlockBytesMax"/>); its content is undefined.</summary>
    public BlockRef Allocate(int size)
    {
        if ((uint)(size - 1) >= BlockBytesMax) ThrowSize(size);
        int sizeClass = SizeClass.Of(size);
        int span = _currentSpans[sizeClass];
        ref PageHeader header = ref _pool.Header(span);
        int unit = header.FreeHead;
        if (unit != PageHeader.NoBlock)
        {
            BlockRef block = RefOf(span, unit);
            CheckPoison(block, sizeClass);
            header.FreeHead = LinkOf(block);
            return GiveOut(ref header, block, SizeClass.Shapes[sizeClass].Bytes);
        }

        if (header.VirginBlocks == 0) return AllocateSlow(sizeClass);
        ref readonly SizeClassShape shape = ref SizeClass.Shapes[sizeClass];
        int virgin = (shape.Blocks - header.VirginBlocks) * (shape.Bytes >> BlockUnitBits);
        header.VirginBlocks--;
        return GiveOut(ref header, RefOf(span, virgin), shape.Bytes);
    }

    /// <summary>A block of at least so many bytes, or a large block where they are more than one holds; <see cref="Free"/> takes either.</summary>
    public BlockRef AllocateAny(long size) => size <= BlockBytesMax ? Allocate((int)size) : AllocateLarge(size);

    /// <summary>Frees a block. Its bytes stay as they are until the turn of the gate ends.</summary>
    public void Free(BlockRef block)
    {
        byte kind = HeaderOf(block).Kind;
        if (kind >= PageKind.FirstSpecial)
        {
            FreeSpecial(block, kind);
            return;
        }

        NoteFreed(block);
        _usedBytes -= SizeClass.Shapes[kind].Bytes;
        Quarantine(block);
    }

    /// <summary>
    /// Frees a block that may be used again at once: one that a structure keeps to itself, of which no span can be
    /// out. While an observer keeps old pieces it waits for the end of the turn like any other.
    /// </summary>
    internal void FreeAtOnce(BlockRef block)
    {
        byte kind = HeaderOf(block).Kind;
        if (Observer is not null || kind >= PageKind.FirstSpecial)
        {
            Free(block);
            return;
        }

        NoteFreed(block);
        _usedBytes -= SizeClass.Shapes[kind].Bytes;
        Recycle(block);
    }

    /// <summary>The bytes of the block's size class (of a large block: its size, in whole pages of 4 KiB).</summary>
    public int SizeOf(BlockRef block)
    {
        ref PageHeader header = ref HeaderOf(block);
        return header.Kind < PageKind.FirstSpecial ? SizeClass.Shapes[header.Kind].Bytes : SizeOfLarge(ref header);
    }

    /// <summary>The size that a block for so many bytes would have.</summary>
    public static int RoundUp(int size)
    {
        if ((uint)(size - 1) >= BlockBytesMax) ThrowSize(size);
        return SizeClass.Shapes[SizeClass.Of(size)].Bytes;
    }

    /// <summary>The whole block.</summary>
    public Span<byte> Span(BlockRef block) => _source.Span(AddressOf(block), SizeOf(block));

    /// <summary>The first <paramref name="length"/> bytes of the block; one bounds check, no look at the page.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public Span<byte> Span(BlockRef block, int length)
    {
        Debug.Assert(length <= SizeOf(block), "A span longer than its block.");
        return _source.Span(AddressOf(block), length);
    }

    /// <summary>The first words of a block.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal Span<ulong> Words(BlockRef block, int count)
    {
        Debug.Assert((long)count * 8 <= SizeOf(block), "A span longer than its block.");
        return _source.Words(AddressOf(block), count);
    }

    /// <summary>Freed blocks may be used again from here on; called by the gate when a turn ends.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void EndTurn()
    {
        if (Volatile.Read(ref _hasTurnWork) != 0) EndTurnSlow();
    }

    /// <summary>Gives the whole range back; every span and lent memory of it must be gone.</summary>
    public void Dispose() => _pool.Dispose();

    private void EndTurnSlow()
    {
        Interlocked.Exchange(ref _hasTurnWork, 0);
        RecycleQuarantined();
        GiveBackReleased();
        _pool.CollectCooled();
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private BlockRef GiveOut(ref PageHeader header, BlockRef block, int bytes)
    {
        header.UsedBlocks++;
        _usedBytes += bytes;
        NoteGivenOut(block);
        return block;
    }

    private static BlockRef RefOf(int span, int unit) => new(((ulong)(uint)span << PageUnitBits) + (uint)unit);

    private static long AddressOf(BlockRef block) => (long)(block.Value << BlockUnitBits);

    private static int PageOf(BlockRef block) => (int)(block.Value >> PageUnitBits);

    private ref PageHeader HeaderOf(BlockRef block) => ref _pool.Header(PageOf(block));

    private ref ushort LinkOf(BlockRef block) => ref _source.At<ushort>(AddressOf(block));

    private static void ThrowSize(int size) =>
        throw new ArgumentOutOfRangeException(nameof(size), size, "A block has 1 to 65,536 bytes.");
}
