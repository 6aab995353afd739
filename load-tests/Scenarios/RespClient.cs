using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Galley.LoadTests;

/// <summary>A client that makes no garbage between a request and its reply.</summary>
public sealed class RespClient : IDisposable
{
    private readonly byte[] _received = new byte[1 << 20];
    private readonly Socket _socket = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };

    public RespClient(int port) => _socket.Connect(IPAddress.Loopback, port);

    public static byte[] Encode(params string[] words)
    {
        var text = new StringBuilder(string.Create(CultureInfo.InvariantCulture, $"*{words.Length}\r\n"));
        foreach (string word in words) text.Append(CultureInfo.InvariantCulture, $"${word.Length}\r\n{word}\r\n");
        return Encoding.Latin1.GetBytes(text.ToString());
    }

    public void Send(ReadOnlySpan<byte> bytes)
    {
        while (bytes.Length > 0) bytes = bytes[_socket.Send(bytes)..];
    }

    /// <summary>Reads until so many lines have come; returns how many of them began an error.</summary>
    public int ReadLines(int lines)
    {
        int errors = 0;
        bool starts = true;
        while (lines > 0)
        {
            int count = _socket.Receive(_received);
            if (count == 0) throw new IOException("the server closed the connection");
            ReadOnlySpan<byte> rest = _received.AsSpan(0, count);
            if (starts && rest[0] == '-') errors++;
            for (int end = rest.IndexOf((byte)'\n'); end >= 0; end = rest.IndexOf((byte)'\n'))
            {
                lines--;
                rest = rest[(end + 1)..];
                if (rest.Length > 0 && rest[0] == '-') errors++;
            }
            starts = rest.Length == 0;
        }
        return errors;
    }

    /// <summary>Reads so many whole replies of RESP2, whatever they are; returns how many errors were among them.</summary>
    public int ReadReplies(int replies)
    {
        int errors = 0, kept = 0;
        long bulkLeft = 0;
        while (replies > 0)
        {
            int count = _socket.Receive(_received.AsSpan(kept));
            if (count == 0) throw new IOException("the server closed the connection");
            ReadOnlySpan<byte> rest = _received.AsSpan(0, kept + count);
            while (bulkLeft > 0 || rest.Contains((byte)'\n'))
            {
                int skipped = (int)Math.Min(bulkLeft, rest.Length);
                rest = rest[skipped..];
                bulkLeft -= skipped;
                if (bulkLeft > 0) break;
                if (skipped > 0) replies--;
                else TakeLine(ref rest, ref replies, ref bulkLeft, ref errors);
            }
            kept = rest.Length;
            rest.CopyTo(_received);
        }
        return errors;
    }

    /// <summary>Takes the line that begins a reply: an array adds its elements, and of a bulk string bytes are to follow.</summary>
    private static void TakeLine(ref ReadOnlySpan<byte> rest, ref int replies, ref long bulkLeft, ref int errors)
    {
        int end = rest.IndexOf((byte)'\n');
        int size = rest[0] is (byte)'$' or (byte)'*' ? int.Parse(rest[1..(end - 1)], CultureInfo.InvariantCulture) : -1;
        if (rest[0] == '-') errors++;
        if (rest[0] == '*') replies += Math.Max(size, 0) - 1;
        else if (size >= 0) bulkLeft = size + 2;
        else replies--;
        rest = rest[(end + 1)..];
    }

    /// <summary>Reads so many replies of one line each; tells which of them are <c>:0</c>.</summary>
    public bool[] ReadZeros(int lines)
    {
        bool[] isZero = new bool[lines];
        int read = 0, kept = 0;
        while (read < lines)
        {
            int count = _socket.Receive(_received.AsSpan(kept));
            if (count == 0) throw new IOException("the server closed the connection");
            ReadOnlySpan<byte> rest = _received.AsSpan(0, kept + count);
            for (int end = rest.IndexOf((byte)'\n'); end >= 0; end = rest.IndexOf((byte)'\n'))
            {
                isZero[read++] = rest[..end].SequenceEqual(":0\r"u8);
                rest = rest[(end + 1)..];
            }
            kept = rest.Length;
            rest.CopyTo(_received);
        }
        return isZero;
    }

    /// <summary>Asks, and returns the lines of the reply as they stand.</summary>
    public string[] AskText(params string[] words)
    {
        Send(Encode(words));
        int count = _socket.Receive(_received);
        int wanted = count > 1 && _received[0] == '$' ? BulkEnd(count) : count;
        while (count < wanted) count += _socket.Receive(_received.AsSpan(count));
        return Encoding.Latin1.GetString(_received, 0, count).Split("\r\n");
    }

    public void Dispose() => _socket.Dispose();

    private int BulkEnd(int count)
    {
        int end = _received.AsSpan(0, count).IndexOf((byte)'\r');
        int size = int.Parse(_received.AsSpan(1, end - 1), CultureInfo.InvariantCulture);
        return size < 0 ? count : end + 2 + size + 2;
    }
}
