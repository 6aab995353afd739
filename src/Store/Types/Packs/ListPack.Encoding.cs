using System.Buffers.Binary;
using Galley.Resp.Protocol;

namespace Galley.Store.Types;

/// <content>How elements are written: the shortest form of a number or a text, and its length behind it.</content>
public static partial class ListPack
{
    /// <summary>The bytes that a body's length takes. The borders, one short of what seven bits a byte hold, are redis-server's.</summary>
    private static int BackBytes(long body) => body switch
    {
        <= 127 => 1,
        < 16_383 => 2,
        < 2_097_151 => 3,
        < 268_435_455 => 4,
        _ => 5,
    };

    /// <summary>The bytes behind a body tell its length.</summary>
    private static bool IsBack(ReadOnlySpan<byte> back, int body)
    {
        Span<byte> expected = stackalloc byte[BackBytesMax];
        return back.SequenceEqual(expected[..WriteBack(expected, 0, body)]);
    }

    private static int WriteBack(Span<byte> room, int body) => WriteBack(room, body, body);

    private static int WriteBack(Span<byte> room, int at, int body)
    {
        int count = BackBytes(body);
        int rest = body;
        for (int i = count - 1; i >= 0; i--)
        {
            room[at + i] = (byte)((rest & 0x7F) | (i > 0 ? 0x80 : 0));
            rest >>= 7;
        }
        return count;
    }

    /// <summary>Writes the body of an integer, or what stands before the bytes of a text, and returns its length.</summary>
    private static int EncodeHead(ReadOnlySpan<byte> element, Span<byte> head, out bool isInteger)
    {
        long integer = 0;
        isInteger = element.Length is > 0 and <= IntegerTextBytesMax && element[0] <= '9' && Numbers.TryParseInt64(element, out integer);
        if (isInteger) return EncodeInteger(integer, head);
        switch (element.Length)
        {
            case < 64:
                head[0] = (byte)(0x80 | element.Length);
                return 1;
            case < 4096:
                head[0] = (byte)(0xE0 | (element.Length >> 8));
                head[1] = (byte)element.Length;
                return 2;
            default:
                head[0] = 0xF0;
                BinaryPrimitives.WriteInt32LittleEndian(head[1..], element.Length);
                return 5;
        }
    }

    private static int EncodeInteger(long value, Span<byte> body)
    {
        switch (value)
        {
            case >= 0 and <= 127:
                body[0] = (byte)value;
                return 1;
            case >= -4096 and <= 4095:
                body[0] = (byte)(0xC0 | ((value >> 8) & 0x1F));
                body[1] = (byte)value;
                return 2;
            case >= short.MinValue and <= short.MaxValue:
                body[0] = 0xF1;
                BinaryPrimitives.WriteInt16LittleEndian(body[1..], (short)value);
                return 3;
            case >= -(1 << 23) and < 1 << 23:
                body[0] = 0xF2;
                (body[1], body[2], body[3]) = ((byte)value, (byte)(value >> 8), (byte)(value >> 16));
                return 4;
            case >= int.MinValue and <= int.MaxValue:
                body[0] = 0xF3;
                BinaryPrimitives.WriteInt32LittleEndian(body[1..], (int)value);
                return 5;
            default:
                body[0] = 0xF4;
                BinaryPrimitives.WriteInt64LittleEndian(body[1..], value);
                return 9;
        }
    }
}
