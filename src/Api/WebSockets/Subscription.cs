namespace Galley.Api.WebSockets;

internal enum DataMode : byte { Utf8, Json, Base64 }

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
internal sealed class Subscription(string id, bool isByPattern, IEnumerable<string> names, DataMode data, SlowRule onSlow)
{
    public string Id { get; } = id;

    public bool IsByPattern { get; } = isByPattern;

    /// <summary>Its channels, or patterns, that are left.</summary>
    public HashSet<string> Names { get; } = [.. names];

    public DataMode Data { get; } = data;

    public SlowRule OnSlow { get; } = onSlow;

    /// <summary>
    /// Messages that came before the client was told of the subscription: they wait, so that a message never comes
    /// before its confirmation and none is lost after it. Null once it was told.
    /// </summary>
    private List<(byte[] Frame, string Channel)>? _early = [];

    private readonly Lock _confirming = new();

    /// <summary>Keeps a message back; false when the client knows of the subscription.</summary>
    public bool TryHold(byte[] frame, string channel)
    {
        lock (_confirming)
        {
            _early?.Add((frame, channel));
            return _early is not null;
        }
    }

    /// <summary>The client was told: hands over what waited, in order; false when the receiver took one not.</summary>
    public bool Confirm(Func<byte[], string, bool> receive)
    {
        lock (_confirming)
        {
            List<(byte[] Frame, string Channel)> early = _early ?? [];
            _early = null;
            return early.TrueForAll(message => receive(message.Frame, message.Channel));
        }
    }

    /// <summary>Messages that it was given; a hole in the numbers shows what was dropped.</summary>
    public long MessageCount { get; set; }

    /// <summary>Messages dropped since the last gap frame. The queue's own.</summary>
    public long DroppedCount { get; set; }

    /// <summary>Its messages in the queue, oldest first. The queue's own.</summary>
    public LinkedList<QueuedFrame> Queued { get; } = new();
}
