using System.Text;

namespace Galley.Store.Tests.Commands.Declaration;

/// <summary>A reply read from RESP, with its types, so that two can be compared as text. The parts of a set are sorted.</summary>
public sealed record Reply(char Type, string Value, Reply[] Items)
{
    /// <summary>The type is kept: an array for a set, or a bulk string for a simple one, is a difference.</summary>
    public string Text => Items.Length == 0 ? $"{Type}{Value}" : $"{Type}[{string.Join(' ', Texts)}]";

    private IEnumerable<string> Texts
    {
        get
        {
            IEnumerable<string> texts = Items.Select(item => item.Text);
            return Type == '~' ? texts.Order(StringComparer.Ordinal) : texts;
        }
    }

    public static Reply Read(Stream stream)
    {
        string line = ReadLine(stream);
        char type = line[0];
        string value = line[1..];
        if (type is '$' or '=')
        {
            int length = int.Parse(value);
            if (length < 0) return new Reply(type, "null", []);
            var bytes = new byte[length + 2];
            stream.ReadExactly(bytes);
            return new Reply(type, Encoding.UTF8.GetString(bytes, 0, length), []);
        }
        if (type is not ('*' or '~' or '%' or '>')) return new Reply(type, value, []);
        int count = Math.Max(0, int.Parse(value)) * (type == '%' ? 2 : 1);
        var items = new Reply[count];
        for (int i = 0; i < count; i++) items[i] = Read(stream);
        return new Reply(type, value, items);
    }

    private static string ReadLine(Stream stream)
    {
        var line = new StringBuilder();
        while (stream.ReadByte() is var next && next != '\n')
        {
            if (next < 0) throw new EndOfStreamException();
            line.Append((char)next);
        }
        return line.ToString(0, line.Length - 1);
    }
}
