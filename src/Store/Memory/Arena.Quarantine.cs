namespace Galley.Store.Memory;

/// <summary>
/// What was freed in this turn: references in pages of the arena's own, the first of which stays.
///
/// <code>
///   |previous page|ref|ref|ref| ...  8,191 of them |      8 bytes each
/// </code>
/// </summary>
public sealed partial class Arena
{
    private const int QuarantineWords = PagePool.PageBytes / sizeof(ulong);

    private int _quarantinePage;
    private int _quarantineCount;

    private void StartQuarantine() => AddQuarantinePage();

    private void Quarantine(BlockRef block)
    {
        if (_quarantineCount == QuarantineWords - 1) AddQuarantinePage();
        _quarantineCount++;
        _source.At<ulong>(((long)_quarantinePage << PagePool.PageBits) + ((long)_quarantineCount << 3)) = block.Value;
        _hasTurnWork = 1;
    }

    private void AddQuarantinePage()
    {
        int page = _pool.Take(1);
        _pool.Header(page) = new PageHeader { Kind = PageKind.Quarantine };
        QuarantineSpan(page)[0] = (uint)_quarantinePage;
        _quarantinePage = page;
        _quarantineCount = 0;
    }

    private void RecycleQuarantined()
    {
        while (true)
        {
            Span<ulong> words = QuarantineSpan(_quarantinePage);
            foreach (ulong block in words.Slice(1, _quarantineCount)) Recycle(new BlockRef(block));
            _quarantineCount = 0;
            int previous = (int)words[0];
            if (previous == 0) return;
            _pool.GiveBack(_quarantinePage, 1);
            _quarantinePage = previous;
            _quarantineCount = QuarantineWords - 1;
        }
    }

    private long QuarantinedBytes()
    {
        long bytes = 0;
        int count = _quarantineCount;
        for (int page = _quarantinePage; page != 0; page = (int)QuarantineSpan(page)[0], count = QuarantineWords - 1)
        {
            foreach (ulong block in QuarantineSpan(page).Slice(1, count)) bytes += SizeOf(new BlockRef(block));
        }
        return bytes;
    }

    private Span<ulong> QuarantineSpan(int page) => _source.Words((long)page << PagePool.PageBits, QuarantineWords);
}
