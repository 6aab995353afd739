using System.Text;

namespace Galley.Store.Commands;

/// <summary>What C's <c>%s</c> prints of a client's bytes, and so what redis-server's errors quote: up to a NUL.</summary>
internal static class PrintedText
{
    /// <param name="lengthMax">The precision, as in <c>%.128s</c>.</param>
    public static string Of(ReadOnlySpan<byte> bytes, int lengthMax = int.MaxValue)
    {
        int end = bytes.IndexOf((byte)0);
        int length = Math.Min(end < 0 ? bytes.Length : end, lengthMax);
        return Encoding.Latin1.GetString(bytes[..length]);
    }
}
