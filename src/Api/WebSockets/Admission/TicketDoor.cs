using System.Text;
using System.Text.Json;
using FluentValidation;
using Galley.Api.Rest;

namespace Galley.Api.WebSockets;

/// <summary>What a ticket is asked to allow; all of it may be left out.</summary>
/// <param name="Origin">The page that may use it, as <c>https://app.example</c>.</param>
/// <param name="Channels">Patterns of the channels that its socket may hear and publish to; none: all.</param>
/// <param name="ReadOnly">Its socket neither writes nor publishes.</param>
internal sealed record TicketRequest(string? Origin = null, IReadOnlyList<string>? Channels = null, bool ReadOnly = false);

/// <param name="Ticket">To be appended to the address of the socket, as <c>?ticket=</c>.</param>
/// <param name="ExpiresInMs">Milliseconds for which it lives.</param>
internal sealed record TicketReply(string Ticket, long ExpiresInMs);

internal sealed class TicketRequestValidator : AbstractValidator<TicketRequest>
{
    public TicketRequestValidator()
    {
        RuleFor(request => request.Origin)
            .Must(origin => origin is null || (Uri.TryCreate(origin, UriKind.Absolute, out Uri? uri) && uri.GetLeftPart(UriPartial.Authority) == origin))
            .WithMessage("origin must be a scheme, a host and perhaps a port, as https://app.example");
        RuleFor(request => request.Channels)
            .Must(channels => channels is null
                || (channels.Count is > 0 and <= SocketLimits.ChannelsMax && channels.All(name => name is { Length: <= SocketLimits.ChannelCharactersMax })))
            .WithMessage($"channels must be 1 to {SocketLimits.ChannelsMax} patterns of {SocketLimits.ChannelCharactersMax} characters at most");
    }
}

/// <summary>Issues tickets to who shows the token: <c>POST /v1/ws-tickets</c>.</summary>
internal sealed class TicketDoor(SocketCredentials credentials, Tickets tickets)
{
    public const string Path = "/v1/ws-tickets";

    private const int BodyBytesMax = 64 * 1024;

    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web);

    private readonly SocketCredentials _credentials = credentials;
    private readonly Tickets _tickets = tickets;
    private readonly TicketRequestValidator _validator = new();

    public async Task ServeAsync(HttpContext context)
    {
        try
        {
            SocketGrant grant = _credentials.OfRequest(context);
            TicketRequest request = await ReadAsync(context);
            string? origin = request.Origin ?? (context.Request.Headers.Origin is [{ Length: > 0 } own] ? own : null);
            string ticket = _tickets.Issue(Limit(grant, request), origin)
                ?? throw new RestException(StatusCodes.Status429TooManyRequests, "ERR too many tickets: raise ws-max-tickets, or ask for fewer");
            context.Response.Headers.CacheControl = "no-store";
            await context.Response.WriteAsJsonAsync(new TicketReply(ticket, (long)Tickets.Lifetime.TotalMilliseconds), Json);
        }
        catch (RestException refusal)
        {
            await RestErrors.WriteAsync(context, refusal.Status, refusal.Message);
        }
    }

    private static SocketGrant Limit(SocketGrant grant, TicketRequest request) => grant with
    {
        IsReadOnly = grant.IsReadOnly || request.ReadOnly,
        Channels = request.Channels is { } channels ? [.. channels.Select(Encoding.UTF8.GetBytes)] : grant.Channels,
    };

    private async ValueTask<TicketRequest> ReadAsync(HttpContext context)
    {
        var body = new byte[BodyBytesMax + 1];
        int length = await context.Request.Body.ReadAtLeastAsync(body, body.Length, throwOnEndOfStream: false);
        if (length > BodyBytesMax) throw new RestException(StatusCodes.Status413PayloadTooLarge, $"ERR the body has {BodyBytesMax} bytes at most");
        if (length == 0) return new TicketRequest();
        try
        {
            TicketRequest request = JsonSerializer.Deserialize<TicketRequest>(body.AsSpan(0, length), Json) ?? new TicketRequest();
            if (_validator.Validate(request) is { IsValid: false } result) throw RestException.BadRequest("ERR " + result.Errors[0].ErrorMessage);
            return request;
        }
        catch (JsonException)
        {
            throw RestException.BadRequest("ERR the body must be a JSON object with origin, channels and readOnly, or empty");
        }
    }
}
