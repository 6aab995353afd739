using System.Diagnostics;
using System.Net;
using Galley.Api.Backups;
using Galley.Api.Doors;
using Galley.Api.Events;
using Galley.Api.Http;
using Galley.Api.Logging;
using Galley.Api.OpenApi;
using Galley.Api.Pages;
using Galley.Api.Rest;
using Galley.Api.Typed;
using Galley.Api.WebSockets;
using Galley.Store.Commands;
using Galley.Store.Configuration;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Routing.Constraints;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using HostLevel = Microsoft.Extensions.Logging.LogLevel;

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
        // The host's diagnostics would make an Activity of each request, a quarter of what serving one costs.
        builder.Logging.ClearProviders().AddProvider(new HostLogging(log)).AddFilter("Microsoft.AspNetCore.Hosting.Diagnostics", HostLevel.None);
        var http2 = new Http2Carrier();
        builder.Services.AddSingleton<IConnectionListenerFactory>(http2);
        builder.WebHost.ConfigureKestrel(kestrel => Listen(kestrel, settings, http2));
        // Requests never block, and what may take long goes to the pool (Gate.Post): they may run on the thread that received them.
        builder.WebHost.UseSockets(sockets => sockets.UnsafePreferInlineScheduling = true);
        builder.Services.Configure<HostOptions>(host => host.ShutdownTimeout = DrainTime);
        // The program listens for signals itself: there may be no HTTP at all.
        builder.Services.AddSingleton<IHostLifetime, NoHostLifetime>();
        AddDoors(builder.Services, settings, engine, log);
        ApiDescription.Add(builder.Services);
        configure?.Invoke(builder);

        WebApplication app = builder.Build();
        Use(app);
        return app;
    }

    private static void AddDoors(IServiceCollection services, Settings settings, IEngineDoor engine, ServerLog log)
    {
        services.AddSingleton(settings);
        services.AddSingleton(engine);
        services.AddSingleton(log);
        services.AddSingleton<DiagnosticSource, KestrelRefusals>();
        services.AddSingleton<Access>();
        services.AddSingleton<Cors>();
        services.AddSingleton<RequestIds>();
        services.AddSingleton<AccessLog>();
        services.AddSingleton<FrontDoor>();
        services.AddSingleton<ExchangePool>();
        services.AddSingleton<RestDoor>();
        services.AddSingleton(new TypedOperations(CommandTable.Shared));
        services.AddSingleton<TypedDoor>();
        services.AddSingleton<BackupDoor>();
        services.AddSingleton<FrontPages>();
        SocketRoutes.Add(services);
        EventRoutes.Add(services);
        // The slim builder leaves regular expressions out of routing; Swashbuckle's own routes have one.
        services.Configure<RouteOptions>(routes => routes.SetParameterPolicy<RegexInlineRouteConstraint>("regex"));
    }

    /// <summary>What is not one of the few addresses of the host's own is a command: no routing stands before it.</summary>
    private static void Use(WebApplication app)
    {
        FrontDoor door = app.Services.GetRequiredService<FrontDoor>();
        RestDoor rest = app.Services.GetRequiredService<RestDoor>();
        RequestDelegate serveCommands = rest.ServeAsync;
        // Whatever a WebSocket or a stream of events passes on its way in waits as long as it lives: it passes nothing that it does not need.
        RequestDelegate serveSocket = app.Services.GetRequiredService<SocketDoor>().ServeAsync;
        RequestDelegate serveEvents = app.Services.GetRequiredService<ChannelEventDoor>().ServeAsync;
        RequestDelegate serveEntries = app.Services.GetRequiredService<StreamEventDoor>().ServeAsync;
        string prefix = app.Services.GetRequiredService<Settings>().HttpPathPrefix.Trim('/');
        if (prefix.Length > 0) app.UsePathBase("/" + prefix);
        app.Use(next =>
        {
            RequestDelegate serveOwn = OnPool(next);
            return context => door.ServeAsync(context, SocketDoor.IsMeant(context.Request) ? serveSocket
                : ChannelEventDoor.IsMeant(context.Request) ? serveEvents
                : StreamEventDoor.IsMeant(context.Request) ? serveEntries
                : IsOwnAddress(context.Request.Path) || FrontPages.Wants(context.Request) ? serveOwn : serveCommands);
        });
        app.UseRouting();
        ApiDescription.Map(app, rest);
        Health.Map(app);
        app.Services.GetRequiredService<FrontPages>().Map(app);
        SocketRoutes.Map(app);
        app.Services.GetRequiredService<BackupDoor>().Map(app);
        app.Services.GetRequiredService<TypedDoor>().Map(app);
        app.Map("/v1/{**rest}", NotFoundAsync).ExcludeFromDescription();
        app.UseEndpoints(_ => { });
        app.Run(NotFoundAsync);
    }

    /// <summary>Away from the thread that receives, for which others wait: a description is not written down in no time.</summary>
    private static RequestDelegate OnPool(RequestDelegate next) => async context =>
    {
        await Task.CompletedTask.ConfigureAwait(ConfigureAwaitOptions.ForceYielding);
        await next(context);
    };

    private static Task NotFoundAsync(HttpContext context) =>
        RestErrors.WriteAsync(context, StatusCodes.Status404NotFound,
            "ERR no such address. Commands are addressed as /get/key, or sent to / as a JSON array; /swagger lists everything");

    private static bool IsOwnAddress(PathString path) =>
        path.StartsWithSegments("/v1") || path.StartsWithSegments("/swagger") || path == "/livez" || path == "/readyz"
        || path == ClientFiles.Script || path == ClientFiles.Types;

    private static void Listen(KestrelServerOptions kestrel, Settings settings, Http2Carrier http2)
    {
        kestrel.AddServerHeader = false;
        // Above our own limit, so that the refusal comes after the request was read to its end.
        kestrel.Limits.MaxRequestBodySize = Math.Max(RestLimits.DrainedBytesMax, settings.HttpMaxBodyBytes);
        kestrel.Limits.MaxRequestLineSize = 2 * RestLimits.RequestLineBytesMax;
        kestrel.Limits.MaxRequestBufferSize = 2 * RestLimits.RequestLineBytesMax;
        kestrel.Limits.MaxRequestHeadersTotalSize = RestLimits.HeaderBytesMax;
        kestrel.Limits.MaxRequestHeaderCount = RestLimits.HeadersMax;
        var limit = new ConnectionLimit(settings.HttpMaxConnections);
        foreach (IPEndPoint endpoint in Endpoints.Of(settings.HttpBind, settings.HttpPort))
        {
            kestrel.Listen(endpoint, port =>
            {
                port.Protocols = HttpProtocols.Http1;
                port.Use(next => connection => limit.ServeAsync(connection, next));
                port.Use(http1 => connection => http2.ServeAsync(connection, http1));
            });
        }
        kestrel.Listen(http2.EndPoint, port => port.Protocols = HttpProtocols.Http2);
    }

    private sealed class NoHostLifetime : IHostLifetime
    {
        public Task WaitForStartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    }
}
