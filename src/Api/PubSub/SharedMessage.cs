using System.Text;

namespace Galley.Api.PubSub;

/// <summary>
/// A published message, shared by all sockets and streams that hear it. The engine pushes it as RESP, in either version:
/// <code>
///   message  channel payload
///   pmessage pattern channel payload
///   smessage shard-channel payload
///   +1700000000.123456 [0 127.0.0.1:50312] "SET" "k" "v"
/// </code>
/// It is read once, and encoded once for each form in which somebody wants it. The fan-out's worker reads it before
/// anybody else has it. Where two threads encode it at once, both results are the same.
/// </summary>
internal sealed class SharedMessage(ReadOnlyMemory<byte> resp, long logOffset)
{
    private readonly byte[]?[] _forms = new byte[]?[(int)MessageForm.Upstash + 1];
    private bool _isRead;
    private int _deliveries;

    /// <summary>The push as the engine made it.</summary>
    public ReadOnlyMemory<byte> Resp { get; } = resp;

    /// <summary>It may not leave before the log is released up to here.</summary>
    public long LogOffset { get; } = logOffset;

    public MessageKind Kind { get; private set; }

    /// <summary>The channel, or the pattern by which it was heard, as bytes.</summary>
    public ReadOnlyMemory<byte> NameBytes { get; private set; }

    public ReadOnlyMemory<byte> ChannelBytes { get; private set; }

    public ReadOnlyMemory<byte> Payload { get; private set; }

    /// <summary>The channel, or the pattern by which it was heard.</summary>
    public string Name => field ??= Encoding.UTF8.GetString(NameBytes.Span);

    public string Channel => field ??= Encoding.UTF8.GetString(ChannelBytes.Span);

    /// <summary>Reads the push, the first time; false for one that is no message (the confirmation of a subscription).</summary>
    public bool TryRead()
    {
        if (_isRead) return true;
        if (Resp.Span[0] == (byte)'+')
        {
            Kind = MessageKind.MonitorLine;
            Payload = Resp[1..^2];
            return _isRead = true;
        }
        var reader = new PushReader(Resp);
        int count = reader.ReadNumber();
        if (KindOf(reader.ReadBulk().Span, count) is not { } kind) return false;
        Kind = kind;
        NameBytes = reader.ReadBulk();
        ChannelBytes = kind == MessageKind.ByPattern ? reader.ReadBulk() : NameBytes;
        Payload = reader.ReadBulk();
        return _isRead = true;
    }

    /// <summary>One more delivery of it waits; true for the first.</summary>
    public bool Retain() => Interlocked.Increment(ref _deliveries) == 1;

    /// <summary>One delivery less waits; true when none is left.</summary>
    public bool Release() => Interlocked.Decrement(ref _deliveries) == 0;

    /// <summary>The message in a form that all who want it share; encoded for the first of them.</summary>
    public byte[] In(MessageForm form, Func<SharedMessage, byte[]> encode) => _forms[(int)form] ??= encode(this);

    private static MessageKind? KindOf(ReadOnlySpan<byte> word, int count) => count switch
    {
        3 when word.SequenceEqual("message"u8) => MessageKind.Message,
        4 when word.SequenceEqual("pmessage"u8) => MessageKind.ByPattern,
        3 when word.SequenceEqual("smessage"u8) => MessageKind.OfShard,
        _ => null,
    };
}

/// <summary>What a message may be encoded as: a part of a frame, or an event.</summary>
internal enum MessageForm : byte
{
    SocketUtf8,
    SocketJson,
    SocketBase64,
    EventUtf8,
    EventJson,
    EventBase64,
    Upstash,
}
