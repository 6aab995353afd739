using System.IO.Compression;
using System.IO.Pipelines;
using Microsoft.Extensions.Primitives;

namespace Galley.Api.Rest;

/// <summary>How a response is packed for its way.</summary>
internal enum ContentEncoding : byte { Identity, Gzip, Brotli }

internal static class ContentEncodings
{
    /// <summary>What the client accepts, Brotli before gzip: it packs tighter in the same time.</summary>
    public static ContentEncoding Accepted(HttpRequest request)
    {
        StringValues accepted = request.Headers.AcceptEncoding;
        if (Accepts(accepted, "br")) return ContentEncoding.Brotli;
        return Accepts(accepted, "gzip") ? ContentEncoding.Gzip : ContentEncoding.Identity;
    }

    /// <summary>Where the response's body is to be written; <see cref="EndAsync"/> ends it.</summary>
    public static PipeWriter Begin(this ContentEncoding encoding, HttpResponse response)
    {
        switch (encoding)
        {
            case ContentEncoding.Brotli:
                response.Headers.ContentEncoding = "br";
                return PipeWriter.Create(new BrotliStream(response.Body, CompressionLevel.Fastest, leaveOpen: true));
            case ContentEncoding.Gzip:
                response.Headers.ContentEncoding = "gzip";
                return PipeWriter.Create(new GZipStream(response.Body, CompressionLevel.Fastest, leaveOpen: true));
            default:
                return response.BodyWriter;
        }
    }

    /// <summary>Sends what is left. The host ends its own writer itself.</summary>
    public static async ValueTask EndAsync(this ContentEncoding encoding, PipeWriter output)
    {
        if (encoding == ContentEncoding.Identity) await output.FlushAsync();
        else await output.CompleteAsync();
    }

    /// <summary>The list has this coding, and does not weigh it with nothing: <c>gzip;q=0</c>.</summary>
    private static bool Accepts(StringValues accepted, string coding)
    {
        foreach (string? line in accepted)
        {
            foreach (Range range in line.AsSpan().Split(','))
            {
                ReadOnlySpan<char> item = line.AsSpan()[range];
                int semicolon = item.IndexOf(';');
                ReadOnlySpan<char> name = (semicolon < 0 ? item : item[..semicolon]).Trim();
                if (!name.Equals(coding, StringComparison.OrdinalIgnoreCase)) continue;
                return semicolon < 0 || item[semicolon..].ContainsAnyInRange('1', '9');
            }
        }
        return false;
    }
}
