using Galley.Api.Doors;
using Galley.Api.Rest;

namespace Galley.Api;

/// <summary>
/// For orchestrators, without credentials and without data: <c>/livez</c> tells that the process answers, <c>/readyz</c>
/// that it can serve and store.
/// </summary>
internal static class Health
{
    public static void Map(WebApplication app)
    {
        app.MapGet("/livez", () => TypedResults.Ok(new HealthStatus("ok")))
            .WithTags("Health").WithSummary("The process answers.");
        app.MapGet("/readyz", (IEngineDoor engine) => engine.Failure is { } failure
                ? Results.Json(new RestError(failure), statusCode: StatusCodes.Status503ServiceUnavailable)
                : Results.Ok(new HealthStatus("ok")))
            .Produces<HealthStatus>().Produces<RestError>(StatusCodes.Status503ServiceUnavailable)
            .WithTags("Health").WithSummary("The data is loaded, and writes can be stored.");
    }
}

internal sealed record HealthStatus(string Status);
