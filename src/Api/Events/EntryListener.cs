using System.Text;
using Galley.Api.Doors;
using Galley.Api.PubSub;
using Galley.Api.Rest;
using Galley.Api.Streams;
using Galley.Api.Typed;
using Galley.Store.Types;

namespace Galley.Api.Events;

/// <summary>
/// Puts what is read of one stream into a stream of events, as fast as its client takes it: what it has not taken yet, the
/// stream keeps. While nothing comes it has no session of the engine.
/// </summary>
internal sealed class EntryListener : IEntryTarget
{
    private readonly EventServices _services;
    private readonly EventStream _stream;
    private readonly EntryRequest _request;
    private readonly string _remoteAddress;

    private EntryListener(EventServices services, EventStream stream, EntryRequest request, string remoteAddress)
    {
        _services = services;
        _stream = stream;
        _request = request;
        _remoteAddress = remoteAddress;
    }

    /// <summary>Looks at the stream, and serves its events to their end.</summary>
    /// <exception cref="RestException">It cannot be read.</exception>
    public static Task ServeAsync(EventServices services, HttpContext context, EventStream stream, EntryRequest request)
    {
        var listener = new EntryListener(services, stream, request, EventListener.RemoteAddressOf(context));
        return listener.ServeAsync();
    }

    public IDoorSession Open()
    {
        IDoorSession session = _services.Engine.Open(DoorKind.Http, _remoteAddress);
        session.Client = _request.Client;
        return session;
    }

    bool IEntryTarget.TryTake(SharedEntries entries) => _stream.TrySend(EntryEvents.Of(entries, _request.Data));

    ValueTask<bool> IEntryTarget.TakeAsync(SharedEntries entries)
    {
        _stream.Send(EntryEvents.Of(entries, _request.Data));
        return _stream.WaitForRoomAsync();
    }

    ValueTask IEntryTarget.TellCaughtUpAsync(ReaderStream stream) => ValueTask.CompletedTask;

    ValueTask IEntryTarget.TellGapAsync(ReaderStream stream, StreamGap gap)
    {
        _stream.Send(EntryEvents.Of(gap));
        return ValueTask.CompletedTask;
    }

    ValueTask IEntryTarget.EndAtGapAsync(ReaderStream stream, StreamGap gap) => EndAsync(EntryEvents.Error(gap.Message, gap));

    ValueTask IEntryTarget.FailAsync(string error) => EndAsync(EntryEvents.Error(error));

    void IEntryTarget.Break() => _stream.CutOff();

    private async Task ServeAsync()
    {
        StreamPage page = await LookAsync();
        StreamPosition position = _request.After is { } after ? new StreamPosition(after) : StreamPosition.AtEnd(page);
        var reading = new StreamReading(_services.Tails, _services.Batches, _request.Client.DatabaseId, Credit: long.MaxValue, _request.SkipsGaps);
        var reader = new EntryReader(this, reading, [new ReaderStream(_request.Key, position)]);
        try
        {
            if (!IsGone(page, position, out byte[] news)) reader.Start();
            await _stream.RunAsync([.. EntryEvents.OpeningAt(position.Id), .. news]);
        }
        finally
        {
            reader.Close();
        }
    }

    private async ValueTask<StreamPage> LookAsync()
    {
        using IDoorSession session = Open();
        byte[] replies = await session.RunAsync(_services.Batches, batch => StreamPage.Ask(batch, _request.Key));
        StreamPage page = StreamPage.Read(_request.Key, replies, out _);
        return page.Failure is { } failure ? throw new RestException(ProblemCode.OfError(failure).Status, failure) : page;
    }

    /// <summary>What has gone as a whole has lost what came behind that entry; true where the client does not go on then.</summary>
    /// <param name="news">What it is told of that.</param>
    private bool IsGone(StreamPage page, StreamPosition position, out byte[] news)
    {
        news = [];
        if (!page.IsMissing || position.Id == StreamId.Min) return false;
        var gap = StreamGap.Behind(position, page);
        news = _request.SkipsGaps ? EntryEvents.Of(gap) : EntryEvents.Error(gap.Message, gap);
        if (!_request.SkipsGaps) _stream.End();
        return !_request.SkipsGaps;
    }

    private ValueTask EndAsync(byte[] lastEvent)
    {
        _stream.Send(lastEvent);
        _stream.End();
        return ValueTask.CompletedTask;
    }
}

/// <summary>What a client asks of a stream's events.</summary>
/// <param name="After">Behind this one; null: behind the last that there is.</param>
internal sealed record EntryRequest(DoorClient Client, string Key, StreamId? After, DataMode Data, bool SkipsGaps);
