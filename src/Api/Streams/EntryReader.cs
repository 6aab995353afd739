using System.Diagnostics.CodeAnalysis;
using Galley.Api.Doors;

namespace Galley.Api.Streams;

/// <summary>
/// Reads streams from where a client left off, and waits at their ends with all the others (see <see cref="StreamTail"/>).
/// Without credit, and while its target has no room, it stays behind: the stream keeps what it has not read.
/// <code>
///   behind: XREAD -> target, one page after another  --(nothing more: caught up)-->  at the end: the tail -> target
///      ^                                                                                   |
///      +---------------------------(no credit, no room, a hole)-----------------------------+
/// </code>
/// An idle reader has neither a session nor a task.
/// </summary>
internal sealed class EntryReader(IEntryTarget target, StreamReading reading, List<ReaderStream> streams) : IThreadPoolWorkItem
{
    private readonly Lock _lock = new();
    private readonly IEntryTarget _target = target;
    private readonly StreamReading _reading = reading;
    private readonly List<ReaderStream> _streams = streams;
    private long _credit = reading.Credit;
    private int _next;
    private bool _isReading;
    private bool _isClosed;

    /// <summary>Begins, once the client's streams are known to be readable.</summary>
    public void Start()
    {
        lock (_lock) ReadOn();
    }

    /// <summary>The client takes more entries.</summary>
    public void AddCredit(long count, long creditMax)
    {
        lock (_lock)
        {
            _credit = Math.Min(_credit + count, creditMax);
            ReadOn();
        }
    }

    /// <summary>Reads no more. Any thread, and more than once.</summary>
    public void Close()
    {
        List<TailPlace> places = [];
        lock (_lock)
        {
            _isClosed = true;
            foreach (ReaderStream stream in _streams)
            {
                if (stream.Place is { } place) places.Add(place);
                stream.Place = null;
            }
        }
        foreach (TailPlace place in places) _reading.Tails.Leave(_reading.DatabaseId, place);
    }

    /// <summary>From the tail: takes entries; false when it has left that place.</summary>
    public bool TryReceive(TailPlace place, StreamPage page, SharedEntries entries)
    {
        ReaderStream stream = place.Stream;
        lock (_lock)
        {
            if (stream.Place != place) return false;
            if (entries.Last <= stream.Position.Id) return true;
            if (entries.First > stream.Position.Id && _credit >= entries.Count && _target.TryTake(entries))
            {
                Advance(stream, page);
                return true;
            }
            stream.Place = null;
            ReadOn();
            return false;
        }
    }

    /// <summary>From the tail: it has ended.</summary>
    public void FallBehind(TailPlace place)
    {
        lock (_lock)
        {
            if (place.Stream.Place != place) return;
            place.Stream.Place = null;
            ReadOn();
        }
    }

    /// <summary>Reads, if something can be read and nobody does. Under the lock.</summary>
    private void ReadOn()
    {
        if (_isReading || !CanRead()) return;
        _isReading = true;
        ThreadPool.UnsafeQueueUserWorkItem(this, preferLocal: false);
    }

    void IThreadPoolWorkItem.Execute() => _ = ReadAsync();

    private bool CanRead() => !_isClosed && _credit > 0 && _streams.Exists(stream => stream.Place is null);

    [SuppressMessage("Design", "CA1031", Justification = "Whatever it is, the other clients must not suffer from it.")]
    private async Task ReadAsync()
    {
        try
        {
            using IDoorSession session = _target.Open();
            while (TryTakeBehind(out ReaderStream? stream, out long reserved))
                if (!await TryReadAsync(session, stream, reserved)) return;
        }
        catch (Exception)
        {
            _target.Break();
        }
    }

    /// <summary>The next stream that is behind, in turn, and credit for a page of it; false when there is none.</summary>
    private bool TryTakeBehind([NotNullWhen(true)] out ReaderStream? stream, out long reserved)
    {
        lock (_lock)
        {
            stream = null;
            reserved = 0;
            _isReading = CanRead();
            if (!_isReading) return false;
            do stream = _streams[_next++ % _streams.Count];
            while (stream.Place is not null);
            reserved = Math.Min(_credit, StreamPage.EntriesMax);
            _credit -= reserved;
            return true;
        }
    }

    /// <summary>Reads a page and sends it; false when the reader has ended.</summary>
    private async ValueTask<bool> TryReadAsync(IDoorSession session, ReaderStream stream, long reserved)
    {
        byte[] replies = await session.RunAsync(_reading.Batches, batch => StreamPage.Ask(batch, stream.Key, stream.Position.Id, reserved));
        StreamPage page = StreamPage.ReadWithEntries(stream.Key, replies);
        if (page.Failure is { } failure)
        {
            Close();
            await _target.FailAsync(failure);
            return false;
        }
        if (stream.Position.IsTornFrom(page, out long missing))
        {
            var gap = StreamGap.Behind(stream.Position, page, missing);
            if (!_reading.SkipsGaps)
            {
                Close();
                await _target.EndAtGapAsync(stream, gap);
                return false;
            }
            await _target.TellGapAsync(stream, gap);
        }
        lock (_lock)
        {
            if (_isClosed) return false;
            _credit += reserved;
            Advance(stream, page);
        }
        stream.FutileCount = page.Entries is null ? stream.FutileCount + 1 : 0;
        if (page.Entries is { } entries && !await _target.TakeAsync(entries))
        {
            Close();
            return false;
        }
        if (page.IsLast) await WaitAtEndAsync(stream);
        return true;
    }

    private async ValueTask WaitAtEndAsync(ReaderStream stream)
    {
        if (stream.CaughtUpAt != stream.Position.Id) await _target.TellCaughtUpAsync(stream);
        stream.CaughtUpAt = stream.Position.Id;
        var place = new TailPlace(this, stream);
        lock (_lock)
        {
            if (_isClosed) return;
            stream.Place = place;
        }
        if (_reading.Tails.TryJoin(_reading.DatabaseId, place))
        {
            stream.FutileCount = 0;
            LeaveIfClosed(place);
        }
        else lock (_lock) stream.Place = null;
    }

    /// <summary>It was closed while it went to the end.</summary>
    private void LeaveIfClosed(TailPlace place)
    {
        lock (_lock)
            if (!_isClosed) return;
        _reading.Tails.Leave(_reading.DatabaseId, place);
    }

    private void Advance(ReaderStream stream, StreamPage page)
    {
        StreamPosition position = stream.Position;
        position.Advance(page);
        stream.Position = position;
        _credit -= page.Entries?.Count ?? 0;
    }
}

/// <summary>How streams are read.</summary>
/// <param name="Credit">Entries that may be sent before the client asks for more.</param>
/// <param name="SkipsGaps">Where entries are missing it goes on; else it ends.</param>
internal sealed record StreamReading(StreamTails Tails, CommandBatchPool Batches, int DatabaseId, long Credit, bool SkipsGaps);
