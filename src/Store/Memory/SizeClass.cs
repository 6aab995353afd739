using System.Numerics;
using System.Runtime.CompilerServices;

namespace Galley.Store.Memory;

/// <summary>
/// The sizes that blocks have: multiples of 8 up to 256, then eight steps to each doubling, up to 64 KiB.
///
/// <code>
///   class    0   1 ...  31 |  32 ...  39 | ... |    88 ...    95
///   bytes    8  16 ... 256 | 288 ... 512 | ... | 36864 ... 65536
/// </code>
///
/// So a block is at most 7 bytes or 1/8 longer than what was asked for: 4 bytes on average where most small collections
/// are, 1/17 above. Blocks of a class are cut
/// from spans of 1 to 8 pages, as few as leave at most 1/64 of the span over (5 KiB: 12 to a page would leave 1/16,
/// 64 to five pages leave nothing).
/// </summary>
internal static class SizeClass
{
    public const int Count = 96;

    private const int StepBytes = 8;
    private const int FineBytesMax = 256;
    private const int FineBytesMaxLog = 8;
    private const int FineClasses = FineBytesMax / StepBytes;
    private const int SpanPagesMax = 8;
    private const int WasteShare = 64;

    /// <summary>How spans are told apart by how full they are: a quarter each.</summary>
    public const int Buckets = 4;

    public static readonly SizeClassShape[] Shapes = MakeShapes();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int Of(int size)
    {
        if (size <= FineBytesMax) return (size - 1) >> 3;
        int log = BitOperations.Log2((uint)(size - 1));
        return FineClasses + ((log - FineBytesMaxLog) << 3) + (((size - 1) >> (log - 3)) & 7);
    }

    private static int BytesOf(int sizeClass)
    {
        if (sizeClass < FineClasses) return (sizeClass + 1) * StepBytes;
        int doubling = (sizeClass - FineClasses) / 8;
        int step = (sizeClass - FineClasses) % 8;
        return (FineBytesMax << doubling) + ((step + 1) * (FineBytesMax / 8) << doubling);
    }

    private static SizeClassShape[] MakeShapes()
    {
        var shapes = new SizeClassShape[Count];
        for (int sizeClass = 0; sizeClass < Count; sizeClass++)
        {
            int bytes = BytesOf(sizeClass);
            int pages = PagesFor(bytes);
            int blocks = pages * PagePool.PageBytes / bytes;
            // Rounded up, so that a full span would be in bucket 4 and no other is.
            int reciprocal = ((Buckets << 16) + blocks - 1) / blocks;
            shapes[sizeClass] = new SizeClassShape(bytes, blocks, pages, reciprocal);
        }

        return shapes;
    }

    private static int PagesFor(int bytes)
    {
        int best = 1;
        for (int pages = 1; pages <= SpanPagesMax; pages++)
        {
            int left = pages * PagePool.PageBytes % bytes;
            if (left * WasteShare <= pages * PagePool.PageBytes) return pages;
            if (left * best < best * PagePool.PageBytes % bytes * pages) best = pages;
        }

        return best;
    }
}

/// <summary>A size class: its block, how many there are in a span, and of how many pages that is.</summary>
internal readonly struct SizeClassShape(int bytes, int blocks, int pages, int bucketReciprocal)
{
    public readonly int Bytes = bytes;
    public readonly int Blocks = blocks;
    public readonly int Pages = pages;
    private readonly int _bucketReciprocal = bucketReciprocal;

    /// <summary>0 for nearly empty to 3 for nearly full.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public byte BucketOf(int usedBlocks) => (byte)Math.Min(SizeClass.Buckets - 1, (uint)(usedBlocks * _bucketReciprocal) >> 16);
}
