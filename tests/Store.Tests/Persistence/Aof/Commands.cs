using System.Globalization;
using System.Text;

namespace Galley.Store.Tests.Persistence.Aof;

/// <summary>Commands as the bytes of an append-only file.</summary>
internal static class Commands
{
    public static byte[] Of(params string[] words)
    {
        var text = new StringBuilder();
        text.Append(CultureInfo.InvariantCulture, $"*{words.Length}\r\n");
        foreach (string word in words) text.Append(CultureInfo.InvariantCulture, $"${word.Length}\r\n{word}\r\n");
        return Encoding.Latin1.GetBytes(text.ToString());
    }

    public static byte[] Join(params byte[][] parts) => [.. parts.SelectMany(static part => part)];
}
