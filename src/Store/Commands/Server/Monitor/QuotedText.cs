using System.Buffers;
using Galley.Resp.Protocol;

namespace Galley.Store.Commands;

/// <summary>Bytes in double quotes, as redis-cli shows them: what cannot be printed is escaped, so that a line stays one.</summary>
internal static class QuotedText
{
    private static readonly SearchValues<byte> AsTheyAre = SearchValues.Create(
        " !#$%&'()*+,-./0123456789:;<=>?@ABCDEFGHIJKLMNOPQRSTUVWXYZ[]^_`abcdefghijklmnopqrstuvwxyz{|}~"u8);

    public static void Append(OutputBuffer output, ReadOnlySpan<byte> text)
    {
        output.Append("\""u8);
        while (!text.IsEmpty)
        {
            int plain = text.IndexOfAnyExcept(AsTheyAre);
            if (plain < 0) plain = text.Length;
            output.Append(text[..plain]);
            if (plain == text.Length) break;
            AppendEscaped(output, text[plain]);
            text = text[(plain + 1)..];
        }
        output.Append("\""u8);
    }

    private static void AppendEscaped(OutputBuffer output, byte value)
    {
        switch (value)
        {
            case (byte)'\\' or (byte)'"':
                output.Append([(byte)'\\', value]);
                break;
            case (byte)'\n':
                output.Append("\\n"u8);
                break;
            case (byte)'\r':
                output.Append("\\r"u8);
                break;
            case (byte)'\t':
                output.Append("\\t"u8);
                break;
            case (byte)'\a':
                output.Append("\\a"u8);
                break;
            case (byte)'\b':
                output.Append("\\b"u8);
                break;
            default:
                ReadOnlySpan<byte> digits = "0123456789abcdef"u8;
                output.Append([(byte)'\\', (byte)'x', digits[value >> 4], digits[value & 15]]);
                break;
        }
    }
}
