using Galley.Api.Doors;
using Galley.Api.Logging;
using Galley.Store.Commands;
using Galley.Store.Configuration;
using Galley.Store.Engine;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.TestHost;

namespace Galley.Api.Tests;

/// <summary>The doors of HTTP on a real engine that stores nothing, without a port: requests go in by a call.</summary>
public sealed class ApiServer : IAsyncDisposable
{
    private readonly WebApplication _app;

    private ApiServer(Settings settings)
    {
        Settings = settings;
        Engine = new GalleyEngine(settings, CommandTable.Shared, TimeProvider.System);
        Engine.Start();
        var log = new ServerLog(settings, TimeProvider.System);
        _app = HttpHost.Build(settings, new EngineDoor(Engine), log, [], builder => builder.WebHost.UseTestServer());
    }

    public Settings Settings { get; }

    public GalleyEngine Engine { get; }

    public TestServer Server => _app.GetTestServer();

    public IServiceProvider Services => _app.Services;

    public static async Task<ApiServer> StartAsync(Action<Settings>? configure = null)
    {
        var settings = new Settings { AppendOnly = false };
        configure?.Invoke(settings);
        var server = new ApiServer(settings);
        await server._app.StartAsync();
        return server;
    }

    public HttpClient Client() => _app.GetTestClient();

    public Task StopAsync() => _app.StopAsync();

    public async ValueTask DisposeAsync()
    {
        await _app.DisposeAsync();
        Engine.Dispose();
    }
}
