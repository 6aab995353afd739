using System.Buffers;
using System.Globalization;

namespace Galley.Api.Events;

/// <summary>
/// Writes server-sent events as the HTML standard has them: fields, one a line, and a blank line that ends the event.
/// <code>
///   event: message        id: 1700000000000-0
///   data: one line        data: another
///                         data: and its second line
/// </code>
/// </summary>
internal static class EventText
{
    /// <summary>A comment: clients ignore it.</summary>
    public static byte[] Heartbeat { get; } = ": keepalive\n\n"u8.ToArray();

    private static readonly SearchValues<byte> LineEnds = SearchValues.Create("\r\n"u8);

    /// <summary>A field whose value holds no line end, or whose reader does without them: each becomes a blank.</summary>
    public static void WriteField(IBufferWriter<byte> output, ReadOnlySpan<byte> name, ReadOnlySpan<byte> value)
    {
        output.Write(name);
        output.Write(": "u8);
        WriteInLine(output, value);
        output.Write("\n"u8);
    }

    /// <summary>Data of any number of lines. The client puts them together with <c>\n</c>, whatever ended them.</summary>
    public static void WriteData(IBufferWriter<byte> output, ReadOnlySpan<byte> data)
    {
        while (true)
        {
            int end = data.IndexOfAny(LineEnds);
            output.Write("data: "u8);
            output.Write(end < 0 ? data : data[..end]);
            output.Write("\n"u8);
            if (end < 0) return;
            data = data[(end + (data[end..].StartsWith("\r\n"u8) ? 2 : 1))..];
        }
    }

    /// <summary>Milliseconds after which a client whose stream has ended connects again.</summary>
    public static void WriteRetry(IBufferWriter<byte> output, int milliseconds)
    {
        Span<byte> digits = stackalloc byte[11];
        milliseconds.TryFormat(digits, out int length, default, CultureInfo.InvariantCulture);
        WriteField(output, "retry"u8, digits[..length]);
    }

    /// <summary>Ends the event: the client hands it on.</summary>
    public static void WriteEnd(IBufferWriter<byte> output) => output.Write("\n"u8);

    /// <summary>Text within a line, each line end of it a blank.</summary>
    public static void WriteInLine(IBufferWriter<byte> output, ReadOnlySpan<byte> text)
    {
        while (true)
        {
            int end = text.IndexOfAny(LineEnds);
            output.Write(end < 0 ? text : text[..end]);
            if (end < 0) return;
            output.Write(" "u8);
            text = text[(end + 1)..];
        }
    }

    public static bool HasLineEnd(ReadOnlySpan<byte> text) => text.ContainsAny(LineEnds);
}
