using System.Diagnostics;

namespace Galley.Store.Memory;

/// <summary>What watches the arena: Verify recounts everything, Debug builds poison and check each block.</summary>
public sealed partial class Arena
{
    private const byte PoisonByte = 0xDD;

    // Filled in Debug builds only.
    private readonly HashSet<BlockRef> _givenOut = [];

    /// <summary>Recounts all pages and throws at the first thing that does not add up. What was freed in this turn still lies in its pages.</summary>
    internal void Verify()
    {
        _pool.CollectCooled();
        long blockBytes = 0, largeBytes = 0, tailBytes = 0;
        int pagesInUse = 0, listed = 0;
        int pages;
        for (int page = 1; page < _pool.Frontier; page += pages)
        {
            PageHeader header = _pool.Header(page);
            pages = PagesAt(page, header);
            Require(pages > 0, page, "an empty run");
            if (header.Kind is PageKind.FreeWarm or PageKind.FreeCold or PageKind.Cooling) continue;
            pagesInUse += pages;
            if (header.Kind == PageKind.Large)
            {
                largeBytes += UsedBytesOf(header.Size);
                tailBytes += TailOf(header.Size);
            }
            if (header.Kind >= PageKind.FirstSpecial) continue;
            VerifySpan(page, header);
            blockBytes += (long)header.UsedBlocks * SizeClass.Shapes[header.Kind].Bytes;
            if (header.Bucket != PageHeader.NoBucket) listed++;
        }

        Require(pagesInUse == _pool.PagesInUse, 0, "pages in use");
        Require(largeBytes == _largeUsedBytes + ReleasedBytes(), 0, "bytes of large blocks");
        Require(tailBytes == _tailBytes, 0, "tails of large blocks");
        Require(blockBytes == _usedBytes + QuarantinedBytes(), 0, "bytes of blocks");
        Require(listed == CountListed(), 0, "spans in lists");
    }

    private static int PagesAt(int page, PageHeader header) => header.Kind switch
    {
        < PageKind.FirstSpecial => SizeClass.Shapes[header.Kind].Pages,
        PageKind.Large => PagesOf(header.Size),
        PageKind.Quarantine => 1,
        PageKind.FreeWarm or PageKind.FreeCold or PageKind.Cooling => (int)header.Size,
        _ => throw new UnreachableException($"Page {page} is of no kind."),
    };

    private void VerifySpan(int span, PageHeader header)
    {
        ref readonly SizeClassShape shape = ref SizeClass.Shapes[header.Kind];
        Require(header.IndexInSpan == 0, span, "a span begins inside another");
        int free = 0;
        for (int unit = header.FreeHead; unit != PageHeader.NoBlock; unit = LinkOf(RefOf(span, unit)))
        {
            Require(unit % (shape.Bytes >> BlockUnitBits) == 0, span, "a free block between blocks");
            Require(++free <= shape.Blocks, span, "a chain without end");
        }

        Require(free + header.VirginBlocks + header.UsedBlocks == shape.Blocks, span, "blocks of a span");
        bool isCurrent = _currentSpans[header.Kind] == span;
        if (header.Evacuates != 0) Require(!isCurrent && header.UsedBlocks > 0 && header.Bucket == PageHeader.NoBucket, span, "an evacuated span in use");
        else if (isCurrent || header.UsedBlocks == shape.Blocks) Require(header.Bucket == PageHeader.NoBucket, span, "listed");
        else Require(header.Bucket == shape.BucketOf(header.UsedBlocks) && header.UsedBlocks > 0, span, "the wrong bucket");
    }

    private int CountListed()
    {
        int listed = 0;
        foreach (int head in _spanLists)
        {
            for (int span = head; span != 0; span = _pool.Header(span).Next) listed++;
        }

        return listed;
    }

    private static void Require(bool holds, int page, string what)
    {
        if (!holds) throw new UnreachableException($"The arena is inconsistent at page {page}: {what}.");
    }

    [Conditional("DEBUG")]
    private void NoteGivenOut(BlockRef block)
    {
        if (!_givenOut.Add(block)) throw new UnreachableException("A block was given out twice.");
    }

    [Conditional("DEBUG")]
    private void NoteFreed(BlockRef block)
    {
        if (!_givenOut.Remove(block)) throw new UnreachableException("A block was freed that is not given out.");
    }

    [Conditional("DEBUG")]
    private void Poison(BlockRef block, int sizeClass) =>
        _source.Span(AddressOf(block), SizeClass.Shapes[sizeClass].Bytes).Fill(PoisonByte);

    // The first two bytes of a free block are its link.
    [Conditional("DEBUG")]
    private void CheckPoison(BlockRef block, int sizeClass) =>
        Debug.Assert(
            !_source.Span(AddressOf(block), SizeClass.Shapes[sizeClass].Bytes)[sizeof(ushort)..].ContainsAnyExcept(PoisonByte),
            "A block was written to after it was freed.");
}
