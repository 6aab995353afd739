using Galley.Store.Types;

namespace Galley.Api.Streams;

/// <summary>One stream of a reader.</summary>
internal sealed class ReaderStream(string key, StreamPosition position)
{
    public string Key { get; } = key;

    public StreamPosition Position { get; set; } = position;

    /// <summary>Where it stands while it waits at the end; null while it is behind.</summary>
    public TailPlace? Place { get; set; }

    /// <summary>Where its client was told last that this is all.</summary>
    public StreamId? CaughtUpAt { get; set; }

    /// <summary>How often in a row it has found nothing to read, and nevertheless not been where the tail is.</summary>
    public int FutileCount { get; set; }
}

/// <summary>A reader's place at the end of a stream; a new one each time it gets there.</summary>
internal sealed class TailPlace(EntryReader reader, ReaderStream stream)
{
    public EntryReader Reader { get; } = reader;

    public ReaderStream Stream { get; } = stream;

    public StreamPosition Position { get; } = stream.Position;
}
