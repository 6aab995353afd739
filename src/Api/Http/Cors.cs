using Galley.Api.Rest;

namespace Galley.Api.Http;

/// <summary>
/// What browsers ask before a page of another origin may read a response. Who may read is <c>http-origins</c>; what a
/// page may send is whatever it asks to: a header alone opens nothing here.
/// </summary>
internal sealed class Cors(Access access)
{
    private const string ExposedHeaders = SyncToken.Header + ", " + RequestIds.Header;
    private const string Methods = "GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS";
    private const string AgeSeconds = "600";

    private readonly Access _access = access;

    /// <summary>Puts the headers of the answer to a page whose origin is allowed.</summary>
    public void Allow(HttpContext context)
    {
        string origin = context.Request.Headers.Origin.ToString();
        if (origin.Length == 0) return;
        IHeaderDictionary headers = context.Response.Headers;
        headers.Vary = "Origin";
        if (!_access.AllowsOrigin(origin)) return;
        headers.AccessControlAllowOrigin = origin;
        headers.AccessControlAllowCredentials = "true";
        headers.AccessControlExposeHeaders = ExposedHeaders;
    }

    public static bool IsPreflight(HttpRequest request) => HttpMethods.IsOptions(request.Method);

    /// <summary>Answers OPTIONS: a page that is not allowed gets a success without permission, as browsers expect.</summary>
    public static void AnswerPreflight(HttpContext context)
    {
        IHeaderDictionary headers = context.Response.Headers;
        headers.Allow = Methods;
        context.Response.ContentLength = 0;
        if (headers.AccessControlAllowOrigin.Count == 0) return;
        headers.AccessControlAllowMethods = Methods;
        headers.AccessControlAllowHeaders = context.Request.Headers.AccessControlRequestHeaders;
        headers.AccessControlMaxAge = AgeSeconds;
    }
}
