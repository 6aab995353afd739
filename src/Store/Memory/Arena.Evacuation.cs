namespace Galley.Store.Memory;

/// <content>
/// Sparse spans are emptied so that their pages can go: they are counted, chosen, and given up when those that were not
/// emptied are used again as before. All of it goes page by page, in as many turns as it takes. That a span begins at a page
/// its header alone says, whatever has happened since the page before was looked at.
/// </content>
public sealed partial class Arena
{
    /// <summary>Counts the spans of some pages; true after the last page.</summary>
    /// <param name="page">The first page to look at, 1 at the beginning; moved on.</param>
    internal bool CountSpans(SpanCensus census, ref int page, int pages)
    {
        for (int end = EndOf(page, pages); page < end; page++)
        {
            ref PageHeader header = ref _pool.Header(page);
            if (IsSpan(in header)) census.Count(header.Kind, header.UsedBlocks);
        }
        return page == _pool.Frontier;
    }

    /// <summary>Chooses the sparse ones among the spans of some pages: no block is taken from them any more. True after the last page.</summary>
    internal bool EvacuateSparse(SpanCensus census, ref int page, int pages)
    {
        for (int end = EndOf(page, pages); page < end; page++)
        {
            ref PageHeader header = ref _pool.Header(page);
            if (!IsSpan(in header) || header.Bucket == PageHeader.NoBucket || !census.TryChoose(header.Kind, header.UsedBlocks)) continue;
            Unlink(ref header);
            Evacuate(ref header);
        }
        return page == _pool.Frontier;
    }

    /// <summary>Chooses every span, however full: for tests, which then see whether each block has an owner that moves it.</summary>
    internal void EvacuateAll()
    {
        for (int page = 1; page < _pool.Frontier; page++)
        {
            ref PageHeader header = ref _pool.Header(page);
            if (!IsSpan(in header) || header.Evacuates != 0) continue;
            if (_currentSpans[header.Kind] == page) _currentSpans[header.Kind] = 0;
            Unlink(ref header);
            Evacuate(ref header);
        }
    }

    /// <summary>Takes the chosen ones among the spans of some pages back into use, those that were not emptied. True after the last page.</summary>
    internal bool EndEvacuation(ref int page, int pages)
    {
        for (int end = EndOf(page, pages); page < end; page++)
        {
            ref PageHeader header = ref _pool.Header(page);
            if (!IsSpan(in header) || header.Evacuates == 0) continue;
            header.Evacuates = 0;
            EvacuatedSpans--;
            ref readonly SizeClassShape shape = ref SizeClass.Shapes[header.Kind];
            if (header.UsedBlocks < shape.Blocks) Link(page, ref header, shape.BucketOf(header.UsedBlocks));
        }
        if (page < _pool.Frontier) return false;
        HasEvacuatedLong = false;
        return true;
    }

    /// <summary>Spans that were chosen and are not empty yet.</summary>
    internal int EvacuatedSpans { get; private set; }

    /// <summary>Bytes of chosen spans that have become empty, ever.</summary>
    internal long EmptiedBytes { get; private set; }

    /// <summary>Some of the chosen spans are of blocks so long that an element's text may lie in one by itself.</summary>
    internal bool HasEvacuatedLong { get; private set; }

    /// <summary>The block is to go elsewhere.</summary>
    internal bool IsEvacuated(BlockRef block)
    {
        int page = PageOf(block);
        ref PageHeader header = ref _pool.Header(page);
        return header.Kind < PageKind.FirstSpecial && _pool.Header(page - header.IndexInSpan).Evacuates != 0;
    }

    /// <summary>The same bytes in another block; the old one is freed. The caller puts the new reference in the place of the old.</summary>
    internal BlockRef Move(BlockRef block)
    {
        int bytes = SizeOf(block);
        BlockRef moved = Allocate(bytes);
        Span(block, bytes).CopyTo(Span(moved, bytes));
        BeforeChange(block);
        Free(block);
        return moved;
    }

    /// <summary>The shortest text of an element that has a block of its own.</summary>
    private const int LongBytesMin = 24 * 1024;

    private void Evacuate(ref PageHeader header)
    {
        header.Evacuates = 1;
        EvacuatedSpans++;
        if (SizeClass.Shapes[header.Kind].Bytes >= LongBytesMin) HasEvacuatedLong = true;
    }

    private void NoteEmptied(int pages)
    {
        EvacuatedSpans--;
        EmptiedBytes += (long)pages * PagePool.PageBytes;
    }

    private int EndOf(int page, int pages) => (int)Math.Min((long)page + pages, _pool.Frontier);

    // The header of a page inside a large block may never have been written: it has no used blocks.
    private static bool IsSpan(in PageHeader header) =>
        header.Kind < PageKind.FirstSpecial && header.IndexInSpan == 0 && header.UsedBlocks > 0;
}
