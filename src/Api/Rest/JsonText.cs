using System.Buffers;
using System.Buffers.Text;
using System.Text;
using System.Text.Unicode;

namespace Galley.Api.Rest;

/// <summary>
/// Writes bytes as JSON strings, in pieces, so that a value of half a gigabyte needs no second buffer of its size.
/// What is not UTF-8 becomes U+FFFD.
/// </summary>
internal static class JsonText
{
    private const int PieceBytesMax = 16 * 1024;

    // Quotation mark, backslash and the control characters must be escaped; nothing else need be.
    private static readonly SearchValues<byte> Escaped = SearchValues.Create([.. Enumerable.Range(0, 32).Select(code => (byte)code), (byte)'"', (byte)'\\']);

    public static void WriteString(IBufferWriter<byte> output, ReadOnlySpan<byte> text)
    {
        output.Write("\""u8);
        WriteContent(output, text);
        output.Write("\""u8);
    }

    /// <summary>A part of a string; its quotation marks are the caller's.</summary>
    public static void WriteContent(IBufferWriter<byte> output, ReadOnlySpan<byte> text)
    {
        if (Utf8.IsValid(text)) WriteValid(output, text);
        else WriteRepaired(output, text);
    }

    public static void WriteString(IBufferWriter<byte> output, string text) => WriteString(output, Encoding.UTF8.GetBytes(text));

    public static void WriteBase64(IBufferWriter<byte> output, ReadOnlySpan<byte> bytes)
    {
        output.Write("\""u8);
        WriteBase64Content(output, bytes);
        output.Write("\""u8);
    }

    /// <summary>A part of a string in base64; all parts but the last must be of a multiple of three bytes.</summary>
    public static void WriteBase64Content(IBufferWriter<byte> output, ReadOnlySpan<byte> bytes)
    {
        // A multiple of three, so that only the last piece is padded.
        const int BytesPerPiece = PieceBytesMax / 4 * 3;
        while (!bytes.IsEmpty)
        {
            ReadOnlySpan<byte> piece = bytes[..Math.Min(bytes.Length, BytesPerPiece)];
            Base64.EncodeToUtf8(piece, output.GetSpan(Base64.GetMaxEncodedToUtf8Length(piece.Length)), out _, out int written);
            output.Advance(written);
            bytes = bytes[piece.Length..];
        }
    }

    /// <summary>How much of a text may be written by itself: at most so much, and no character is cut in two.</summary>
    public static int WholeCharacters(ReadOnlySpan<byte> text, int lengthMax)
    {
        if (text.Length <= lengthMax) return text.Length;
        int length = lengthMax;
        // Bytes 10xxxxxx go on with a character; more than three in a row are no UTF-8, and may be cut anywhere.
        while (length > lengthMax - 4 && (text[length] & 0xC0) == 0x80) length--;
        return length;
    }

    private static void WriteValid(IBufferWriter<byte> output, ReadOnlySpan<byte> text)
    {
        while (true)
        {
            int special = text.IndexOfAny(Escaped);
            WritePieces(output, special < 0 ? text : text[..special]);
            if (special < 0) return;
            WriteEscape(output, text[special]);
            text = text[(special + 1)..];
        }
    }

    private static void WriteRepaired(IBufferWriter<byte> output, ReadOnlySpan<byte> text)
    {
        Span<byte> rune = stackalloc byte[4];
        while (!text.IsEmpty)
        {
            Rune.DecodeFromUtf8(text, out Rune value, out int length);
            WriteValid(output, rune[..value.EncodeToUtf8(rune)]);
            text = text[length..];
        }
    }

    private static void WriteEscape(IBufferWriter<byte> output, byte code)
    {
        switch (code)
        {
            case (byte)'"': output.Write("\\\""u8); break;
            case (byte)'\\': output.Write("\\\\"u8); break;
            case (byte)'\n': output.Write("\\n"u8); break;
            case (byte)'\r': output.Write("\\r"u8); break;
            case (byte)'\t': output.Write("\\t"u8); break;
            default:
                ReadOnlySpan<byte> digits = "0123456789abcdef"u8;
                output.Write([.. "\\u00"u8, digits[code >> 4], digits[code & 15]]);
                break;
        }
    }

    private static void WritePieces(IBufferWriter<byte> output, ReadOnlySpan<byte> text)
    {
        while (text.Length > PieceBytesMax)
        {
            output.Write(text[..PieceBytesMax]);
            text = text[PieceBytesMax..];
        }
        output.Write(text);
    }
}
