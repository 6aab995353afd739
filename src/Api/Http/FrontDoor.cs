using System.Diagnostics;
using Galley.Api.Logging;
using Galley.Api.Rest;
using Microsoft.AspNetCore.Connections;

namespace Galley.Api.Http;

/// <summary>
/// What every HTTP request passes, whatever its address: it gets its identifier, browsers get their answer, and whatever
/// goes wrong has a JSON body, because clients parse one whatever the status.
/// </summary>
internal sealed class FrontDoor(Cors cors, RequestIds ids, AccessLog accessLog, ServerLog log)
{
    private readonly Cors _cors = cors;
    private readonly RequestIds _ids = ids;
    private readonly AccessLog _accessLog = accessLog;
    private readonly ServerLog _log = log;

    public async Task ServeAsync(HttpContext context, RequestDelegate next)
    {
        long startedAt = _accessLog.IsOn ? Stopwatch.GetTimestamp() : 0;
        string id = _ids.Assign(context);
        try
        {
            _cors.Allow(context);
            if (Access.RawTarget(context).Length > RestLimits.RequestLineBytesMax)
                throw new RestException(StatusCodes.Status414UriTooLong, RestErrors.AddressTooLong);
            if (Cors.IsPreflight(context.Request)) Cors.AnswerPreflight(context);
            else await next(context);
        }
        catch (RestException refusal)
        {
            await RestErrors.WriteAsync(context, refusal.Status, refusal.Message);
        }
        catch (BadHttpRequestException refusal)
        {
            await RestErrors.WriteAsync(context, refusal.StatusCode, "ERR " + refusal.Message);
        }
        catch (Exception error) when (IsGone(context, error))
        {
            // There is nobody to tell.
        }
#pragma warning disable CA1031 // Whatever it is, the client must learn of it, and in JSON.
        catch (Exception failure)
#pragma warning restore CA1031
        {
            _log.Warning($"HTTP: request {id} failed: {failure.GetType().Name}: {failure.Message}");
            await RestErrors.WriteAsync(context, StatusCodes.Status500InternalServerError,
                $"ERR internal error. The server's log has it with the request id {id}");
        }
        if (startedAt != 0) _accessLog.Write(context, id, startedAt);
    }
    /// <summary>The client has hung up, be it in the middle of its answer or of its WebSocket.</summary>
    private static bool IsGone(HttpContext context, Exception error) =>
        context.RequestAborted.IsCancellationRequested || error is ConnectionResetException
        || (error is IOException && context.Response.HasStarted);
}
