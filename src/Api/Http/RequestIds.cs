using System.Security.Cryptography;
using Galley.Api.Rest;

namespace Galley.Api.Http;

/// <summary>
/// <c>X-Request-Id</c>: a client's or proxy's own if it sent one, so that their logs and ours tell of the same request;
/// otherwise a new one.
/// </summary>
internal sealed class RequestIds
{
    public const string Header = "X-Request-Id";

    /// <summary>A longer one, or one that could break a line of the log, is not taken over.</summary>
    private const int LengthMax = 128;

    // Beginning anywhere, so that two runs of the server do not share identifiers.
    private ulong _last = BitConverter.ToUInt64(RandomNumberGenerator.GetBytes(sizeof(ulong)));

    /// <summary>Gives the request its identifier, which its response repeats.</summary>
    public string Assign(HttpContext context)
    {
        string given = context.Request.Headers[Header].ToString();
        string id = IsFit(given) ? given : Base32.Of(Interlocked.Increment(ref _last));
        context.TraceIdentifier = id;
        context.Response.Headers[Header] = id;
        return id;
    }

    private static bool IsFit(string id) =>
        id.Length is > 0 and <= LengthMax && !id.AsSpan().ContainsAnyExceptInRange('!', '~');
}
