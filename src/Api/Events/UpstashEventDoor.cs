using System.Buffers;
using Galley.Api.Doors;
using Galley.Api.Rest;
using Galley.Api.WebSockets;

namespace Galley.Api.Events;

/// <summary>
/// Upstash's streams of events: <c>/subscribe/{channel}</c>, <c>/psubscribe/{pattern}</c>, each with more names after more
/// slashes, and <c>/monitor</c>. The command is what the address says; a body (the client sends <c>[]</c>) and the query
/// say nothing.
/// </summary>
internal sealed class UpstashEventDoor(EventServices services)
{
    private const string MethodsAllowed = "GET, HEAD, POST, OPTIONS";

    private readonly EventServices _services = services;

    /// <exception cref="RestException">The request is refused, or the command has failed.</exception>
    public async Task ServeAsync(HttpContext context, RestAddress address, DoorClient client)
    {
        HttpRequest request = context.Request;
        if (HttpMethods.IsPut(request.Method)) throw RestDoor.WrongMethod(context, MethodsAllowed);
        SocketGrant grant = _services.Credentials.OfRequest(context);
        if (HttpMethods.IsPost(request.Method)) await PassBodyAsync(request);
        using EventStream stream = _services.Streams.Enter(context, grant);
        CommandBatch command = _services.Batches.Rent();
        PathCommand.ReadPath(in address, command);
        await EventListener.ServeAsync(_services, context, stream, client, command, UpstashEvents.Form);
    }

    /// <summary>Reads the body and forgets it: what is not read would be taken for the next request.</summary>
    private async ValueTask PassBodyAsync(HttpRequest request)
    {
        ReadOnlySequence<byte> body = await RequestBody.ReadAsync(request, _services.Settings.HttpMaxBodyBytes);
        request.BodyReader.AdvanceTo(body.End);
    }
}
