using System.Runtime.InteropServices;

namespace Galley.Store.Memory;

/// <summary>
/// What the arena knows of a page of 64 KiB: 32 bytes (1/2048 of it), in mapped memory of their own, found by the
/// page's number. A block has no header; everything about it follows from its page.
///
/// <code>
///   0    1     2         4       6     8         12    16                 24       28      29     32
///   +----+-----+---------+-------+-----+---------+-----+------------------+--------+-------+------+
///   |kind|index|free head|virgin |used |previous |next |  size            |holders |bucket |leaves|
///   +----+-----+---------+-------+-----+---------+-----+------------------+--------+-------+------+
///   span:      first free block,  blocks  neighbours in   -                -        fullness
///              in 8 bytes         never   the list of a
///                                 given   bucket
///   large:     -                          -               bytes            count    1 if moved
///   free run:  -                          in its bin      pages (first and last page of the run)
/// </code>
/// </summary>
[StructLayout(LayoutKind.Sequential, Size = Bytes)]
internal struct PageHeader
{
    public const int Bytes = 32;

    /// <summary>The end of a chain of free blocks.</summary>
    public const ushort NoBlock = ushort.MaxValue;

    /// <summary>A span that is full, or that blocks are being taken from, is in no list.</summary>
    public const byte NoBucket = byte.MaxValue;

    /// <summary>A size class, or one of <see cref="PageKind"/>.</summary>
    public byte Kind;

    /// <summary>The page's place in its span of several pages.</summary>
    public byte IndexInSpan;

    public ushort FreeHead;
    public ushort VirginBlocks;
    public ushort UsedBlocks;
    public int Previous;
    public int Next;
    public long Size;
    public int Holders;
    public byte Bucket;

    /// <summary>Of a span: 1 while its blocks are being moved to others, and none is taken from it.</summary>
    public byte Evacuates;
}

/// <summary>What a page may be other than part of a size class's span.</summary>
internal static class PageKind
{
    public const byte FirstSpecial = 240;

    /// <summary>The first page of a large block.</summary>
    public const byte Large = 240;

    /// <summary>The last page of a large block of several; those between are never looked at.</summary>
    public const byte LargeEnd = 241;

    /// <summary>Holds the references that were freed in this turn.</summary>
    public const byte Quarantine = 242;

    /// <summary>A free run that still has its memory.</summary>
    public const byte FreeWarm = 243;

    /// <summary>A free run whose memory went back to the system.</summary>
    public const byte FreeCold = 244;

    /// <summary>A run on its way from warm to cold, in the keeper's hands.</summary>
    public const byte Cooling = 245;
}
