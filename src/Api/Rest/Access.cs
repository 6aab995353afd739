using System.Net;
using System.Security.Cryptography;
using System.Text;
using Galley.Store.Configuration;
using Microsoft.AspNetCore.Http.Features;

namespace Galley.Api.Rest;

/// <summary>
/// Who may come in by HTTP. With <c>http-token</c> or <c>requirepass</c>: who shows the bearer token, or the user and
/// password. Without either: who is on this machine, and not by way of a web page from elsewhere, which a browser would
/// let send requests to loopback, under another site's name if its DNS points there; hence Host and Origin.
/// </summary>
internal sealed class Access(Settings settings)
{
    private const string Bearer = "Bearer ";
    private const string Basic = "Basic ";

    private readonly Settings _settings = settings;

    /// <summary>Without credentials only this machine is served.</summary>
    public bool AsksForCredentials => _settings.HttpToken.Length > 0 || _settings.RequirePass.Length > 0;

    /// <summary>Lets the request in, or throws its refusal.</summary>
    public void Admit(HttpContext context)
    {
        if (!AsksForCredentials)
        {
            AdmitLocal(context);
            return;
        }
        string authorization = context.Request.Headers.Authorization.ToString();
        string? token = authorization.Length > 0 ? TokenOf(authorization) : PathCommand.Token(RawTarget(context));
        if (token is not null)
        {
            if (IsToken(token)) return;
            throw WrongCredentials(context);
        }
        if (!authorization.StartsWith(Basic, StringComparison.OrdinalIgnoreCase) || !IsUser(authorization[Basic.Length..]))
            throw WrongCredentials(context);
        // A browser adds Basic credentials by itself, whoever's page asks.
        if (!IsOwnOrigin(context)) throw Denied("the Origin of a request with a password must be this server");
    }

    /// <summary>The token is the configured one. The time taken tells nothing but its length.</summary>
    public bool IsToken(string token) => _settings.HttpToken.Length > 0 && IsSame(token, _settings.HttpToken);

    /// <summary>Browsers may read responses from pages of this origin.</summary>
    public bool AllowsOrigin(string origin) => AsksForCredentials || IsLoopback(origin);

    public static string RawTarget(HttpContext context)
    {
        string? target = context.Features.Get<IHttpRequestFeature>()?.RawTarget;
        return string.IsNullOrEmpty(target)
            ? context.Request.PathBase + context.Request.Path.ToUriComponent() + context.Request.QueryString
            : target;
    }

    private static void AdmitLocal(HttpContext context)
    {
        // No address: a Unix socket, or a server in this process.
        if (context.Connection.RemoteIpAddress is { } address && !IPAddress.IsLoopback(address))
            throw Denied("without http-token or requirepass only clients on this machine are served; set one of them");
        if (!IsLoopbackHost(context.Request.Host.Host))
            throw Denied("without http-token or requirepass the Host header must be localhost or a loopback address");
        string origin = context.Request.Headers.Origin.ToString();
        if (origin.Length > 0 && !IsLoopback(origin))
            throw Denied("without http-token or requirepass a page's Origin must be localhost or a loopback address");
    }

    /// <summary>What stands where a bearer token is expected; null where the header has another scheme.</summary>
    private static string? TokenOf(string authorization)
    {
        if (authorization.StartsWith(Bearer, StringComparison.OrdinalIgnoreCase)) return authorization[Bearer.Length..].Trim();
        return authorization.Contains(' ') ? null : authorization;
    }

    private bool IsUser(string base64)
    {
        Span<byte> bytes = new byte[base64.Length];
        if (!Convert.TryFromBase64String(base64.Trim(), bytes, out int length)) return false;
        string pair = Encoding.UTF8.GetString(bytes[..length]);
        int colon = pair.IndexOf(':');
        if (colon < 0 || _settings.RequirePass.Length == 0) return false;
        bool isDefaultUser = pair.AsSpan(0, colon) is "" or "default";
        return IsSame(pair[(colon + 1)..], _settings.RequirePass) && isDefaultUser;
    }

    private static bool IsOwnOrigin(HttpContext context)
    {
        string origin = context.Request.Headers.Origin.ToString();
        return origin.Length == 0 || IsLoopback(origin)
            || (Uri.TryCreate(origin, UriKind.Absolute, out Uri? uri) && uri.Authority == context.Request.Host.Value);
    }

    private static bool IsLoopback(string origin) =>
        Uri.TryCreate(origin, UriKind.Absolute, out Uri? uri) && IsLoopbackHost(uri.IdnHost);

    private static bool IsLoopbackHost(string host) =>
        host.Equals("localhost", StringComparison.OrdinalIgnoreCase)
        || (IPAddress.TryParse(host.Trim('[', ']'), out IPAddress? address) && IPAddress.IsLoopback(address));

    private static bool IsSame(string given, string expected) =>
        CryptographicOperations.FixedTimeEquals(Encoding.UTF8.GetBytes(given), Encoding.UTF8.GetBytes(expected));

    private RestException WrongCredentials(HttpContext context)
    {
        context.Response.Headers.WWWAuthenticate = _settings.RequirePass.Length > 0
            ? "Bearer, Basic realm=\"galley\", charset=\"UTF-8\"" : "Bearer";
        return new RestException(StatusCodes.Status401Unauthorized, "WRONGPASS invalid or missing auth token");
    }

    private static RestException Denied(string reason) => new(StatusCodes.Status403Forbidden, "DENIED " + reason);
}
