using Galley.Api.Doors;
using Galley.Api.Streams;

namespace Galley.Api.WebSockets;

/// <summary>What one socket reads: streams, and groups of their consumers. Frames about them come by the socket's lane, one at a time.</summary>
internal sealed class SocketReaders(SocketServices services, IDoorSession session, string remoteAddress, SendQueue queue, Action<CloseCode> end)
{
    private readonly Lock _lock = new();
    private readonly SocketServices _services = services;
    private readonly IDoorSession _session = session;
    private readonly string _remoteAddress = remoteAddress;
    private readonly SendQueue _queue = queue;
    private readonly Action<CloseCode> _end = end;
    private readonly Dictionary<string, IReader> _byId = [];
    private bool _isClosed;

    public int Count
    {
        get
        {
            lock (_lock) return _byId.Count;
        }
    }

    public bool Has(string id) => Find(id) is not null;

    /// <summary>The frame is about a reader.</summary>
    public static bool Serves(ClientFrame frame) => frame.Type is FrameTypes.StreamRead or FrameTypes.GroupRead or FrameTypes.Credit
        or FrameTypes.Acknowledge or FrameTypes.Refuse or FrameTypes.Claim;

    public async ValueTask ServeAsync(ClientFrame frame)
    {
        byte[]? answer = frame.Type switch
        {
            FrameTypes.StreamRead => await ReadStreamsAsync(frame),
            FrameTypes.GroupRead => await ReadGroupAsync(frame),
            FrameTypes.Credit => AddCredit(frame),
            _ => await AnswerAsync(frame),
        };
        if (answer is not null) await _queue.AddAsync(answer);
    }

    /// <summary>Ends the reader of an unsubscribe frame; what it was given and has not acknowledged stays pending.</summary>
    public async ValueTask CloseAsync(ClientFrame frame)
    {
        IReader? reader = Find(frame.Id!);
        if (reader is not null) Remove(reader);
        reader?.Close();
        await _queue.AddAsync(ServerFrames.Unsubscribed(frame.Id!, remaining: 0));
    }

    /// <summary>The socket ends: nothing more is taken from any stream.</summary>
    public void Close()
    {
        IReader[] readers;
        lock (_lock)
        {
            _isClosed = true;
            readers = [.. _byId.Values];
            _byId.Clear();
        }
        foreach (IReader reader in readers) reader.Close();
    }

    private async ValueTask<byte[]?> ReadStreamsAsync(ClientFrame frame)
    {
        ReaderHost host = Host();
        byte[] replies = await _session.RunAsync(_services.Batches, batch =>
        {
            foreach ((string stream, _) in frame.Streams!) StreamPage.Ask(batch, stream);
        });
        var streams = new List<ReaderStream>();
        if (Begin(frame, replies, streams) is { } refusal) return refusal;
        var reader = new StreamReader(host, frame, streams);
        if (TryAdd(reader)) reader.Start();
        return null;
    }

    /// <summary>Finds where each stream is read from, as it is when the frame's turn comes; or why it cannot be read.</summary>
    private static byte[]? Begin(ClientFrame frame, ReadOnlyMemory<byte> replies, List<ReaderStream> streams)
    {
        foreach ((string key, string? from) in frame.Streams!)
        {
            StreamPage page = StreamPage.Read(key, replies, out int length);
            replies = replies[length..];
            if (page.Failure is { } failure) return ServerFrames.Failure(frame.Id!, failure);
            StreamPosition position = from == "$" ? StreamPosition.AtEnd(page) : new StreamPosition(SharedEntries.IdOf(System.Text.Encoding.ASCII.GetBytes(from!)));
            streams.Add(new ReaderStream(key, position));
            // What has gone as a whole has lost what came behind that entry.
            if (page.IsMissing && position.Id != default && frame.OnGap != "skip") return ServerFrames.GapError(frame.Id!, key, StreamGap.Behind(position, page));
        }
        return null;
    }

    private async ValueTask<byte[]?> ReadGroupAsync(ClientFrame frame)
    {
        var reader = new GroupReader(Host(), frame);
        if (await reader.CreateAsync(frame) is { } refusal)
        {
            reader.Close();
            return refusal;
        }
        if (TryAdd(reader)) reader.Start();
        return null;
    }

    private byte[]? AddCredit(ClientFrame frame)
    {
        if (Find(frame.Id!) is not { } reader) return NoReader(frame);
        reader.AddCredit(frame.More!.Value);
        return null;
    }

    private async ValueTask<byte[]?> AnswerAsync(ClientFrame frame) => Find(frame.Id!) is not GroupReader reader
        ? NoReader(frame)
        : frame.Type switch
        {
            FrameTypes.Acknowledge => await reader.AcknowledgeAsync(frame),
            FrameTypes.Refuse => reader.Return(frame),
            _ => await reader.ClaimAsync(frame),
        };

    private static byte[] NoReader(ClientFrame frame) =>
        ServerFrames.Failure(frame.Id!, "BADFRAME nothing that can be asked this has this id", frame.Request);

    private ReaderHost Host() => new(_services, _remoteAddress, _session.Client, _queue, Remove, () => _end(CloseCode.InternalError));

    private IReader? Find(string id)
    {
        lock (_lock) return _byId.GetValueOrDefault(id);
    }

    /// <summary>Adds a reader, or closes it where the socket has ended.</summary>
    private bool TryAdd(IReader reader)
    {
        lock (_lock)
        {
            if (!_isClosed)
            {
                _byId[reader.Id] = reader;
                return true;
            }
        }
        reader.Close();
        return false;
    }

    private void Remove(IReader reader)
    {
        lock (_lock)
            if (_byId.GetValueOrDefault(reader.Id) == reader) _byId.Remove(reader.Id);
    }
}
