using System.Buffers;
using Galley.Api.PubSub;

namespace Galley.Api.WebSockets;

/// <summary>What happens to a subscription whose messages come faster than the socket sends.</summary>
internal enum SlowRule : byte
{
    /// <summary>The socket is closed.</summary>
    Close,

    /// <summary>Its oldest messages go, and a gap frame counts them.</summary>
    DropOldest,

    /// <summary>Of each channel only the newest message is kept.</summary>
    Conflate,
}

/// <summary>A subscription of a socket, by the id its client gave it.</summary>
internal sealed class Subscription
{
    /// <summary>
    /// Messages that may come before the client was told: the confirmation is on its way, but where the client does not
    /// read, it waits. They have no more bytes than the queue may have.
    /// </summary>
    private const int EarlyMax = 4096;

    private readonly Lock _confirming = new();
    private List<SharedMessage>? _early = [];
    private long _earlyBytes;
    private long _messageCount;

    public Subscription(string id, MessageKind kind, IEnumerable<string> names, DataMode data, SlowRule onSlow)
    {
        Id = id;
        Kind = kind;
        Names = [.. names];
        Data = data;
        OnSlow = onSlow;
        FrameHead = HeadOf(SubscriptionWords.Of(kind).Message, id);
    }

    public string Id { get; }

    /// <summary>What it hears: messages of channels, of shard channels, or by patterns.</summary>
    public MessageKind Kind { get; }

    /// <summary>Its channels, or patterns, that are left.</summary>
    public HashSet<string> Names { get; }

    public DataMode Data { get; }

    public SlowRule OnSlow { get; }

    /// <summary>The beginning of each of its messages.</summary>
    public byte[] FrameHead { get; }

    /// <summary>Messages dropped since the last gap frame. The queue's own.</summary>
    public long DroppedCount { get; set; }

    /// <summary>Its messages in the queue, oldest first. The queue's own.</summary>
    public OwnFrames Queued { get; } = new();

    /// <summary>
    /// Puts a message into the queue, with its number; one that comes before the client was told of the subscription
    /// waits, so that a message never comes before its confirmation and none is lost after it. False when the socket must
    /// be closed.
    /// </summary>
    public bool TryReceive(SharedMessage message, SendQueue queue)
    {
        lock (_confirming)
        {
            if (_early is null) return queue.TryAdd(message, this, ++_messageCount);
            if (_early.Count == EarlyMax || _earlyBytes >= queue.BytesMax) return false;
            _early.Add(message);
            _earlyBytes += message.Resp.Length;
            return true;
        }
    }

    /// <summary>The client was told: what waited follows, in order. False when the socket must be closed.</summary>
    public bool TryConfirm(SendQueue queue)
    {
        lock (_confirming)
        {
            List<SharedMessage> early = _early ?? [];
            _early = null;
            return early.TrueForAll(message => queue.TryAdd(message, this, ++_messageCount));
        }
    }

    /// <summary>What a frame's data asks for.</summary>
    public static DataMode ModeOf(string? data) => data switch { "json" => DataMode.Json, "base64" => DataMode.Base64, _ => DataMode.Utf8 };

    private static byte[] HeadOf(string type, string id)
    {
        var head = new ArrayBufferWriter<byte>(64);
        ServerFrames.WriteHead(head, type, id);
        return head.WrittenSpan.ToArray();
    }
}
