using System.Net;
using System.Text;
using Galley.Store.Configuration;
using Microsoft.AspNetCore.Http.Features;

namespace Galley.Api.Rest;

/// <summary>
/// Who may come in by HTTP. With a token or <c>requirepass</c>: who shows the bearer token, or the user and password.
/// Without either: who is on this machine, and not by way of a web page from elsewhere, which a browser would let send
/// requests to loopback, under another site's name if its DNS points there; hence Host and Origin.
/// </summary>
internal sealed class Access(Settings settings)
{
    private const string Bearer = "Bearer ";
    private const string Basic = "Basic ";

    private readonly Origins _origins = new(settings);
    private readonly Secret _token = new(() => settings.HttpToken);
    private readonly Secret _readOnlyToken = new(() => settings.HttpReadOnlyToken);
    private readonly Secret _password = new(() => settings.RequirePass);
    private string? _lastOwnHost = "localhost";

    /// <summary>Without credentials only this machine is served.</summary>
    public bool AsksForCredentials => _token.IsSet || _readOnlyToken.IsSet || _password.IsSet;

    /// <summary>What the request may do; or throws its refusal.</summary>
    public Grant GrantOf(HttpContext context)
    {
        if (!AsksForCredentials)
        {
            AdmitLocal(context);
            return Grant.Full;
        }
        string authorization = context.Request.Headers.Authorization.ToString();
        if (authorization.StartsWith(Basic, StringComparison.OrdinalIgnoreCase))
        {
            AdmitUser(context, authorization);
            return Grant.Full;
        }
        ReadOnlySpan<char> token = authorization.Length > 0 ? TokenOf(authorization) : RestAddress.TokenOf(RawTarget(context));
        return GrantOf(token) ?? throw WrongCredentials(context);
    }

    /// <summary>What the bearer of the token may do; null: it is none.</summary>
    public Grant? GrantOf(ReadOnlySpan<char> token)
    {
        if (_token.Matches(token)) return Grant.Full;
        return _readOnlyToken.Matches(token) ? Grant.ReadOnly : null;
    }

    /// <summary>Browsers may read responses from pages of this origin.</summary>
    public bool AllowsOrigin(string origin) =>
        _origins.Lists(origin) || (AsksForCredentials ? _origins.AllowsAny : Origins.IsLoopback(origin));

    public static string RawTarget(HttpContext context)
    {
        string? target = context.Features.Get<IHttpRequestFeature>()?.RawTarget;
        return string.IsNullOrEmpty(target)
            ? context.Request.PathBase + context.Request.Path.ToUriComponent() + context.Request.QueryString
            : target;
    }

    private void AdmitLocal(HttpContext context)
    {
        // No address: a Unix socket, or a server in this process.
        if (context.Connection.RemoteIpAddress is { } address && !IPAddress.IsLoopback(address))
            throw Denied("without http-token or requirepass only clients on this machine are served; set one of them");
        if (!IsOwnHost(context.Request.Host))
            throw Denied("without http-token or requirepass the Host header must be localhost or a loopback address");
        string origin = context.Request.Headers.Origin.ToString();
        if (origin.Length > 0 && !AllowsOrigin(origin))
            throw Denied("without http-token or requirepass a page's Origin must be localhost or a loopback address, or stand in http-origins");
    }

    /// <summary>The Host is this machine. Nearly always it is the one of the request before, and need not be parsed.</summary>
    private bool IsOwnHost(HostString host)
    {
        if (host.Value == _lastOwnHost) return true;
        bool isOwn = Origins.IsLoopbackHost(host.Host);
        if (isOwn) _lastOwnHost = host.Value;
        return isOwn;
    }

    private void AdmitUser(HttpContext context, string authorization)
    {
        if (!IsUser(authorization[Basic.Length..])) throw WrongCredentials(context);
        // A browser adds Basic credentials by itself, whoever's page asks.
        if (!IsOwnOrigin(context)) throw Denied("the Origin of a request with a password must be this server");
    }

    /// <summary>What stands where a bearer token is expected; empty where the header has another scheme.</summary>
    private static ReadOnlySpan<char> TokenOf(string authorization)
    {
        if (authorization.StartsWith(Bearer, StringComparison.OrdinalIgnoreCase)) return authorization.AsSpan(Bearer.Length).Trim();
        return authorization.Contains(' ') ? [] : authorization;
    }

    private bool IsUser(string base64)
    {
        Span<byte> bytes = new byte[base64.Length];
        if (!Convert.TryFromBase64String(base64.Trim(), bytes, out int length)) return false;
        ReadOnlySpan<char> pair = Encoding.UTF8.GetString(bytes[..length]);
        int colon = pair.IndexOf(':');
        if (colon < 0) return false;
        bool isDefaultUser = pair[..colon] is "" or "default";
        return _password.Matches(pair[(colon + 1)..]) && isDefaultUser;
    }

    private static bool IsOwnOrigin(HttpContext context)
    {
        string origin = context.Request.Headers.Origin.ToString();
        return origin.Length == 0 || Origins.IsLoopback(origin)
            || (Uri.TryCreate(origin, UriKind.Absolute, out Uri? uri) && uri.Authority == context.Request.Host.Value);
    }

    private RestException WrongCredentials(HttpContext context)
    {
        bool takesPassword = _password.IsSet;
        context.Response.Headers.WWWAuthenticate = takesPassword ? "Bearer, Basic realm=\"galley\", charset=\"UTF-8\"" : "Bearer";
        bool takesToken = _token.IsSet || _readOnlyToken.IsSet;
        string remedy = takesToken
            ? "Send 'Authorization: Bearer TOKEN' with the server's http-token"
            : "Send the server's requirepass by Basic authentication, user 'default', or set an http-token";
        return new RestException(StatusCodes.Status401Unauthorized, "WRONGPASS invalid or missing auth token. " + remedy);
    }

    private static RestException Denied(string reason) => new(StatusCodes.Status403Forbidden, "DENIED " + reason);
}
