using System.Buffers;
using System.Text;

namespace Galley.Store.Configuration;

/// <summary>
/// Bytes as text and back, without loss: what is UTF-8 becomes the text it means, so that paths name the files they are
/// meant to; a byte that is not becomes a lone surrogate (0xDC00 and the byte), which no UTF-8 can hold. Passwords and
/// file names may be any bytes in redis.conf and CONFIG SET.
/// </summary>
public static class TextBytes
{
    private const int Escape = 0xDC00;
    private const int ByteMax = 0xFF;

    public static string Decode(ReadOnlySpan<byte> bytes)
    {
        var text = new StringBuilder(bytes.Length);
        Span<char> letters = stackalloc char[2];
        while (!bytes.IsEmpty)
        {
            if (Rune.DecodeFromUtf8(bytes, out Rune rune, out int length) == OperationStatus.Done)
            {
                text.Append(letters[..rune.EncodeToUtf16(letters)]);
            }
            else
            {
                foreach (byte stray in bytes[..length]) text.Append((char)(Escape + stray));
            }
            bytes = bytes[length..];
        }
        return text.ToString();
    }

    public static byte[] Encode(string text)
    {
        var bytes = new ArrayBufferWriter<byte>(Math.Max(1, text.Length));
        ReadOnlySpan<char> rest = text;
        while (!rest.IsEmpty)
        {
            bool isEscape = rest[0] is >= (char)Escape and <= (char)(Escape + ByteMax);
            if (isEscape)
            {
                bytes.Write([(byte)(rest[0] - Escape)]);
                rest = rest[1..];
                continue;
            }
            Rune.DecodeFromUtf16(rest, out Rune rune, out int length);
            bytes.Advance(rune.EncodeToUtf8(bytes.GetSpan(4)));
            rest = rest[length..];
        }
        return bytes.WrittenSpan.ToArray();
    }
}
