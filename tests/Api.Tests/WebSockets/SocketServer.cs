using Galley.Api.Doors;
using Galley.Api.Logging;
using Galley.Store.Commands;
using Galley.Store.Configuration;
using Galley.Store.Engine;
using Microsoft.AspNetCore.Builder;

namespace Galley.Api.Tests.WebSockets;

/// <summary>The doors of HTTP on a port of their own: WebSockets take over the connection, which needs a real one.</summary>
internal sealed class SocketServer : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly ServerLog _log;
    private readonly HttpClient _client;

    private SocketServer(Settings settings, GalleyEngine engine, WebApplication app, ServerLog log)
    {
        Settings = settings;
        Engine = engine;
        _app = app;
        _log = log;
        Address = new Uri(app.Urls.First(url => url.Contains("127.0.0.1", StringComparison.Ordinal)));
        _client = new HttpClient { BaseAddress = Address };
    }

    public Settings Settings { get; }

    public GalleyEngine Engine { get; }

    public Uri Address { get; }

    public static async Task<SocketServer> StartAsync(Action<Settings>? configure = null, Func<GalleyEngine, IEngineDoor>? door = null)
    {
        var settings = new Settings { AppendOnly = false, HttpPort = 0 };
        configure?.Invoke(settings);
        var engine = new GalleyEngine(settings, CommandTable.Shared.Renamed(settings.RenamedCommands), TimeProvider.System);
        engine.Start();
        var log = new ServerLog(settings, TimeProvider.System);
        WebApplication app = HttpHost.Build(settings, door?.Invoke(engine) ?? new EngineDoor(engine), log, []);
        await app.StartAsync();
        return new SocketServer(settings, engine, app, log);
    }

    public HttpClient Client() => _client;

    public Task StopAsync() => _app.StopAsync();

    public async ValueTask DisposeAsync()
    {
        _client.Dispose();
        await _app.DisposeAsync();
        Engine.Dispose();
    }
}
