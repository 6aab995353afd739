using System.Buffers.Text;

namespace Galley.Api.Rest;

/// <summary>Measures replies.</summary>
internal static class RespLength
{
    /// <summary>The bytes of the first of several replies.</summary>
    public static int OfFirst(ReadOnlySpan<byte> resp)
    {
        int at = 0;
        // What is still to be passed: an array adds its elements.
        for (long values = 1; values > 0; values--)
        {
            int line = resp[at..].IndexOf("\r\n"u8);
            byte type = resp[at];
            bool hasLength = Utf8Parser.TryParse(resp.Slice(at + 1, line - 1), out long length, out _);
            at += line + 2;
            if (!hasLength) continue;
            if (type is (byte)'$' or (byte)'=' or (byte)'!' && length >= 0) at += (int)length + 2;
            else if (type is (byte)'*' or (byte)'~' or (byte)'>' && length > 0) values += length;
            else if (type == '%') values += length * 2;
        }
        return at;
    }
}
