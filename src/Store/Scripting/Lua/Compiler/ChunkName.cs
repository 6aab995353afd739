using System.Text;

namespace Galley.Store.Scripting.Lua;

/// <summary>The name of a chunk as messages show it, of at most 79 bytes, as Debian's redis-server and lua5.1 are built.</summary>
internal static class ChunkName
{
    private const int BytesMax = 80;

    /// <summary>=name as it is, @file with its end, anything else as [string "its first line..."].</summary>
    public static string Shorten(ReadOnlySpan<byte> name)
    {
        int zero = name.IndexOf((byte)0);
        string text = Encoding.Latin1.GetString(zero < 0 ? name : name[..zero]);
        if (text.StartsWith('=')) return text[1..Math.Min(text.Length, BytesMax)];
        if (text.StartsWith('@'))
        {
            const int room = BytesMax - 8;
            return text.Length - 1 > room ? "..." + text[^room..] : text[1..];
        }
        const int around = 17; // [string "..."] and its end
        int line = text.AsSpan().IndexOfAny('\n', '\r');
        int length = Math.Min(line < 0 ? text.Length : line, BytesMax - around);
        return length < text.Length ? $"[string \"{text[..length]}...\"]" : $"[string \"{text}\"]";
    }
}
