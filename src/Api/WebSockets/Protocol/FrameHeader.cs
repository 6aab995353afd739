using System.Buffers.Binary;

namespace Galley.Api.WebSockets;

/// <summary>
/// The head of a frame of RFC 6455. What clients send is masked, what the server sends is not.
/// <code>
///   FIN rsv rsv rsv opcode(4) | MASK length(7) | length 16 or 64 bits, if 126 or 127 | mask(32), if MASK | payload
/// </code>
/// </summary>
/// <param name="Length">Bytes of the head itself.</param>
internal readonly record struct FrameHeader(Opcode Opcode, bool IsFinal, int Length, long PayloadBytes, uint Mask)
{
    /// <summary>The longest head that the server sends.</summary>
    public const int SentBytesMax = 10;

    /// <summary>The longest payload of a close, ping or pong.</summary>
    public const int ControlPayloadBytesMax = 125;

    private const int Final = 0x80;
    private const int Reserved = 0x70;
    private const int Masked = 0x80;
    private const int Length16 = 126;
    private const int Length64 = 127;

    /// <summary>Close, ping or pong: it may stand between the frames of a message.</summary>
    public bool IsControl => Opcode >= Opcode.Close;

    /// <summary>Reads the head of a client's frame; false when it is not all there.</summary>
    /// <exception cref="ProtocolException">It breaks RFC 6455.</exception>
    public static bool TryRead(ReadOnlySpan<byte> bytes, out FrameHeader header)
    {
        header = default;
        if (bytes.Length < 2) return false;
        if ((bytes[0] & Reserved) != 0) throw new ProtocolException("a reserved bit is set: no extension was agreed on");
        if ((bytes[1] & Masked) == 0) throw new ProtocolException("a client must mask its frames");
        var opcode = (Opcode)(bytes[0] & 0xf);
        if (!Enum.IsDefined(opcode)) throw new ProtocolException("there is no such opcode");

        int at = 2;
        long payloadBytes = bytes[1] & ~Masked;
        if (payloadBytes == Length16)
        {
            if (bytes.Length < at + sizeof(ushort)) return false;
            payloadBytes = BinaryPrimitives.ReadUInt16BigEndian(bytes[at..]);
            at += sizeof(ushort);
        }
        else if (payloadBytes == Length64)
        {
            if (bytes.Length < at + sizeof(long)) return false;
            payloadBytes = BinaryPrimitives.ReadInt64BigEndian(bytes[at..]);
            at += sizeof(long);
            if (payloadBytes < 0) throw new ProtocolException("the length of a frame has 63 bits");
        }
        if (bytes.Length < at + sizeof(uint)) return false;
        uint mask = BinaryPrimitives.ReadUInt32LittleEndian(bytes[at..]);
        header = new FrameHeader(opcode, (bytes[0] & Final) != 0, at + sizeof(uint), payloadBytes, mask);
        if (header.IsControl && (payloadBytes > ControlPayloadBytesMax || !header.IsFinal))
            throw new ProtocolException("a control frame has 125 bytes at most and is not divided");
        return true;
    }

    /// <summary>Writes the head of a whole message; returns its length.</summary>
    public static int Write(Span<byte> output, Opcode opcode, long payloadBytes)
    {
        output[0] = (byte)(Final | (int)opcode);
        if (payloadBytes < Length16)
        {
            output[1] = (byte)payloadBytes;
            return 2;
        }
        if (payloadBytes <= ushort.MaxValue)
        {
            output[1] = Length16;
            BinaryPrimitives.WriteUInt16BigEndian(output[2..], (ushort)payloadBytes);
            return 2 + sizeof(ushort);
        }
        output[1] = Length64;
        BinaryPrimitives.WriteInt64BigEndian(output[2..], payloadBytes);
        return 2 + sizeof(long);
    }
}
