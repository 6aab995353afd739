using System.Diagnostics;
using Galley.Api.Logging;
using Galley.Api.Rest;
using Galley.Store.Configuration;
using LogLevel = Galley.Store.Configuration.LogLevel;

namespace Galley.Api.Http;

/// <summary>
/// A line for each request at <c>loglevel verbose</c>: who, what, how it ended and how long it took. Of an address only
/// the command is written: keys and values are the client's own business, and the query may hold its token.
/// <c>HTTP 127.0.0.1:51234 "POST /db/7/set/.." 200 0.41 ms 3f9k0c2a7m1vq</c>
/// </summary>
internal sealed class AccessLog(Settings settings, ServerLog log)
{
    private const int AddressCharsMax = 64;

    private readonly Settings _settings = settings;
    private readonly ServerLog _log = log;

    public bool IsOn => _settings.LogLevel <= LogLevel.Verbose;

    public void Write(HttpContext context, string requestId, long startedAt)
    {
        TimeSpan taken = Stopwatch.GetElapsedTime(startedAt);
        ConnectionInfo peer = context.Connection;
        _log.Verbose(FormattableString.Invariant(
            $"HTTP {peer.RemoteIpAddress}:{peer.RemotePort} \"{context.Request.Method} {Redacted(Access.RawTarget(context))}\" {context.Response.StatusCode} {taken.TotalMilliseconds:F2} ms {requestId}"));
    }

    /// <summary>The address down to the command.</summary>
    public static string Redacted(string target)
    {
        RestAddress address = RestAddress.Read(target);
        ReadOnlySpan<char> path = address.Path;
        int end = path.IsEmpty ? -1 : path[1..].IndexOf('/');
        bool hasMore = end >= 0 && end + 2 < path.Length;
        if (end >= 0) path = path[..(end + 1)];
        if (path.Length > AddressCharsMax) path = path[..AddressCharsMax];
        string database = address.DatabaseId > 0 ? $"/db/{address.DatabaseId}" : "";
        return $"{database}{path}{(hasMore ? "/.." : "")}{(address.Query.IsEmpty ? "" : "?..")}";
    }
}
