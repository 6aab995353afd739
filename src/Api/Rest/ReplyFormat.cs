using Microsoft.Extensions.Primitives;

namespace Galley.Api.Rest;

/// <summary>How the client wants its replies: JSON, JSON with strings in base64, or RESP2 as it is.</summary>
internal enum ReplyFormat : byte { Json, Base64, Resp2 }

internal static class ReplyFormats
{
    /// <summary>
    /// Reads <c>Upstash-Encoding</c> and <c>Upstash-Response-Format</c>. A transaction is answered in JSON whatever format
    /// was asked for.
    /// </summary>
    public static ReplyFormat Of(HttpRequest request, RestForm form)
    {
        bool isBase64 = Is(request.Headers["Upstash-Encoding"], "base64");
        ReplyFormat inJson = isBase64 ? ReplyFormat.Base64 : ReplyFormat.Json;
        StringValues format = request.Headers["Upstash-Response-Format"];
        if (format.Count == 0 || form == RestForm.Transaction || Is(format, "json")) return inJson;
        if (!Is(format, "resp2")) throw RestException.BadRequest("ERR Upstash-Response-Format must be json or resp2");
        return isBase64
            ? throw RestException.BadRequest("ERR Upstash-Response-Format resp2 has no base64: leave Upstash-Encoding out")
            : ReplyFormat.Resp2;
    }

    private static bool Is(StringValues header, string value) => header.ToString().Equals(value, StringComparison.OrdinalIgnoreCase);
}
