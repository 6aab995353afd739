using Galley.Api.Doors;
using Galley.Api.Logging;
using Galley.Api.Rest;
using Galley.Store.Configuration;
using Microsoft.OpenApi;
using Swashbuckle.AspNetCore.Swagger;

namespace Galley.Api.OpenApi;

/// <summary>
/// Describes the doors of HTTP. The routes of REST are mapped so that the host's explorer sees them, and lead to the same
/// delegate that serves them without routing; commands and typed operations are added from the command table.
/// <c>openapi.yaml</c> is this description written down.
/// </summary>
internal static class ApiDescription
{
    private const string Version = "v1";

    public static void Add(IServiceCollection services)
    {
        services.AddEndpointsApiExplorer();
        services.AddSwaggerGen(swagger =>
        {
            swagger.SwaggerDoc(Version, new OpenApiInfo
            {
                Title = "Galley",
                Version = Version,
                Description = "The doors of Galley, a Redis server, to HTTP. REST speaks the API of Upstash, so that "
                    + "@upstash/redis works unchanged. Under /v1/commands each command has an operation with typed fields.",
                License = new OpenApiLicense { Name = "MIT", Url = new Uri("https://opensource.org/license/mit") },
            });
            swagger.AddSecurityDefinition("token", new OpenApiSecurityScheme
            {
                Type = SecuritySchemeType.Http,
                Scheme = "bearer",
                Description = "The value of http-token. Where it is not set, only this machine is served.",
            });
            swagger.DocumentFilter<CommandOperations>();
            swagger.DocumentFilter<TypedPaths>();
            swagger.DocumentFilter<SocketOperation>();
            swagger.DocumentFilter<EventOperations>();
            swagger.DocumentFilter<DocumentDefaults>();
        });
    }

    public static void Map(WebApplication app, RestDoor rest)
    {
        MapRest(app, rest);
        app.UseSwagger(swagger => swagger.RouteTemplate = "swagger/{documentName}/swagger.{extension:regex(^(json|ya?ml)$)}");
        app.UseSwaggerUI(ui =>
        {
            ui.SwaggerEndpoint($"{Version}/swagger.json", "Galley");
            ui.DocumentTitle = "Galley";
        });
    }

    /// <summary>Prints the description as <c>openapi.yaml</c> holds it: <c>dotnet run --project src/Api -- --openapi</c>.</summary>
    public static async Task<int> PrintAsync(TextWriter output)
    {
        var settings = new Settings { HttpPort = 0 };
        var log = new ServerLog(settings, TimeProvider.System);
        await using WebApplication app = HttpHost.Build(settings, new NoEngine(), log, []);
        await output.WriteAsync(await ToYamlAsync(app.Services));
        return 0;
    }

    /// <summary>The description of a running application.</summary>
    public static async Task<string> ToYamlAsync(IServiceProvider services)
    {
        OpenApiDocument document = services.GetRequiredService<ISwaggerProvider>().GetSwagger(Version);
        string yaml = await document.SerializeAsYamlAsync(OpenApiSpecVersion.OpenApi3_0);
        return yaml.ReplaceLineEndings("\n").TrimEnd('\n') + "\n";
    }

    private static void MapRest(WebApplication app, RestDoor rest)
    {
        Describe(app.MapPost("/", (Delegate)rest.ServeAsync), "Runs one command: a JSON array of its words.")
            .Accepts<object[]>("application/json").Produces<RestResult>();
        Describe(app.MapPost("/pipeline", (Delegate)rest.ServeAsync), "Runs commands in order, each by itself.")
            .Accepts<object[][]>("application/json").Produces<RestRow[]>();
        Describe(app.MapPost("/multi-exec", (Delegate)rest.ServeAsync), "Runs commands as one transaction.")
            .Accepts<object[][]>("application/json").Produces<RestRow[]>();
        Describe(app.MapGet("/{command}/{**arguments}", (string command, string arguments, HttpContext context) => rest.ServeAsync(context)),
            "Runs the command in the address; the query is appended.").Produces<RestResult>();
        Describe(app.MapPost("/{command}/{**arguments}", (string command, string arguments, HttpContext context) => rest.ServeAsync(context)),
            "As GET; the body is appended as the last argument, before the query.")
            .Accepts<string>("application/octet-stream").Produces<RestResult>();
    }

    /// <summary>Behind a description that is only printed.</summary>
    private sealed class NoEngine : IEngineDoor
    {
        public string? Failure => null;

        public IDoorSession Open(DoorKind kind, string remoteAddress, IPushTarget? push = null) => throw new NotSupportedException();
    }

    private static RouteHandlerBuilder Describe(RouteHandlerBuilder route, string summary) => route
        .WithTags("Commands").WithSummary(summary)
        .Produces<RestError>(StatusCodes.Status400BadRequest)
        .Produces<RestError>(StatusCodes.Status401Unauthorized)
        .Produces<RestError>(StatusCodes.Status413PayloadTooLarge);
}
