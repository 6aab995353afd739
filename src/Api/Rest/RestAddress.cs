using System.Globalization;

namespace Galley.Api.Rest;

/// <summary>
/// What the address of a request says, read from the raw target of the request line, because what the host makes of it
/// has lost the difference between <c>/</c> and <c>%2F</c>, and bytes that are no UTF-8:
/// <code>
///   http://host /cache /db/7 /set/foo/bar ?EX=100&amp;_token=..
///   |           |      |     |            |
///   proxies     prefix |     Path         Query
///                      DatabaseId
/// </code>
/// </summary>
internal readonly struct RestAddress
{
    private const string TokenParameter = "_token";
    private const string DatabaseSegment = "/db/";

    private readonly string _target;
    private readonly Range _path;
    private readonly Range _query;

    private RestAddress(string target, Range path, Range query, int databaseId)
    {
        _target = target;
        _path = path;
        _query = query;
        DatabaseId = databaseId;
        Form = FormOf(Path);
    }

    /// <summary>How the request says its commands.</summary>
    public RestForm Form { get; }

    /// <summary>The number after <c>/db/</c>, or 0. It need not be one of the server's.</summary>
    public int DatabaseId { get; }

    /// <summary>What is left of the path: a command's segments, as they were sent.</summary>
    public ReadOnlySpan<char> Path => _target.AsSpan()[_path];

    /// <summary>What follows the question mark.</summary>
    public ReadOnlySpan<char> Query => _target.AsSpan()[_query];

    /// <param name="prefixSegments">So many segments stand before every address: <c>http-path-prefix</c>.</param>
    public static RestAddress Read(string target, int prefixSegments = 0)
    {
        int start = PathStart(target);
        int mark = target.IndexOf('?', start);
        int end = mark < 0 ? target.Length : mark;
        for (int i = 0; i < prefixSegments; i++) start = NextSegment(target, start, end);
        int databaseId = ReadDatabase(target, ref start, end);
        return new RestAddress(target, start..end, mark < 0 ? ^0.. : (mark + 1).., databaseId);
    }

    /// <summary>How many segments <c>http-path-prefix</c> has.</summary>
    public static int SegmentsOf(string prefix) => prefix.Split('/', StringSplitOptions.RemoveEmptyEntries).Length;

    /// <summary>The value of <c>?_token=</c>, decoded, or nothing.</summary>
    public static ReadOnlySpan<char> TokenOf(string target)
    {
        ReadOnlySpan<char> query = Read(target).Query;
        foreach (Range range in query.Split('&'))
        {
            ReadOnlySpan<char> pair = query[range];
            if (pair.StartsWith(TokenParameter + "=", StringComparison.Ordinal))
                return Uri.UnescapeDataString(pair[(TokenParameter.Length + 1)..]);
        }
        return [];
    }

    /// <summary>The parameter holds credentials, and is no argument.</summary>
    public static bool IsToken(ReadOnlySpan<char> parameterName) => parameterName.SequenceEqual(TokenParameter);

    /// <summary>The target may be whole (<c>http://host/path</c>), as proxies send it, or <c>*</c>.</summary>
    private static int PathStart(string target)
    {
        if (target.StartsWith('/')) return 0;
        int authority = target.IndexOf("://", StringComparison.Ordinal);
        int slash = target.IndexOf('/', authority < 0 ? 0 : authority + 3);
        return slash < 0 ? target.Length : slash;
    }

    private static int NextSegment(string target, int start, int end)
    {
        int slash = start < end ? target.AsSpan(start + 1, end - start - 1).IndexOf('/') : -1;
        return slash < 0 ? end : start + 1 + slash;
    }

    /// <summary>Passes <c>/db/7</c>. What is no number after it is left to be a command, and refused as one.</summary>
    private static int ReadDatabase(string target, ref int start, int end)
    {
        ReadOnlySpan<char> path = target.AsSpan(start, end - start);
        if (!path.StartsWith(DatabaseSegment, StringComparison.Ordinal)) return 0;
        ReadOnlySpan<char> digits = path[DatabaseSegment.Length..];
        int slash = digits.IndexOf('/');
        if (slash >= 0) digits = digits[..slash];
        if (!int.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out int databaseId)) return 0;
        start += DatabaseSegment.Length + digits.Length;
        return databaseId;
    }

    /// <summary>A slash at the end of a fixed address means nothing; at the end of a command it begins an empty argument.</summary>
    private static RestForm FormOf(ReadOnlySpan<char> path) => path switch
    {
        "" or "/" => RestForm.Command,
        "/pipeline" or "/pipeline/" => RestForm.Pipeline,
        "/multi-exec" or "/multi-exec/" => RestForm.Transaction,
        _ => IsEvents(path) ? RestForm.Events : RestForm.Path,
    };

    /// <summary>The first segment is the name of a command that listens.</summary>
    private static bool IsEvents(ReadOnlySpan<char> path)
    {
        ReadOnlySpan<char> name = path[1..];
        int slash = name.IndexOf('/');
        if (slash >= 0) name = name[..slash];
        return name.Equals("subscribe", StringComparison.OrdinalIgnoreCase) || name.Equals("psubscribe", StringComparison.OrdinalIgnoreCase)
            || name.Equals("monitor", StringComparison.OrdinalIgnoreCase);
    }
}

/// <summary>How a request says its commands.</summary>
internal enum RestForm : byte
{
    /// <summary>One command, a JSON array in the body.</summary>
    Command,

    /// <summary>One command in the address.</summary>
    Path,

    /// <summary>In the address a command whose replies have no end: a stream of events.</summary>
    Events,

    /// <summary>Commands in the body, each by itself.</summary>
    Pipeline,

    /// <summary>Commands in the body, as MULTI and EXEC.</summary>
    Transaction,
}
