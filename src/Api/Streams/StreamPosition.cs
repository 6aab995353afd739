using Galley.Store.Types;

namespace Galley.Api.Streams;

/// <summary>
/// How far somebody has read a stream, and whether what follows is all that ever followed. Trimming removes entries from
/// the beginning, so that a position before the first entry that is left may have a hole behind it:
/// <code>
///   added    1 2 3 4 5 6 7 8
///   left               6 7 8        5 were removed; who has read 4 of all that were added misses one
/// </code>
/// How many entries were added up to a position is known once its end was reached, and counted from there. For one that a
/// client brings along it is not: then a hole cannot be told from an entry that was read and removed, and counts as one.
/// Entries that were taken out of the middle (XDEL) are no hole.
/// </summary>
internal struct StreamPosition(StreamId id)
{
    private const long Unknown = -1;

    private long _readCount = Unknown;

    public StreamId Id { get; private set; } = id;

    /// <summary>The end of the stream as it is now.</summary>
    public static StreamPosition AtEnd(StreamPage page) => new(page.Last) { _readCount = page.AddedCount };

    /// <summary>Entries are missing behind it; <paramref name="missing"/> tells how many, or -1.</summary>
    public readonly bool IsTornFrom(StreamPage page, out long missing)
    {
        missing = 0;
        // Who asks for everything gets all that there is.
        bool isBeginning = Id == StreamId.Min && _readCount == Unknown;
        if (isBeginning || page.RemovedCount == 0 || !LiesBefore(page)) return false;
        missing = _readCount == Unknown ? -1 : Math.Max(0, page.RemovedCount - _readCount);
        return missing != 0;
    }

    /// <summary>Goes to the end of the page's entries, whatever is missing before them.</summary>
    public void Advance(StreamPage page)
    {
        if (LiesBefore(page)) _readCount = page.RemovedCount;
        if (page.Entries is { } entries)
        {
            Id = entries.Last;
            if (_readCount != Unknown) _readCount += entries.Count;
        }
        if (!page.IsLast) return;
        _readCount = page.AddedCount;
        // What had identifiers up to that one was taken out.
        if (page.Last > Id) Id = page.Last;
    }

    private readonly bool LiesBefore(StreamPage page) => page.Length > 0 ? Id < page.First : Id < page.Last;
}
