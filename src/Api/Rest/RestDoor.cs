using System.Buffers;
using Galley.Api.Doors;
using Galley.Api.Events;
using Galley.Store.Configuration;

namespace Galley.Api.Rest;

/// <summary>
/// The REST door, in the words of Upstash's API: <c>POST /</c> with a command as a JSON array, the command in the
/// address, <c>/pipeline</c> and <c>/multi-exec</c>, and streams of events; each also under <c>/db/{n}</c>. One delegate, no routing and no
/// model binding: a body is parsed into the bytes of commands, and replies are written as JSON into the response.
/// </summary>
internal sealed class RestDoor(IEngineDoor engine, ExchangePool exchanges, UpstashEventDoor events, Access access, Settings settings)
{
    private const string MethodsAllowed = "GET, HEAD, POST, PUT, OPTIONS";

    private readonly IEngineDoor _engine = engine;
    private readonly ExchangePool _exchanges = exchanges;
    private readonly UpstashEventDoor _events = events;
    private readonly Access _access = access;
    private readonly Settings _settings = settings;

    private readonly int _prefixSegments = RestAddress.SegmentsOf(settings.HttpPathPrefix);

    public async Task ServeAsync(HttpContext context)
    {
        string method = context.Request.Method;
        bool mayHaveBody = HttpMethods.IsPost(method) || HttpMethods.IsPut(method);
        if (!mayHaveBody && !HttpMethods.IsGet(method) && !HttpMethods.IsHead(method)) throw WrongMethod(context, MethodsAllowed);
        Grant grant = _access.GrantOf(context);
        if (HttpMethods.IsHead(method)) return;

        RestAddress address = AddressOf(context);
        var client = new DoorClient(address.DatabaseId, grant == Grant.ReadOnly, IsLenient: true);
        if (address.Form == RestForm.Events)
        {
            await _events.ServeAsync(context, address, client);
            return;
        }
        bool isPath = address.Form == RestForm.Path || (address.Form == RestForm.Command && !mayHaveBody);
        if (!isPath && !mayHaveBody) throw WrongMethod(context, "POST");
        ReplyFormat format = ReplyFormats.Of(context.Request, address.Form);
        await ServeAsync(context, address, isPath, format, client);
    }

    /// <summary>
    /// An exchange goes back to the others when it has served, or refused before anything ran. One that failed on the way
    /// may hold what belongs to this client, and goes.
    /// </summary>
    private async Task ServeAsync(HttpContext context, RestAddress address, bool isPath, ReplyFormat format, DoorClient client)
    {
        Exchange exchange = _exchanges.Rent(client);
        exchange.Session.ServeFor(context.Connection.RemoteIpAddress, context.Connection.RemotePort);
        bool isClean = false;
        try
        {
            await ReadAsync(context, address, isPath, exchange.Batch);
            await RunAsync(context, address.Form, format, exchange);
            isClean = true;
        }
        catch (RestException)
        {
            isClean = true;
            throw;
        }
        finally
        {
            if (isClean) _exchanges.Return(exchange);
            else exchange.Dispose();
        }
    }

    private RestAddress AddressOf(HttpContext context)
    {
        RestAddress address = RestAddress.Read(Access.RawTarget(context), context.Request.PathBase.HasValue ? _prefixSegments : 0);
        if (address.DatabaseId < _settings.Databases) return address;
        throw RestException.BadRequest($"ERR DB index is out of range. The server has {_settings.Databases} databases, from /db/0 on");
    }

    private async ValueTask ReadAsync(HttpContext context, RestAddress address, bool isPath, CommandBatch batch)
    {
        if (HttpMethods.IsGet(context.Request.Method))
        {
            PathCommand.Read(in address, [], batch);
            return;
        }
        ReadOnlySequence<byte> body = await RequestBody.ReadAsync(context.Request, _settings.HttpMaxBodyBytes);
        try
        {
            ReadBody(in address, isPath, in body, batch);
        }
        finally
        {
            context.Request.BodyReader.AdvanceTo(body.End);
        }
    }

    private static void ReadBody(in RestAddress address, bool isPath, in ReadOnlySequence<byte> body, CommandBatch batch)
    {
        if (isPath) PathCommand.Read(in address, body.IsSingleSegment ? body.FirstSpan : body.ToArray(), batch);
        else if (address.Form == RestForm.Command) JsonArguments.ReadCommand(in body, batch);
        else JsonArguments.ReadCommands(in body, batch);
    }

    private async ValueTask RunAsync(HttpContext context, RestForm form, ReplyFormat format, Exchange exchange)
    {
        CommandBatch batch = exchange.Batch;
        string?[]? refusals = null;
        if (form == RestForm.Pipeline)
        {
            refusals = RestPipeline.Refusals(_engine.Commands, batch);
            if (refusals is not null) batch = RestPipeline.Allowed(batch, refusals);
        }
        else if (UnavailableCommands.Refusal(_engine.Commands, batch) is { } refusal)
        {
            throw RestException.BadRequest(refusal);
        }
        DoorReply reply = await exchange.Session.ExecuteAsync(batch, isAtomic: form == RestForm.Transaction);
        var answer = new RestAnswer(form, format, reply.Resp, reply.StateNumber, _settings.HttpCompression, exchange.Batch.Count, refusals);
        await RestResponse.WriteAsync(context, in answer, exchange);
    }

    public static RestException WrongMethod(HttpContext context, string allowed)
    {
        context.Response.Headers.Allow = allowed;
        return new RestException(StatusCodes.Status405MethodNotAllowed, "ERR method not allowed. Use " + allowed);
    }
}
