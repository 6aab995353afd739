using Galley.Resp.Protocol;
using Galley.Store.Keyspace;

namespace Galley.Store.Commands;

/// <summary>
/// The cursor of SCAN and its sisters in text. redis-server reads it with C's <c>strtoul</c>: a sign and zeros in front
/// are taken, no text at all is 0, and a negative number wraps round.
/// <para>
/// It is written without the bits that are always zero, and so is below 2^53: clients keep it in a signed integer (phpredis 5,
/// which went round without end) or in a double (node-redis 4, which would have lost the partition).
/// </para>
/// </summary>
internal static class ScanCursor
{
    public static bool TryParse(ReadOnlySpan<byte> text, out ulong cursor)
    {
        cursor = 0;
        if (text.IsEmpty) return true;
        bool isNegative = text[0] == '-';
        ReadOnlySpan<byte> digits = text[0] is (byte)'-' or (byte)'+' ? text[1..] : text;
        if (digits.IsEmpty) return false;
        foreach (byte b in digits)
        {
            uint digit = (uint)b - '0';
            if (digit > 9 || cursor > (ulong.MaxValue - digit) / 10) return false;
            cursor = cursor * 10 + digit;
        }
        if (isNegative) cursor = 0 - cursor;
        cursor <<= KeyspaceScan.CursorFreeBits;
        return true;
    }

    public static void Write(RespWriter reply, ulong cursor)
    {
        Span<byte> digits = stackalloc byte[Numbers.IntegerBytesMax];
        reply.Bulk(digits[..Numbers.FormatUInt64(cursor >> KeyspaceScan.CursorFreeBits, digits)]);
    }
}
