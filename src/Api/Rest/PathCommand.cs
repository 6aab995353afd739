using System.Globalization;
using System.Text;
using Galley.Api.Doors;

namespace Galley.Api.Rest;

/// <summary>A command in the address: <c>/set/foo/bar?EX=100</c>.</summary>
internal static class PathCommand
{
    /// <summary>Appends the command: its path, then the body if there is one, then the query.</summary>
    public static void Read(in RestAddress address, ReadOnlySpan<byte> body, CommandBatch batch)
    {
        ReadPath(in address, batch);
        if (!body.IsEmpty) batch.Add(body);
        ReadOnlySpan<char> query = address.Query;
        foreach (Range pair in query.Split('&')) AddPair(query[pair], batch);
    }

    /// <summary>Appends the command as its path alone has it.</summary>
    public static void ReadPath(in RestAddress address, CommandBatch batch)
    {
        ReadOnlySpan<char> path = address.Path.TrimStart('/');
        if (path.IsEmpty) throw RestException.BadRequest("ERR empty command. Send POST / with a JSON array, or name a command in the address, as in /get/foo");

        batch.BeginCommand();
        foreach (Range segment in path.Split('/')) AddSegment(path[segment], batch);
    }

    /// <summary>Appends a segment of a path as one argument.</summary>
    public static void AddSegment(ReadOnlySpan<char> segment, CommandBatch batch) => AddDecoded(segment, plusIsBlank: false, batch);

    /// <summary><c>EX=100</c> is two arguments, <c>NX</c> is one.</summary>
    private static void AddPair(ReadOnlySpan<char> pair, CommandBatch batch)
    {
        if (pair.IsEmpty) return;
        int equals = pair.IndexOf('=');
        ReadOnlySpan<char> name = equals < 0 ? pair : pair[..equals];
        if (RestAddress.IsToken(name)) return;
        AddDecoded(name, plusIsBlank: true, batch);
        if (equals >= 0) AddDecoded(pair[(equals + 1)..], plusIsBlank: true, batch);
    }

    /// <summary>A percent sign that no two hexadecimal digits follow stands for itself.</summary>
    private static void AddDecoded(ReadOnlySpan<char> text, bool plusIsBlank, CommandBatch batch)
    {
        while (!text.IsEmpty)
        {
            int special = plusIsBlank ? text.IndexOfAny('%', '+') : text.IndexOf('%');
            ReadOnlySpan<char> plain = special < 0 ? text : text[..special];
            batch.Advance(Encoding.UTF8.GetBytes(plain, batch.GetSpan(Encoding.UTF8.GetMaxByteCount(plain.Length))));
            if (special < 0) break;

            text = text[special..];
            if (text[0] == '+')
            {
                batch.Append((byte)' ');
                text = text[1..];
            }
            else if (text.Length >= 3 && char.IsAsciiHexDigit(text[1]) && char.IsAsciiHexDigit(text[2]))
            {
                batch.Append(byte.Parse(text.Slice(1, 2), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture));
                text = text[3..];
            }
            else
            {
                batch.Append((byte)'%');
                text = text[1..];
            }
        }
        batch.EndArgument();
    }
}
