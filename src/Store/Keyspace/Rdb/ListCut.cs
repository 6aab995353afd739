using Galley.Store.Types;

namespace Galley.Store.Keyspace.Rdb;

/// <summary>
/// Where redis-server would cut a list into nodes if its elements were added at the end one by one: at so many elements
/// (a positive <c>list-max-listpack-size</c>), or at so many KiB (-1 is 4, -2 is 8, up to -5, 64).
/// </summary>
internal struct ListCut(int listpackSizeMax)
{
    /// <summary>What redis-server adds to the length of an element when it asks whether it fits.</summary>
    private const int ElementOverhead = 8;

    /// <summary>With a limit by count, a node also ends at so many bytes.</summary>
    private const int CountedBytesMax = 8 * 1024;

    /// <summary>The limit by size at level 1 (-1); each level doubles it.</summary>
    private const long SmallestBytesMax = 4 * 1024;

    private const int LevelMax = 5;
    private const int CountMax = short.MaxValue;

    /// <summary>An element from here on has a node of its own.</summary>
    public const int PlainBytesMin = 1 << 30;

    private readonly long _bytesMax = listpackSizeMax >= 0 ? CountedBytesMax : SmallestBytesMax << ((int)Math.Min(-(long)listpackSizeMax, LevelMax) - 1);
    private readonly int _countMax = listpackSizeMax >= 0 ? Math.Min(listpackSizeMax, CountMax) : int.MaxValue;
    private long _bytes;
    private int _count;

    /// <summary>The element that came last has a node of its own.</summary>
    public bool IsPlain { get; private set; }

    /// <summary>The next element begins a node.</summary>
    public bool BeginsWith(scoped ListPackElement element)
    {
        int length = element.Length;
        bool wasPlain = IsPlain;
        IsPlain = length >= PlainBytesMin;
        bool begins = _count == 0 || wasPlain || IsPlain || _count >= _countMax || _bytes + length + ElementOverhead > _bytesMax;
        if (begins) (_bytes, _count) = (ListPackFrame.Bytes, 0);
        _bytes += element.IsInteger ? ListPack.SizeOf(element.Integer) : ListPack.SizeOf(element.TextIn(default));
        _count++;
        return begins;
    }
}
