using System.Buffers.Binary;
using System.Text.Unicode;

namespace Galley.Api.WebSockets;

/// <summary>What a close says: a code in two bytes, and a reason in UTF-8.</summary>
internal static class ClosePayload
{
    public static byte[] Of(Ending ending)
    {
        var payload = new byte[sizeof(ushort) + SocketLimits.CloseReasonBytesMax];
        BinaryPrimitives.WriteUInt16BigEndian(payload, (ushort)ending.Code);
        Utf8.FromUtf16(ending.Reason, payload.AsSpan(sizeof(ushort)), out _, out int length);
        return payload[..(sizeof(ushort) + length)];
    }

    /// <summary>The close that answers a client's: its own code, or the ordinary one where it gave none.</summary>
    /// <exception cref="ProtocolException">RFC 6455, 7.4 knows no such code, or the reason is no text.</exception>
    public static Ending AnswerTo(ReadOnlySpan<byte> payload)
    {
        if (payload.IsEmpty) return new Ending(CloseCode.Normal, "");
        if (payload.Length < sizeof(ushort)) throw new ProtocolException("a close has no payload, or a code of two bytes");
        int code = BinaryPrimitives.ReadUInt16BigEndian(payload);
        bool isKnown = code is (>= 1000 and <= 1003) or (>= 1007 and <= 1014) or (>= 3000 and <= 4999);
        if (!isKnown || !Utf8.IsValid(payload[sizeof(ushort)..])) throw new ProtocolException("there is no such close code");
        return new Ending((CloseCode)code, "");
    }
}
