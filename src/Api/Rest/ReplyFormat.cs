namespace Galley.Api.Rest;

/// <summary>How the client wants its replies: JSON, JSON with strings in base64, or RESP2 as it is.</summary>
internal enum ReplyFormat : byte { Json, Base64, Resp2 }

internal static class ReplyFormats
{
    /// <summary>Reads <c>Upstash-Encoding</c> and <c>Upstash-Response-Format</c>.</summary>
    public static ReplyFormat Of(HttpRequest request)
    {
        bool isBase64 = request.Headers["Upstash-Encoding"].ToString().Equals("base64", StringComparison.OrdinalIgnoreCase);
        string format = request.Headers["Upstash-Response-Format"].ToString().ToLowerInvariant();
        return format switch
        {
            "" or "json" => isBase64 ? ReplyFormat.Base64 : ReplyFormat.Json,
            "resp2" when !isBase64 => ReplyFormat.Resp2,
            "resp2" => throw RestException.BadRequest("ERR the response format resp2 has no base64 encoding"),
            _ => throw RestException.BadRequest("ERR the response format must be json or resp2"),
        };
    }
}
