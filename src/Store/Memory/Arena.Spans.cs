namespace Galley.Store.Memory;

/// <summary>The spans of the size classes: taken, filled, emptied, given back.</summary>
public sealed partial class Arena
{
    private const int EmptyCurrentsMax = 4;

    private readonly byte[] _emptyCurrents = new byte[EmptyCurrentsMax];
    private int _nextEmptyCurrent;

    /// <summary>Whether less than three quarters of the block's span are in use: moving the block helps to give pages back.</summary>
    internal bool IsInSparseSpan(BlockRef block)
    {
        int page = PageOf(block);
        byte bucket = _pool.Header(page - _pool.Header(page).IndexInSpan).Bucket;
        return bucket < SizeClass.Buckets - 1;
    }

    private BlockRef AllocateSlow(int sizeClass)
    {
        _currentSpans[sizeClass] = TakeFullestSpan(sizeClass) is var span and not 0 ? span : TakeNewSpan(sizeClass);
        return Allocate(SizeClass.Shapes[sizeClass].Bytes);
    }

    private int TakeFullestSpan(int sizeClass)
    {
        for (int bucket = SizeClass.Buckets - 1; bucket >= 0; bucket--)
        {
            int span = _spanLists[(sizeClass * SizeClass.Buckets) + bucket];
            if (span == 0) continue;
            Unlink(ref _pool.Header(span));
            return span;
        }

        return 0;
    }

    private int TakeNewSpan(int sizeClass)
    {
        ref readonly SizeClassShape shape = ref SizeClass.Shapes[sizeClass];
        int span = _pool.Take(shape.Pages);
        for (int i = 0; i < shape.Pages; i++)
        {
            _pool.Header(span + i) = new PageHeader
            {
                Kind = (byte)sizeClass,
                IndexInSpan = (byte)i,
                FreeHead = PageHeader.NoBlock,
                Bucket = PageHeader.NoBucket,
            };
        }

        _pool.Header(span).VirginBlocks = (ushort)shape.Blocks;
        return span;
    }

    /// <summary>Puts a block back on the chain of its span, and the span where it now belongs.</summary>
    private void Recycle(BlockRef block)
    {
        int page = PageOf(block);
        int span = page - _pool.Header(page).IndexInSpan;
        ref PageHeader header = ref _pool.Header(span);
        Poison(block, header.Kind);
        LinkOf(block) = header.FreeHead;
        header.FreeHead = (ushort)(block.Value - ((ulong)(uint)span << PageUnitBits));
        header.UsedBlocks--;
        if (span == _currentSpans[header.Kind])
        {
            if (header.UsedBlocks == 0) RetireEmptyCurrent(header.Kind);
            return;
        }

        byte bucket = SizeClass.Shapes[header.Kind].BucketOf(header.UsedBlocks);
        if (header.UsedBlocks == 0)
        {
            Unlink(ref header);
            GiveBackSpan(span, ref header);
        }
        else if (bucket != header.Bucket && header.Evacuates == 0)
        {
            Unlink(ref header);
            Link(span, ref header, bucket);
        }
    }

    /// <summary>
    /// An empty current span stays, since its class may be wanted again at once, until as many others became empty as
    /// the ring holds: a structure that grew through all classes must not leave a span in each.
    /// </summary>
    private void RetireEmptyCurrent(byte sizeClass)
    {
        if (_emptyCurrents.Contains(sizeClass)) return;
        byte oldest = _emptyCurrents[_nextEmptyCurrent];
        _emptyCurrents[_nextEmptyCurrent] = sizeClass;
        _nextEmptyCurrent = (_nextEmptyCurrent + 1) % _emptyCurrents.Length;
        int span = _currentSpans[oldest];
        if (span == 0 || _pool.Header(span).UsedBlocks != 0) return;
        _currentSpans[oldest] = 0;
        GiveBackSpan(span, ref _pool.Header(span));
    }

    /// <summary>The header says at once that here no span begins any more: whoever looks at one page after the other relies on it.</summary>
    private void GiveBackSpan(int span, ref PageHeader header)
    {
        int pages = SizeClass.Shapes[header.Kind].Pages;
        if (header.Evacuates != 0) NoteEmptied(pages);
        header.Kind = PageKind.FreeWarm;
        _pool.GiveBack(span, pages);
    }

    private void Link(int span, ref PageHeader header, byte bucket)
    {
        ref int head = ref _spanLists[(header.Kind * SizeClass.Buckets) + bucket];
        if (head != 0) _pool.Header(head).Previous = span;
        header.Bucket = bucket;
        header.Previous = 0;
        header.Next = head;
        head = span;
    }

    private void Unlink(ref PageHeader header)
    {
        if (header.Bucket == PageHeader.NoBucket) return;
        if (header.Next != 0) _pool.Header(header.Next).Previous = header.Previous;
        if (header.Previous != 0) _pool.Header(header.Previous).Next = header.Next;
        else _spanLists[(header.Kind * SizeClass.Buckets) + header.Bucket] = header.Next;
        header.Bucket = PageHeader.NoBucket;
    }
}
