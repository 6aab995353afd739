using Galley.Api.Doors;
using Galley.Api.PubSub;
using Galley.Api.Streams;

namespace Galley.Api.WebSockets;

/// <summary>stream.read: what an <see cref="EntryReader"/> reads, as frames in the queue of the socket, as far as its client's credit goes.</summary>
internal sealed class StreamReader : IReader, IEntryTarget
{
    private readonly ReaderHost _host;
    private readonly EntryReader _reader;
    private readonly DataMode _data;
    private readonly byte[] _frameHead;

    public StreamReader(ReaderHost host, ClientFrame frame, List<ReaderStream> streams)
    {
        _host = host;
        Id = frame.Id!;
        _data = Subscription.ModeOf(frame.Data);
        _frameHead = ServerFrames.Head(FrameTypes.Entries, Id);
        var reading = new StreamReading(host.Services.Tails, host.Services.Batches, host.Client.DatabaseId,
            frame.Credit ?? SocketLimits.DefaultCredit, frame.OnGap == "skip");
        _reader = new EntryReader(this, reading, streams);
    }

    public string Id { get; }

    /// <summary>Begins, once the client's streams are known to be readable.</summary>
    public void Start() => _reader.Start();

    public void AddCredit(long count) => _reader.AddCredit(count, SocketLimits.CreditMax);

    public void Close() => _reader.Close();

    IDoorSession IEntryTarget.Open() => _host.Open();

    bool IEntryTarget.TryTake(SharedEntries entries) => _host.Queue.TryAdd(Frame(entries));

    async ValueTask<bool> IEntryTarget.TakeAsync(SharedEntries entries)
    {
        await _host.Queue.AddAsync(Frame(entries));
        return true;
    }

    ValueTask IEntryTarget.TellCaughtUpAsync(ReaderStream stream) => _host.Queue.AddAsync(ServerFrames.CaughtUp(Id, stream));

    ValueTask IEntryTarget.TellGapAsync(ReaderStream stream, StreamGap gap) => _host.Queue.AddAsync(ServerFrames.StreamGap(Id, stream.Key, gap));

    ValueTask IEntryTarget.EndAtGapAsync(ReaderStream stream, StreamGap gap) => EndAsync(ServerFrames.GapError(Id, stream.Key, gap));

    ValueTask IEntryTarget.FailAsync(string error) => EndAsync(ServerFrames.Failure(Id, error));

    void IEntryTarget.Break() => _host.Broken();

    private ValueTask EndAsync(byte[] lastFrame)
    {
        _host.Ended(this);
        return _host.Queue.AddAsync(lastFrame);
    }

    private QueuedFrame Frame(SharedEntries entries) => new(_frameHead, EntryFrames.BodyOf(entries, _data));
}
