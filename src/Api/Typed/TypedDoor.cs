using System.Buffers;
using System.IO.Pipelines;
using System.Text;
using System.Text.Json;
using FluentValidation.Results;
using Galley.Api.Doors;
using Galley.Api.Rest;
using Galley.Store.Configuration;

namespace Galley.Api.Typed;

/// <summary>
/// Typed operations: <c>POST /v1/commands/set</c> with <c>{"key":"k","value":"v","ex":60}</c>. The body is checked
/// against the command's declaration, becomes its words, and runs as any command; the reply keeps its types.
/// </summary>
internal sealed class TypedDoor(TypedOperations operations, IEngineDoor engine, Access access, Settings settings) : IDisposable
{
    /// <summary>The nesting of the deepest declaration, and some.</summary>
    private const int DepthMax = 16;

    private static readonly JsonDocumentOptions BodyOptions = new() { MaxDepth = DepthMax, AllowDuplicateProperties = false };

    private readonly TypedOperations _operations = operations;
    private readonly IEngineDoor _engine = engine;
    private readonly Access _access = access;
    private readonly Settings _settings = settings;
    private readonly ExchangePool _exchanges = new(engine, DoorKind.Typed);

    public void Map(IEndpointRouteBuilder routes)
    {
        routes.Map(TypedOperation.Root + "/{name}/{subcommand?}", ServeAsync).ExcludeFromDescription();
        routes.MapGet("/v1/problems/{code}", (string code) => ProblemCode.Find(code) is { } found
                ? Results.Ok(found) : Results.NotFound(new RestError("ERR there is no such problem")))
            .ExcludeFromDescription();
    }

    public async Task ServeAsync(HttpContext context)
    {
        try
        {
            if (!HttpMethods.IsPost(context.Request.Method)) throw WrongMethod(context);
            Grant grant = _access.GrantOf(context);
            await ServeOperationAsync(context, new DoorClient(0, grant == Grant.ReadOnly, IsLenient: false));
        }
        catch (RestException refusal)
        {
            await Problem.OfRefusal(refusal.Status, refusal.Message).WriteAsync(context);
        }
        catch (BadHttpRequestException refusal)
        {
            await Problem.OfRefusal(refusal.StatusCode, "ERR " + refusal.Message).WriteAsync(context);
        }
    }

    public void Dispose() => _exchanges.Dispose();

    private async Task ServeOperationAsync(HttpContext context, DoorClient client)
    {
        if (!_operations.TryFind(NameIn(context), out TypedOperation? operation))
        {
            await UnknownCommand(NameIn(context)).WriteAsync(context);
            return;
        }
        if (operation.Refusal is { } refusal) throw RestException.BadRequest(refusal);

        // An exchange that failed on the way may hold what belongs to this client, and does not go back to the others.
        Exchange exchange = _exchanges.Rent(client);
        bool isClean = false;
        try
        {
            if (await ReadAsync(context, operation, exchange.Batch) is { } problem) await problem.WriteAsync(context);
            else await RunAsync(context, exchange);
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

    /// <summary>Reads the call into the batch, or says why it cannot.</summary>
    private async ValueTask<Problem?> ReadAsync(HttpContext context, TypedOperation operation, CommandBatch batch)
    {
        ReadOnlySequence<byte> body = await RequestBody.ReadAsync(context.Request, _settings.HttpMaxBodyBytes);
        try
        {
            using JsonDocument json = JsonDocument.Parse(body.IsEmpty ? new ReadOnlySequence<byte>("{}"u8.ToArray()) : body, BodyOptions);
            List<ValidationFailure> failures = operation.Check(json.RootElement);
            if (failures.Count > 0) return InvalidBody(operation, failures);
            operation.AddTo(batch, json.RootElement);
            return null;
        }
        catch (Exception error) when (error is JsonException or InvalidOperationException)
        {
            throw Malformed(error);
        }
        finally
        {
            context.Request.BodyReader.AdvanceTo(body.End);
        }
    }

    private async Task RunAsync(HttpContext context, Exchange exchange)
    {
        if (UnavailableCommands.Refusal(_engine.Commands, exchange.Batch) is { } refusal) throw RestException.BadRequest(refusal);
        DoorReply reply = await exchange.Session.ExecuteAsync(exchange.Batch, isAtomic: false);
        if (ErrorOf(reply.Resp.Span) is { } error) await Problem.OfError(error).WriteAsync(context);
        else await WriteAsync(context, exchange, reply);
    }

    private static async Task WriteAsync(HttpContext context, Exchange exchange, DoorReply reply)
    {
        RestResponse.WriteHead(context.Response, ReplyFormat.Json, reply.StateNumber);
        if (reply.Resp.Length <= RestLimits.BufferedReplyBytesMax)
        {
            WriteResult(reply.Resp.Span, exchange.Body);
            await RestResponse.SendAsync(context.Response, exchange.Body.WrittenMemory);
            return;
        }
        PipeWriter output = context.Response.BodyWriter;
        WriteResult(reply.Resp.Span, output);
        await output.FlushAsync();
    }

    private static void WriteResult(ReadOnlySpan<byte> resp, IBufferWriter<byte> output)
    {
        var cursor = new RespCursor(resp);
        output.Write("{\"result\":"u8);
        // What ends the server (SHUTDOWN) says nothing.
        if (cursor.IsAtEnd) output.Write("null"u8);
        else TypedReply.Write(ref cursor, output);
        output.Write("}"u8);
    }

    private static string? ErrorOf(ReadOnlySpan<byte> resp)
    {
        var cursor = new RespCursor(resp);
        return !cursor.IsAtEnd && cursor.IsError ? Encoding.UTF8.GetString(cursor.ReadText()) : null;
    }

    private static string NameIn(HttpContext context)
    {
        RouteValueDictionary values = context.Request.RouteValues;
        return values["subcommand"] is string subcommand ? $"{values["name"]}/{subcommand}" : (string)values["name"]!;
    }

    private static Problem InvalidBody(TypedOperation operation, List<ValidationFailure> failures)
    {
        string place = failures[0].PropertyName.Length == 0 ? "the body" : failures[0].PropertyName;
        string grammar = $"{operation.Command.Name.Replace('|', ' ')} {operation.Command.Declaration.Grammar}".TrimEnd();
        return Problem.Named(ProblemCode.Invalid, $"{place} {failures[0].ErrorMessage}. The command is {grammar}") with { Errors = failures };
    }

    private Problem UnknownCommand(string name)
    {
        string hint = NearestName.Of(name.ToLowerInvariant(), _operations.Names) is { } nearest
            ? $"Did you mean {TypedOperation.Root}/{nearest}?"
            : "GET /openapi.yaml lists the commands";
        return Problem.Named(ProblemCode.Unknown, $"ERR unknown command '{name}'. {hint}");
    }

    /// <summary>A field that is given twice is found without a place; all else that is no JSON has one.</summary>
    private static RestException Malformed(Exception error) => error is JsonException { LineNumber: null }
        ? RestException.BadRequest("ERR failed to parse request: a field is given twice")
        : JsonArguments.Malformed(error);

    private static RestException WrongMethod(HttpContext context)
    {
        context.Response.Headers.Allow = "POST";
        return new RestException(StatusCodes.Status405MethodNotAllowed, "ERR method not allowed. Use POST");
    }
}
