using Galley.Api.Doors;
using Galley.Api.Logging;
using Galley.Store.Commands;
using Galley.Store.Configuration;
using Galley.Store.Engine;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.TestHost;

namespace Galley.Api.Tests;

/// <summary>The doors of HTTP on a real engine that stores nothing; without a port, where requests go in by a call.</summary>
public sealed class ApiServer : IAsyncDisposable
{
    private readonly WebApplication _app;

    private ApiServer(Settings settings, bool isOnPort)
    {
        Settings = settings;
        Engine = new GalleyEngine(settings, CommandTable.Shared.Renamed(settings.RenamedCommands), TimeProvider.System);
        Engine.Start();
        var log = new ServerLog(settings, TimeProvider.System);
        _app = HttpHost.Build(settings, new EngineDoor(Engine), log, [], builder =>
        {
            if (!isOnPort) builder.WebHost.UseTestServer();
        });
    }

    public Settings Settings { get; }

    public GalleyEngine Engine { get; }

    public TestServer Server => _app.GetTestServer();

    /// <summary>Where it listens, if it was started on a port.</summary>
    public Uri Address => new(_app.Urls.First(url => url.Contains("127.0.0.1", StringComparison.Ordinal)));

    public IServiceProvider Services => _app.Services;

    public static Task<ApiServer> StartAsync(Action<Settings>? configure = null) => StartAsync(isOnPort: false, configure);

    /// <summary>The same behind Kestrel, on a free port: for what only a connection can show.</summary>
    public static Task<ApiServer> StartOnPortAsync(Action<Settings>? configure = null) => StartAsync(isOnPort: true, configure);

    public HttpClient Client() => _app.GetTestClient();

    public Task StopAsync() => _app.StopAsync();

    private static async Task<ApiServer> StartAsync(bool isOnPort, Action<Settings>? configure)
    {
        var settings = new Settings { AppendOnly = false, HttpPort = 0 };
        configure?.Invoke(settings);
        var server = new ApiServer(settings, isOnPort);
        await server._app.StartAsync();
        return server;
    }

    public async ValueTask DisposeAsync()
    {
        await _app.DisposeAsync();
        Engine.Dispose();
    }
}
