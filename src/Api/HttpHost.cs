using System.Net;
using Galley.Api.Doors;
using Galley.Api.Logging;
using Galley.Api.OpenApi;
using Galley.Api.Pages;
using Galley.Api.Rest;
using Galley.Api.Typed;
using Galley.Api.WebSockets;
using Galley.Store.Commands;
using Galley.Store.Configuration;
using Microsoft.AspNetCore.Routing.Constraints;
using Microsoft.AspNetCore.Server.Kestrel.Core;

namespace Galley.Api;

/// <summary>Builds the ASP.NET Core host of the REST and WebSocket doors, health and the description.</summary>
public static class HttpHost
{
    /// <summary>Time for requests that run when the server ends.</summary>
    private static readonly TimeSpan DrainTime = TimeSpan.FromSeconds(5);

    public static WebApplication Build(
        Settings settings, IEngineDoor engine, ServerLog log, string[] hostArguments, Action<WebApplicationBuilder>? configure = null)
    {
        WebApplicationBuilder builder = WebApplication.CreateSlimBuilder(hostArguments);
        builder.Logging.ClearProviders().AddProvider(new HostLogging(log));
        builder.WebHost.ConfigureKestrel(kestrel => Listen(kestrel, settings));
        builder.Services.Configure<HostOptions>(host => host.ShutdownTimeout = DrainTime);
        // The program listens for signals itself: there may be no HTTP at all.
        builder.Services.AddSingleton<IHostLifetime, NoHostLifetime>();
        AddDoors(builder.Services, settings, engine);
        ApiDescription.Add(builder.Services);
        configure?.Invoke(builder);

        WebApplication app = builder.Build();
        Use(app);
        return app;
    }

    private static void AddDoors(IServiceCollection services, Settings settings, IEngineDoor engine)
    {
        services.AddSingleton(settings);
        services.AddSingleton(engine);
        services.AddSingleton<Access>();
        services.AddSingleton<ExchangePool>();
        services.AddSingleton<RestDoor>();
        services.AddSingleton(new TypedOperations(CommandTable.Shared));
        services.AddSingleton<TypedDoor>();
        services.AddSingleton<FrontPages>();
        services.AddSingleton<SocketDoor>();
        // The slim builder leaves regular expressions out of routing; Swashbuckle's own routes have one.
        services.Configure<RouteOptions>(routes => routes.SetParameterPolicy<RegexInlineRouteConstraint>("regex"));
    }

    /// <summary>What is not one of the few addresses of the host's own is a command: no routing stands before it.</summary>
    private static void Use(WebApplication app)
    {
        RestDoor rest = app.Services.GetRequiredService<RestDoor>();
        app.Use(next => context => IsOwnAddress(context.Request.Path) || FrontPages.Wants(context.Request) ? next(context) : rest.ServeAsync(context));
        app.UseWebSockets();
        app.UseRouting();
        ApiDescription.Map(app, rest);
        Health.Map(app);
        app.Services.GetRequiredService<FrontPages>().Map(app);
        app.MapGet(SocketDoor.Path, app.Services.GetRequiredService<SocketDoor>().ServeAsync).ExcludeFromDescription();
        app.Services.GetRequiredService<TypedDoor>().Map(app);
        app.Map("/v1/{**rest}", NotFoundAsync).ExcludeFromDescription();
        app.UseEndpoints(_ => { });
        app.Run(NotFoundAsync);
    }

    private static Task NotFoundAsync(HttpContext context) =>
        RestErrors.WriteAsync(context, StatusCodes.Status404NotFound, "ERR no such address");

    private static bool IsOwnAddress(PathString path) =>
        path.StartsWithSegments("/v1") || path.StartsWithSegments("/swagger") || path == "/livez" || path == "/readyz";

    private static void Listen(KestrelServerOptions kestrel, Settings settings)
    {
        kestrel.AddServerHeader = false;
        kestrel.Limits.MaxRequestBodySize = RestLimits.DrainedBytesMax;
        kestrel.Limits.MaxRequestLineSize = RestLimits.RequestLineBytesMax;
        kestrel.Limits.MaxRequestBufferSize = 2 * RestLimits.RequestLineBytesMax;
        foreach (IPEndPoint endpoint in Endpoints.Of(settings.HttpBind, settings.HttpPort)) kestrel.Listen(endpoint);
    }

    private sealed class NoHostLifetime : IHostLifetime
    {
        public Task WaitForStartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    }
}
