using System.Globalization;
using System.Text;

namespace Galley.Conformance.Wire;

/// <summary>
/// One reply as it came off the wire: its bytes, and the tree they spell. Two replies are the same when their bytes are;
/// the tree is there for the few comparisons that are allowed to be looser.
/// </summary>
public sealed class Reply
{
    private const string Aggregates = "*~>%|";
    private const string Bulks = "$=!";

    private Reply(byte[] bytes, char type, byte[]? payload, Reply[] items)
    {
        Bytes = bytes;
        Type = type;
        Payload = payload;
        Items = items;
    }

    public byte[] Bytes { get; }

    /// <summary>The first byte of the reply (<c>+ - : $ * _ # , ( ! = % ~ &gt;</c>), or <c>?</c> for what is no reply.</summary>
    public char Type { get; }

    /// <summary>The line or the bulk string; null for a null and for an aggregate.</summary>
    public byte[]? Payload { get; }

    public IReadOnlyList<Reply> Items { get; }

    public bool IsError => Type is '-' or '!';

    public bool IsMissing => Type == '?';

    public string Text => Payload is null ? "" : Encoding.Latin1.GetString(Payload);

    public bool TryInteger(out long value) =>
        long.TryParse(Text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out value);

    /// <summary>What is observed when the server says nothing in time, or has closed the connection.</summary>
    public static Reply Missing(string why) => new(Encoding.ASCII.GetBytes(why), '?', Encoding.ASCII.GetBytes(why), []);

    /// <summary>A reply made of others, for an observation that took several round trips (a whole SCAN).</summary>
    public static Reply Collected(IEnumerable<Reply> items)
    {
        Reply[] all = [.. items];
        byte[] head = Encoding.ASCII.GetBytes($"*{all.Length}\r\n");
        return new Reply([.. head, .. all.SelectMany(r => r.Bytes)], '*', null, all);
    }

    /// <summary>Reads one whole reply from the start of the bytes; false while some of it is still to come.</summary>
    public static bool TryParse(ReadOnlySpan<byte> bytes, out Reply reply, out int length)
    {
        reply = null!;
        length = 0;
        int end = bytes.IndexOf("\r\n"u8);
        if (end < 0) return false;
        char type = (char)bytes[0];
        ReadOnlySpan<byte> line = bytes[1..end];
        int next = end + 2;
        if (Aggregates.Contains(type)) return TryParseAggregate(bytes, type, line, next, out reply, out length);
        if (!Bulks.Contains(type))
        {
            length = next;
            reply = new Reply(bytes[..next].ToArray(), type, line.ToArray(), []);
            return true;
        }
        int size = Count(line);
        length = size < 0 ? next : next + size + 2;
        if (bytes.Length < length) return false;
        reply = new Reply(bytes[..length].ToArray(), type, size < 0 ? null : bytes.Slice(next, size).ToArray(), []);
        return true;
    }

    private static bool TryParseAggregate(
        ReadOnlySpan<byte> bytes, char type, ReadOnlySpan<byte> line, int next, out Reply reply, out int length)
    {
        reply = null!;
        length = 0;
        int count = Math.Max(0, Count(line)) * (type is '%' or '|' ? 2 : 1);
        var items = new Reply[count];
        for (int i = 0; i < count; i++)
        {
            if (!TryParse(bytes[next..], out items[i], out int used)) return false;
            next += used;
        }
        length = next;
        reply = new Reply(bytes[..next].ToArray(), type, null, items);
        return true;
    }

    private static int Count(ReadOnlySpan<byte> line) =>
        int.Parse(line, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture);

    public override string ToString() => CommandLine.Quote(Bytes, lengthMax: 600);
}
