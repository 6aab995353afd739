using Galley.Api.Doors;

namespace Galley.Api.Streams;

/// <summary>Where what a reader reads goes, and what becomes of its client.</summary>
internal interface IEntryTarget
{
    /// <summary>A session that reads on behalf of the client.</summary>
    IDoorSession Open();

    /// <summary>Takes entries now, or says that there is no room. Under the reader's lock.</summary>
    bool TryTake(SharedEntries entries);

    /// <summary>Takes entries, and lets the reader wait until there is room; false: nobody reads them any more.</summary>
    ValueTask<bool> TakeAsync(SharedEntries entries);

    /// <summary>The end of a stream was reached.</summary>
    ValueTask TellCaughtUpAsync(ReaderStream stream);

    /// <summary>Entries are missing, and the reader goes on behind them.</summary>
    ValueTask TellGapAsync(ReaderStream stream, StreamGap gap);

    /// <summary>Entries are missing, and the reader has ended.</summary>
    ValueTask EndAtGapAsync(ReaderStream stream, StreamGap gap);

    /// <summary>The engine has refused to read, and the reader has ended.</summary>
    /// <param name="error">Its words.</param>
    ValueTask FailAsync(string error);

    /// <summary>A mistake of ours: the client is to be let go.</summary>
    void Break();
}
