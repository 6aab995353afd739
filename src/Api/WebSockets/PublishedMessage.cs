using System.Buffers.Text;

namespace Galley.Api.WebSockets;

/// <summary>
/// A published message as the engine pushes it, in either version of RESP:
/// <code>
///   message  channel payload
///   pmessage pattern channel payload
/// </code>
/// </summary>
internal readonly record struct PublishedMessage(
    bool IsByPattern, ReadOnlyMemory<byte> Pattern, ReadOnlyMemory<byte> Channel, ReadOnlyMemory<byte> Payload)
{
    /// <summary>Reads a push; false for one that is no message (the confirmation of a subscription).</summary>
    public static bool TryRead(ReadOnlyMemory<byte> resp, out PublishedMessage message)
    {
        message = default;
        int count = ReadLength(ref resp);
        ReadOnlySpan<byte> kind = ReadBulk(ref resp).Span;
        if (count == 3 && kind.SequenceEqual("message"u8))
        {
            message = new PublishedMessage(false, default, ReadBulk(ref resp), ReadBulk(ref resp));
            return true;
        }
        if (count == 4 && kind.SequenceEqual("pmessage"u8))
        {
            message = new PublishedMessage(true, ReadBulk(ref resp), ReadBulk(ref resp), ReadBulk(ref resp));
            return true;
        }
        return false;
    }

    private static ReadOnlyMemory<byte> ReadBulk(ref ReadOnlyMemory<byte> resp)
    {
        int length = ReadLength(ref resp);
        ReadOnlyMemory<byte> bulk = resp[..length];
        resp = resp[(length + 2)..];
        return bulk;
    }

    private static int ReadLength(ref ReadOnlyMemory<byte> resp)
    {
        ReadOnlySpan<byte> span = resp.Span;
        int end = span.IndexOf("\r\n"u8);
        int length = Utf8Parser.TryParse(span[1..end], out int value, out _) ? value : 0;
        resp = resp[(end + 2)..];
        return length;
    }
}
