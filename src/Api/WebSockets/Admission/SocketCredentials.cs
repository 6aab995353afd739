using System.Buffers;
using System.Buffers.Text;
using System.Text;
using Galley.Api.Rest;
using Galley.Store.Configuration;

namespace Galley.Api.WebSockets;

/// <summary>
/// Looks for the credentials of a socket: the Authorization header, an offered subprotocol
/// <c>galley.bearer.&lt;base64url token&gt;</c> (a page cannot set headers), <c>?ticket=</c>, <c>?_token=</c> where
/// <c>ws-query-token</c> allows it. Without any, its first frame must have the token. A header that is wrong is refused
/// before the upgrade; what pages can show is refused after it, by a close code, because a page sees nothing of an upgrade
/// that failed.
/// </summary>
internal sealed class SocketCredentials(Access access, Tickets tickets, Settings settings)
{
    public const string BearerPrefix = "galley.bearer.";

    private const string TicketParameter = "ticket";
    private const string TokenParameter = "_token";
    private const string WrongToken = "WRONGPASS invalid or missing auth token";

    private readonly Access _access = access;
    private readonly Tickets _tickets = tickets;
    private readonly Settings _settings = settings;

    /// <exception cref="RestException">Refused before the upgrade.</exception>
    public Verdict Examine(HttpContext context, string? bearer)
    {
        DemandOrigin(context);
        if (context.Request.Headers.Authorization.Count > 0) return Verdict.Of(OfRequest(context));
        if (bearer is not null) return OfToken(Decode(bearer[BearerPrefix.Length..]));
        if (context.Request.Query[TicketParameter] is [{ } ticket]) return OfTicket(ticket, context.Request.Headers.Origin.ToString());
        if (context.Request.Query[TokenParameter] is [{ } token])
        {
            if (!_settings.WsQueryToken) throw RestException.BadRequest("ERR the token may not stand in the address: use a ticket, or set ws-query-token yes");
            return OfToken(token);
        }
        return _access.AsksForCredentials ? default : Verdict.Of(OfRequest(context));
    }

    /// <summary>By the headers of a request.</summary>
    /// <exception cref="RestException">They allow nothing.</exception>
    public SocketGrant OfRequest(HttpContext context)
    {
        Grant grant = _access.GrantOf(context);
        bool byPassword = context.Request.Headers.Authorization.ToString().StartsWith("Basic ", StringComparison.OrdinalIgnoreCase);
        return byPassword || !_access.AsksForCredentials ? SocketGrant.Open : ByToken(grant);
    }

    /// <summary>Of a request for a stream of events: by a ticket, or as any other request.</summary>
    /// <exception cref="RestException">They allow nothing.</exception>
    public SocketGrant OfStream(HttpContext context)
    {
        bool showsTicket = context.Request.Headers.Authorization.Count == 0 && context.Request.Query.ContainsKey(TicketParameter);
        if (!showsTicket) return OfRequest(context);
        Verdict verdict = OfTicket(context.Request.Query[TicketParameter].ToString(), context.Request.Headers.Origin.ToString());
        int status = verdict.Refusal == CloseCode.Forbidden ? StatusCodes.Status403Forbidden : StatusCodes.Status401Unauthorized;
        return verdict.Grant ?? throw new RestException(status, verdict.Reason);
    }

    /// <summary>By the token of an auth frame; null: it is wrong.</summary>
    public SocketGrant? OfFrame(string? token) => token is null ? null : OfToken(token).Grant;

    /// <summary>The token by which the grant came is still good for as much.</summary>
    public bool Holds(SocketGrant grant) =>
        grant.Token is null || (_access.GrantOf(grant.Token) is { } now && (now == Grant.Full || grant.IsReadOnly));

    private Verdict OfToken(string token)
    {
        if (!_access.AsksForCredentials) return Verdict.Of(SocketGrant.Open);
        return _access.GrantOf(token) is { } grant ? Verdict.Of(ByToken(grant)) : Verdict.Refuse(CloseCode.BadCredentials, WrongToken);
    }

    private SocketGrant ByToken(Grant grant) => grant == Grant.ReadOnly
        ? new SocketGrant(_settings.HttpReadOnlyToken, IsReadOnly: true)
        : new SocketGrant(_settings.HttpToken);

    private Verdict OfTicket(string text, string origin)
    {
        if (_tickets.Redeem(text) is not { } ticket || !Holds(ticket.Grant))
            return Verdict.Refuse(CloseCode.BadCredentials, "WRONGPASS the ticket is unknown, was used, or is too old: ask for a new one");
        return ticket.Origin is null || ticket.Origin.Equals(origin, StringComparison.OrdinalIgnoreCase)
            ? Verdict.Of(ticket.Grant)
            : Verdict.Refuse(CloseCode.Forbidden, "DENIED the ticket was issued for another Origin");
    }

    private void DemandOrigin(HttpContext context)
    {
        string origin = context.Request.Headers.Origin.ToString();
        if (origin.Length > 0 && !_access.AllowsOrigin(origin))
            throw new RestException(StatusCodes.Status403Forbidden, $"DENIED pages of the Origin {origin} may not come in");
    }

    private static string Decode(string base64Url)
    {
        var bytes = new byte[base64Url.Length];
        return Base64Url.DecodeFromChars(base64Url, bytes, out _, out int length) == OperationStatus.Done ? Encoding.UTF8.GetString(bytes, 0, length) : "";
    }
}

/// <summary>What was found: a grant, a refusal, or nothing, and then the first frame must show a token.</summary>
internal readonly record struct Verdict(SocketGrant? Grant, CloseCode? Refusal, string Reason)
{
    public static Verdict Of(SocketGrant grant) => new(grant, null, "");

    public static Verdict Refuse(CloseCode code, string reason) => new(null, code, reason);
}
