using System.Buffers.Text;
using System.Diagnostics;
using Galley.Resp.Protocol;

namespace Galley.Store.Commands;

/// <summary>
/// A published message as its listeners get it, in an array of just its length: it is kept until the slowest of them has
/// taken it.
/// </summary>
internal static class MessagePush
{
    /// <summary>What stands round the bytes of a bulk string: <c>$</c>, the digits of its length, and two line ends.</summary>
    private const int LineBytes = 5;

    /// <param name="word"><c>message</c>, <c>pmessage</c> or <c>smessage</c>.</param>
    /// <param name="pattern">The one by which it is heard, or null.</param>
    public static byte[] Encode(
        RespVersion version, ReadOnlySpan<byte> word, byte[]? pattern, ReadOnlySpan<byte> channel, ReadOnlySpan<byte> payload)
    {
        int length = "*3\r\n".Length + BulkLength(word) + BulkLength(channel) + BulkLength(payload);
        if (pattern is not null) length += BulkLength(pattern);
        var push = new byte[length];
        Span<byte> rest = push;
        rest[0] = version == RespVersion.Resp3 ? (byte)'>' : (byte)'*';
        rest[1] = pattern is null ? (byte)'3' : (byte)'4';
        "\r\n"u8.CopyTo(rest[2..]);
        rest = WriteBulk(rest[4..], word);
        if (pattern is not null) rest = WriteBulk(rest, pattern);
        rest = WriteBulk(rest, channel);
        rest = WriteBulk(rest, payload);
        Debug.Assert(rest.IsEmpty);
        return push;
    }

    private static int BulkLength(ReadOnlySpan<byte> bytes)
    {
        int digits = 1;
        for (int rest = bytes.Length; rest >= 10; rest /= 10) digits++;
        return LineBytes + digits + bytes.Length;
    }

    private static Span<byte> WriteBulk(Span<byte> output, ReadOnlySpan<byte> bytes)
    {
        output[0] = (byte)'$';
        Utf8Formatter.TryFormat(bytes.Length, output[1..], out int digits);
        output = output[(1 + digits)..];
        "\r\n"u8.CopyTo(output);
        bytes.CopyTo(output[2..]);
        output = output[(2 + bytes.Length)..];
        "\r\n"u8.CopyTo(output);
        return output[2..];
    }
}
