using System.Security.Cryptography;
using Microsoft.Net.Http.Headers;

namespace Galley.Api.WebSockets;

/// <summary>
/// Serves the client for pages and Node, a file of its own and its types: <c>/galley.js</c>, <c>/galley.d.ts</c>. Whoever
/// may come, from whatever page: there is nothing in them that is not public. A browser asks each time whether they have
/// changed, so that a page and its server agree.
/// </summary>
internal static class ClientFiles
{
    public const string Script = "/galley.js";
    public const string Types = "/galley.d.ts";

    public static void Map(WebApplication app)
    {
        Map(app, Script, "text/javascript; charset=utf-8");
        Map(app, Types, "text/plain; charset=utf-8");
    }

    private static void Map(WebApplication app, string path, string contentType)
    {
        byte[] content = Read(path[1..]);
        string tag = $"\"{Convert.ToHexString(SHA256.HashData(content).AsSpan(0, 8))}\"";
        app.MapMethods(path, [HttpMethods.Get, HttpMethods.Head], (HttpContext context) =>
        {
            IHeaderDictionary headers = context.Response.Headers;
            headers.CacheControl = "public, no-cache";
            headers.AccessControlAllowOrigin = "*";
            headers.XContentTypeOptions = "nosniff";
            return Results.Bytes(content, contentType, entityTag: new EntityTagHeaderValue(tag));
        }).ExcludeFromDescription();
    }

    private static byte[] Read(string name)
    {
        using Stream stream = typeof(ClientFiles).Assembly.GetManifestResourceStream(name)
            ?? throw new InvalidOperationException($"{name} is not in the assembly.");
        using var content = new MemoryStream();
        stream.CopyTo(content);
        return content.ToArray();
    }
}
