using System.Security.Cryptography;
using System.Text;
using System.Text.RegularExpressions;

namespace Galley.Api.Pages;

/// <summary>
/// A page that is whole in itself: style and script stand in it, and its policy lets a browser run these by their hashes
/// and nothing else, and fetch from this server alone.
/// </summary>
internal sealed partial class Page
{
    private const string StyleMark = "/* page.css */";

    private readonly byte[] _html;
    private readonly string _policy;

    private Page(string html)
    {
        _html = Encoding.UTF8.GetBytes(html);
        _policy = $"default-src 'none'; style-src {Hashes(Style().Matches(html))}; script-src {Hashes(Script().Matches(html))}; "
            + "connect-src 'self'; img-src data:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";
    }

    /// <summary>Reads a page of this assembly, with the common style and with what <paramref name="mark"/> stands for.</summary>
    public static Page Load(string name, string mark = "", string text = "")
    {
        string html = Read(name).Replace(StyleMark, Read("page.css"), StringComparison.Ordinal);
        return new Page(mark.Length == 0 ? html : html.Replace(mark, text, StringComparison.Ordinal));
    }

    /// <summary>A text of this assembly.</summary>
    public static string Read(string name)
    {
        using Stream stream = typeof(Page).Assembly.GetManifestResourceStream(name)
            ?? throw new InvalidOperationException($"'{name}' is not embedded: see Galley.Api.csproj.");
        return new StreamReader(stream).ReadToEnd().ReplaceLineEndings("\n");
    }

    public async Task WriteAsync(HttpContext context)
    {
        IHeaderDictionary headers = context.Response.Headers;
        context.Response.ContentType = "text/html; charset=utf-8";
        context.Response.ContentLength = _html.Length;
        headers.ContentSecurityPolicy = _policy;
        headers.XContentTypeOptions = "nosniff";
        headers["Referrer-Policy"] = "no-referrer";
        headers.CacheControl = "no-cache";
        // The same address is the REST door for who asks for something else.
        headers.Vary = "Accept";
        if (!HttpMethods.IsHead(context.Request.Method)) await context.Response.Body.WriteAsync(_html);
    }

    private static string Hashes(MatchCollection elements) => string.Join(' ', elements.Select(element =>
        $"'sha256-{Convert.ToBase64String(SHA256.HashData(Encoding.UTF8.GetBytes(element.Groups[1].Value)))}'"));

    [GeneratedRegex("<style>(.*?)</style>", RegexOptions.Singleline)]
    private static partial Regex Style();

    [GeneratedRegex("<script>(.*?)</script>", RegexOptions.Singleline)]
    private static partial Regex Script();
}
