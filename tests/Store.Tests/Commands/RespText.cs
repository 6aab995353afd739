using System.Text;

namespace Galley.Store.Tests.Commands;

/// <summary>RESP as a test wants to read it.</summary>
internal static class RespText
{
    /// <summary>The commands of a log: words with spaces, commands with semicolons between.</summary>
    public static string Commands(byte[] resp)
    {
        var commands = new List<string>();
        int at = 0;
        while (at < resp.Length)
        {
            int count = ReadCount(resp, ref at, '*');
            var words = new string[count];
            for (int i = 0; i < count; i++)
            {
                int length = ReadCount(resp, ref at, '$');
                words[i] = Encoding.Latin1.GetString(resp, at, length);
                at += length + 2;
            }
            commands.Add(string.Join(' ', words));
        }
        return string.Join("; ", commands);
    }

    /// <summary>Cursor and keys of a reply of SCAN, as the test client prints it.</summary>
    public static (string Cursor, string[] Keys) Scan(string reply)
    {
        string[] parts = reply.Split(' ');
        Assert.Equal("*2", parts[0]);
        string[] keys = [.. parts.Skip(4).Where((_, i) => i % 2 == 1)];
        Assert.Equal("*" + keys.Length, parts[3]);
        return (parts[2], keys);
    }

    private static int ReadCount(byte[] resp, ref int at, char type)
    {
        Assert.Equal(type, (char)resp[at]);
        int end = Array.IndexOf(resp, (byte)'\r', at);
        int count = int.Parse(Encoding.ASCII.GetString(resp, at + 1, end - at - 1));
        at = end + 2;
        return count;
    }
}
