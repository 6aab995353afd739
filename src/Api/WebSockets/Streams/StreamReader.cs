using System.Diagnostics.CodeAnalysis;
using Galley.Api.Doors;
using Galley.Api.PubSub;
using Galley.Store.Types;

namespace Galley.Api.WebSockets;

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

/// <summary>
/// stream.read: reads streams from where its client left off, and waits at their ends with all the others (see
/// <see cref="StreamTail"/>). Without credit, and while the socket's queue is full, it stays behind: the stream keeps what
/// it has not read.
/// <code>
///   behind: XREAD -> queue, one page after another  --(nothing more: caughtup)-->  at the end: the tail -> queue
///      ^                                                                                   |
///      +---------------------------(no credit, no room, a hole)-----------------------------+
/// </code>
/// An idle reader has neither a session nor a task.
/// </summary>
internal sealed class StreamReader : IReader, IThreadPoolWorkItem
{
    private readonly Lock _lock = new();
    private readonly ReaderHost _host;
    private readonly List<ReaderStream> _streams;
    private readonly DataMode _data;
    private readonly bool _skipsGaps;
    private readonly byte[] _frameHead;
    private long _credit;
    private int _next;
    private bool _isReading;
    private bool _isClosed;

    public StreamReader(ReaderHost host, ClientFrame frame, List<ReaderStream> streams)
    {
        _host = host;
        _streams = streams;
        Id = frame.Id!;
        _data = Subscription.ModeOf(frame.Data);
        _skipsGaps = frame.OnGap == "skip";
        _credit = frame.Credit ?? SocketLimits.DefaultCredit;
        _frameHead = ServerFrames.Head(FrameTypes.Entries, Id);
    }

    public string Id { get; }

    /// <summary>Begins, once the client's streams are known to be readable.</summary>
    public void Start()
    {
        lock (_lock) ReadOn();
    }

    public void AddCredit(long count)
    {
        lock (_lock)
        {
            _credit = Math.Min(_credit + count, SocketLimits.CreditMax);
            ReadOn();
        }
    }

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
        foreach (TailPlace place in places) _host.Services.Tails.Leave(_host.Client.DatabaseId, place);
    }

    /// <summary>From the tail: takes entries; false when it has left that place.</summary>
    public bool TryReceive(TailPlace place, StreamPage page, SharedEntries entries)
    {
        ReaderStream stream = place.Stream;
        lock (_lock)
        {
            if (stream.Place != place) return false;
            if (entries.Last <= stream.Position.Id) return true;
            if (entries.First > stream.Position.Id && _credit >= entries.Count && _host.Queue.TryAdd(Frame(entries)))
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
            using IDoorSession session = _host.Open();
            while (TryTakeBehind(out ReaderStream? stream, out long reserved))
                if (!await TryReadAsync(session, stream, reserved)) return;
        }
        catch (Exception)
        {
            _host.Broken();
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
            reserved = Math.Min(_credit, SocketLimits.PageEntriesMax);
            _credit -= reserved;
            return true;
        }
    }

    /// <summary>Reads a page and sends it; false when the reader has ended.</summary>
    private async ValueTask<bool> TryReadAsync(IDoorSession session, ReaderStream stream, long reserved)
    {
        byte[] replies = await session.RunAsync(_host.Services.Batches, batch => StreamPage.Ask(batch, stream.Key, stream.Position.Id, reserved));
        StreamPage page = StreamPage.ReadWithEntries(stream.Key, replies);
        if (page.Failure is { } failure)
        {
            await EndAsync(ServerFrames.Failure(Id, failure));
            return false;
        }
        if (stream.Position.IsTornFrom(page, out long missing))
        {
            if (!_skipsGaps)
            {
                await EndAsync(ServerFrames.GapError(Id, stream, page));
                return false;
            }
            await _host.Queue.AddAsync(ServerFrames.StreamGap(Id, stream, page, missing));
        }
        lock (_lock)
        {
            if (_isClosed) return false;
            _credit += reserved;
            Advance(stream, page);
        }
        stream.FutileCount = page.Entries is null ? stream.FutileCount + 1 : 0;
        if (page.Entries is { } entries) await _host.Queue.AddAsync(Frame(entries));
        if (page.IsLast) await WaitAtEndAsync(stream);
        return true;
    }

    private async ValueTask WaitAtEndAsync(ReaderStream stream)
    {
        if (stream.CaughtUpAt != stream.Position.Id) await _host.Queue.AddAsync(ServerFrames.CaughtUp(Id, stream));
        stream.CaughtUpAt = stream.Position.Id;
        var place = new TailPlace(this, stream);
        lock (_lock)
        {
            if (_isClosed) return;
            stream.Place = place;
        }
        if (_host.Services.Tails.TryJoin(_host.Services, _host.Client.DatabaseId, place))
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
        _host.Services.Tails.Leave(_host.Client.DatabaseId, place);
    }

    private async ValueTask EndAsync(byte[] lastFrame)
    {
        _host.Ended(this);
        Close();
        await _host.Queue.AddAsync(lastFrame);
    }

    private void Advance(ReaderStream stream, StreamPage page)
    {
        StreamPosition position = stream.Position;
        position.Advance(page);
        stream.Position = position;
        _credit -= page.Entries?.Count ?? 0;
    }

    private QueuedFrame Frame(SharedEntries entries) => new(_frameHead, entries.Body(_data));
}
