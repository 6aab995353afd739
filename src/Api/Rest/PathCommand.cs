using System.Globalization;
using System.Text;
using Galley.Api.Doors;

namespace Galley.Api.Rest;

/// <summary>
/// A command in the address: <c>/set/foo/bar?EX=100</c>. It is read from the raw target of the request line, because
/// what the host makes of it has lost the difference between <c>/</c> and <c>%2F</c>, and bytes that are no UTF-8.
/// </summary>
internal static class PathCommand
{
    private const string TokenParameter = "_token";

    /// <summary>Appends the command: its path, then the body if there is one, then the query.</summary>
    public static void Read(string rawTarget, ReadOnlySpan<byte> body, CommandBatch batch)
    {
        Split(rawTarget, out ReadOnlySpan<char> path, out ReadOnlySpan<char> query);
        path = path.TrimStart('/');
        if (path.IsEmpty) throw RestException.BadRequest("ERR empty command");

        batch.BeginCommand();
        foreach (Range segment in path.Split('/')) AddDecoded(path[segment], plusIsBlank: false, batch);
        if (!body.IsEmpty) batch.Add(body);
        foreach (Range pair in query.Split('&')) AddPair(query[pair], batch);
    }

    /// <summary>The value of <c>?_token=</c>, or null.</summary>
    public static string? Token(string rawTarget)
    {
        Split(rawTarget, out _, out ReadOnlySpan<char> query);
        foreach (Range range in query.Split('&'))
        {
            ReadOnlySpan<char> pair = query[range];
            if (pair.StartsWith(TokenParameter + "=", StringComparison.Ordinal))
                return Uri.UnescapeDataString(pair[(TokenParameter.Length + 1)..]);
        }
        return null;
    }

    /// <summary>The target may be whole (<c>http://host/path</c>), as proxies send it.</summary>
    private static void Split(string rawTarget, out ReadOnlySpan<char> path, out ReadOnlySpan<char> query)
    {
        ReadOnlySpan<char> target = rawTarget;
        if (!target.StartsWith('/'))
        {
            int authority = target.IndexOf("://", StringComparison.Ordinal);
            target = authority < 0 ? target : target[(authority + 3)..];
            int slash = target.IndexOf('/');
            target = slash < 0 ? [] : target[slash..];
        }
        int mark = target.IndexOf('?');
        path = mark < 0 ? target : target[..mark];
        query = mark < 0 ? [] : target[(mark + 1)..];
    }

    /// <summary><c>EX=100</c> is two arguments, <c>NX</c> is one.</summary>
    private static void AddPair(ReadOnlySpan<char> pair, CommandBatch batch)
    {
        if (pair.IsEmpty) return;
        int equals = pair.IndexOf('=');
        ReadOnlySpan<char> name = equals < 0 ? pair : pair[..equals];
        if (name.SequenceEqual(TokenParameter)) return;
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
