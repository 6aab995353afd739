using Galley.Resp.Protocol;

namespace Galley.Store.Keyspace;

/// <summary>The encodings that redis-server would have chosen for a string. What is really stored is always its bytes.</summary>
internal static class StringEncoding
{
    /// <summary>The longest string that redis-server embeds in its object.</summary>
    private const int EmbeddedBytesMax = 44;

    /// <summary>The longest decimal integer of 64 bits.</summary>
    private const int IntegerBytesMax = 20;

    public static string NameOf(EntryFlags head, ReadOnlySpan<byte> value)
    {
        if ((head & EntryFlags.Edited) != 0) return "raw";
        bool mayBeInteger = (head & EntryFlags.Text) == 0 && value.Length <= IntegerBytesMax;
        if (mayBeInteger && Numbers.TryParseInt64(value, out _)) return "int";
        return value.Length <= EmbeddedBytesMax ? "embstr" : "raw";
    }
}
