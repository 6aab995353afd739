using System.Buffers;
using Galley.Api.Doors;

namespace Galley.Api.Rest;

/// <summary>
/// The REST door, in the words of Upstash's API: <c>POST /</c> with a command as a JSON array, the command in the
/// address, <c>/pipeline</c> and <c>/multi-exec</c>. One delegate, no routing and no model binding: a body is parsed
/// into the bytes of commands, and replies are written as JSON into the response.
/// </summary>
internal sealed class RestDoor(ExchangePool exchanges, Access access)
{
    private const string MethodsAllowed = "GET, HEAD, POST, PUT, OPTIONS";

    private readonly ExchangePool _exchanges = exchanges;
    private readonly Access _access = access;

    public async Task ServeAsync(HttpContext context)
    {
        try
        {
            AllowOrigin(context);
            if (HttpMethods.IsOptions(context.Request.Method)) AnswerPreflight(context);
            else await ServeCommandsAsync(context);
        }
        catch (RestException refusal)
        {
            await RestErrors.WriteAsync(context, refusal.Status, refusal.Message);
        }
        catch (BadHttpRequestException refusal)
        {
            await RestErrors.WriteAsync(context, refusal.StatusCode, "ERR " + refusal.Message);
        }
    }

    private async Task ServeCommandsAsync(HttpContext context)
    {
        string method = context.Request.Method;
        bool mayHaveBody = HttpMethods.IsPost(method) || HttpMethods.IsPut(method);
        if (!mayHaveBody && !HttpMethods.IsGet(method) && !HttpMethods.IsHead(method)) throw WrongMethod(context, MethodsAllowed);
        _access.Admit(context);
        if (HttpMethods.IsHead(method)) return;

        Exchange exchange = _exchanges.Rent();
        exchange.Session.ServeFor(context.Connection.RemoteIpAddress, context.Connection.RemotePort);
        try
        {
            RestForm form = FormOf(context);
            if (form != RestForm.Path && !mayHaveBody) throw WrongMethod(context, "POST");
            ReplyFormat format = ReplyFormats.Of(context.Request);
            await ReadAsync(context, form, mayHaveBody, exchange.Batch);
            await RunAsync(context, form, format, exchange);
        }
        finally
        {
            _exchanges.Return(exchange);
        }
    }

    /// <summary>What the address asks for. A GET of the root is a path without a command.</summary>
    private static RestForm FormOf(HttpContext context) => context.Request.Path.Value switch
    {
        "/" or "" or null when !HttpMethods.IsGet(context.Request.Method) => RestForm.Command,
        "/pipeline" => RestForm.Pipeline,
        "/multi-exec" => RestForm.Transaction,
        _ => RestForm.Path,
    };

    private static async ValueTask ReadAsync(HttpContext context, RestForm form, bool mayHaveBody, CommandBatch batch)
    {
        if (!mayHaveBody)
        {
            PathCommand.Read(Access.RawTarget(context), [], batch);
            return;
        }
        ReadOnlySequence<byte> body = await RequestBody.ReadAsync(context.Request);
        try
        {
            ReadBody(context, form, in body, batch);
        }
        finally
        {
            context.Request.BodyReader.AdvanceTo(body.End);
        }
    }

    private static void ReadBody(HttpContext context, RestForm form, in ReadOnlySequence<byte> body, CommandBatch batch)
    {
        switch (form)
        {
            case RestForm.Path:
                PathCommand.Read(Access.RawTarget(context), body.IsSingleSegment ? body.FirstSpan : body.ToArray(), batch);
                break;
            case RestForm.Command:
                JsonArguments.ReadCommand(in body, batch);
                break;
            default:
                JsonArguments.ReadCommands(in body, batch);
                break;
        }
    }

    private static async ValueTask RunAsync(HttpContext context, RestForm form, ReplyFormat format, Exchange exchange)
    {
        if (form == RestForm.Pipeline)
        {
            await RestPipeline.RunAsync(context, format, exchange);
            return;
        }
        if (UnavailableCommands.Refusal(exchange.Batch) is { } refusal) throw RestException.BadRequest(refusal);

        bool isAtomic = form == RestForm.Transaction;
        DoorReply reply = await exchange.Session.ExecuteAsync(exchange.Batch, isAtomic);
        bool isError = reply.Resp.Span[0] is (byte)'-' or (byte)'!';
        context.Response.StatusCode = isError ? StatusCodes.Status400BadRequest : StatusCodes.Status200OK;
        if (isAtomic) await RestResponse.WriteTransactionAsync(context, format, exchange, reply);
        else await RestResponse.WriteSingleAsync(context, format, exchange, reply);
    }

    private void AllowOrigin(HttpContext context)
    {
        string origin = context.Request.Headers.Origin.ToString();
        if (origin.Length == 0 || !_access.AllowsOrigin(origin)) return;
        IHeaderDictionary headers = context.Response.Headers;
        headers.AccessControlAllowOrigin = origin;
        headers.AccessControlExposeHeaders = SyncToken.Header;
        headers.Vary = "Origin";
    }

    /// <summary>A browser asks before it lets a page of another origin send a command.</summary>
    private static void AnswerPreflight(HttpContext context)
    {
        IHeaderDictionary headers = context.Response.Headers;
        headers.AccessControlAllowMethods = MethodsAllowed;
        headers.AccessControlAllowHeaders = "authorization, content-type, upstash-encoding, upstash-response-format, "
            + "upstash-sync-token, upstash-telemetry-runtime, upstash-telemetry-platform, upstash-telemetry-sdk, upstash-telemetry-retry";
        headers.AccessControlMaxAge = "600";
        context.Response.ContentLength = 0;
    }

    private static RestException WrongMethod(HttpContext context, string allowed)
    {
        context.Response.Headers.Allow = allowed;
        return new RestException(StatusCodes.Status405MethodNotAllowed, "ERR method not allowed. Use " + allowed);
    }
}

/// <summary>How a request says its commands.</summary>
internal enum RestForm : byte
{
    /// <summary>One command, a JSON array in the body.</summary>
    Command,

    /// <summary>One command in the address.</summary>
    Path,

    /// <summary>Commands in the body, each by itself.</summary>
    Pipeline,

    /// <summary>Commands in the body, as MULTI and EXEC.</summary>
    Transaction,
}
