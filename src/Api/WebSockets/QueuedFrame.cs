using System.Globalization;
using Galley.Api.PubSub;

namespace Galley.Api.WebSockets;

/// <summary>
/// A frame that waits: a reply, whole; entries of a stream, which others may share; or a message, of which it has only its number; the rest is its subscription's and
/// shared by all who hear it.
/// </summary>
internal sealed class QueuedFrame
{
    private readonly byte[] _head;
    private readonly byte[] _body;
    private readonly long _number;

    public QueuedFrame(byte[] payload)
    {
        _head = payload;
        _body = [];
        Bytes = payload.Length;
    }

    /// <param name="head">What is the receiver's own.</param>
    /// <param name="body">What others may share.</param>
    public QueuedFrame(byte[] head, byte[] body)
    {
        _head = head;
        _body = body;
        Bytes = head.Length + body.Length;
    }

    public QueuedFrame(SharedMessage message, Subscription subscription, long number)
    {
        Message = message;
        Subscription = subscription;
        _head = subscription.FrameHead;
        _body = MessageFrame.SharedPart(message, subscription.Data);
        _number = number;
        Bytes = _head.Length + _body.Length + DigitsOf(number) + 1;
    }

    public SharedMessage? Message { get; }

    public Subscription? Subscription { get; }

    /// <summary>Its payload's length.</summary>
    public int Bytes { get; }

    /// <summary>The longest end of a message: a number and a brace.</summary>
    public const int TailBytesMax = 20;

    /// <summary>What comes before the shared part; of a reply, all of it.</summary>
    public ReadOnlyMemory<byte> Head => _head;

    public ReadOnlyMemory<byte> Body => _body;

    /// <summary>Its place among all frames, and among those of its subscription.</summary>
    public QueuedFrame? Previous { get; set; }

    public QueuedFrame? Next { get; set; }

    public QueuedFrame? OwnPrevious { get; set; }

    public QueuedFrame? OwnNext { get; set; }

    /// <summary>Writes what comes after the shared part; returns its length.</summary>
    public int WriteTail(Span<byte> output)
    {
        if (Message is null) return 0;
        _number.TryFormat(output, out int length, default, CultureInfo.InvariantCulture);
        output[length] = (byte)'}';
        return length + 1;
    }

    private static int DigitsOf(long number)
    {
        int digits = 1;
        for (; number >= 10; number /= 10) digits++;
        return digits;
    }
}
