using System.Net;
using System.Runtime.InteropServices;
using Galley.Api.Configuration;
using Galley.Api.Doors;
using Galley.Api.Http;
using Galley.Api.Logging;
using Galley.Store.Commands;
using Galley.Store.Configuration;
using Galley.Store.Persistence;

namespace Galley.Api.Lifecycle;

/// <summary>The life of a server from its first line in the log to its last, in redis-server's order and words.</summary>
internal sealed class ServerRun(StartUp startUp, Supervisor supervisor, ServerLog log)
{
    /// <summary>How long the HTTP host waits for the data; a larger set is loaded while both doors answer LOADING.</summary>
    private static readonly TimeSpan LoadingHeadStart = TimeSpan.FromMilliseconds(250);

    private readonly Settings _settings = startUp.Settings;
    private PidFile? _pidFile;

    /// <summary>Runs until a signal, SHUTDOWN or the host ends it; gives the exit code.</summary>
    public async Task<int> RunAsync()
    {
        Banner.WriteStart(log, startUp);
        using var signals = new ShutdownSignals(log, ExitNow);
        int code = 0;
        try
        {
            await ServeAsync(signals);
        }
        catch (Exception error) when (error is StartException or ConfigurationException or PersistenceException
            or IOException or UnauthorizedAccessException)
        {
            foreach (string line in error.Message.Split('\n', StringSplitOptions.RemoveEmptyEntries)) log.Warning(line);
            code = 1;
        }
        _pidFile?.Remove();
        if (code == 0) log.Warning("Galley is now ready to exit, bye bye...");
        return code;
    }

    private async Task ServeAsync(ShutdownSignals signals)
    {
        Prepare();
        supervisor.TellLoading();
        await using GalleyServer server = GalleyServer.Start(_settings, log, TimeProvider.System);
        server.Engine.Server.Supervisor = supervisor.Name;
        Task loading = LoadAsync(server, signals);
        // Building the HTTP host takes the processors away from what little there may be to load, and the first reply.
        await Task.WhenAny(loading, server.ShutdownRequested, Task.Delay(LoadingHeadStart));
        await using WebApplication? http = await OpenHttpAsync(server);
        if (await Task.WhenAny(loading, server.ShutdownRequested) == loading)
        {
            await loading;
            supervisor.TellReady();
        }
        using var status = new StatusLine(server.Engine, log, TimeProvider.System);
        await EndAsync(signals, server, Stopping(http));
        await StopAsync(http);
    }

    /// <summary>Both doors are open meanwhile.</summary>
    private async Task LoadAsync(GalleyServer server, ShutdownSignals signals)
    {
        await server.Loaded;
        signals.HasLoaded();
        SayReady(server);
        if (Daemon.IsCopy) Daemon.ReleaseStarter();
    }

    /// <summary>What must be so before the data is touched: above all, that no other server has these addresses.</summary>
    private void Prepare()
    {
        log.Role = 'M';
        List<IPEndPoint> endpoints = _settings.Port == 0 ? [] : Endpoints.Of(_settings.Bind, _settings.Port);
        bool hasHttp = _settings.HttpPort != 0 || startUp.IsHosted;
        if (endpoints.Count == 0 && _settings.UnixSocket.Length == 0 && !hasHttp)
            throw new StartException("Configured to not listen anywhere, exiting.\nName a 'port', a 'unixsocket' or an 'http-port'.");
        Endpoints.DemandFree(endpoints);

        Banner.WriteMode(log, _settings);
        _pidFile = PidFile.Write(_settings, Daemon.IsCopy, log);
        log.Warning("Server initialized");
    }

    private void SayReady(GalleyServer server)
    {
        log.Verbose("RESP: " + string.Join(", ", server.Endpoints));
        log.Notice("Ready to accept connections");
        if (_settings.UnixSocket.Length > 0)
            log.Notice($"The server is now ready to accept connections at {_settings.UnixSocket}");
    }

    /// <summary>The HTTP doors, or null where they stay shut.</summary>
    private async Task<WebApplication?> OpenHttpAsync(GalleyServer server)
    {
        // A test tool brings a server of its own in place of the port.
        if (_settings.HttpPort == 0 && !startUp.IsHosted) return null;
        WebApplication http = HttpHost.Build(_settings, new EngineDoor(server.Engine), log, startUp.HostArguments);
        try
        {
            await http.StartAsync();
            log.Notice("HTTP: " + string.Join(", ", http.Urls.Where(url => url != Http2Carrier.Url)));
            return http;
        }
        catch (IOException error)
        {
            await http.DisposeAsync();
            if (startUp.IsHttpPortNamed)
            {
                throw new StartException($"Warning: Could not create server HTTP listening socket: {error.Message}\n"
                    + $"Failed listening on port {_settings.HttpPort} (HTTP), aborting.\n"
                    + "Stop who listens there, or choose another 'http-port' or 'http-bind'.", error);
            }
            log.Warning($"No HTTP: {error.Message} Name another port with http-port, or 0 for none.");
            return null;
        }
    }

    /// <summary>Returns when the server may stop: what asked for it has saved, or did not want to.</summary>
    private async Task EndAsync(ShutdownSignals signals, GalleyServer server, Task stopping)
    {
        while (true)
        {
            await Task.WhenAny(signals.Received, server.ShutdownRequested, stopping);
            // SHUTDOWN has saved in its turn, and a data set that is still loading is the one on the disk.
            if (server.ShutdownRequested.IsCompleted || !server.Loaded.IsCompletedSuccessfully) return;
            ShutdownRequest request = signals.Received.IsCompletedSuccessfully ? RequestOf(await signals.Received) : ShutdownRequest.Default;
            if (await server.Engine.TryShutdownAsync(request) || stopping.IsCompleted) return;
            log.Warning("Errors trying to shut down the server. Check the logs for more information.");
            signals.Rearm();
        }
    }

    private ShutdownRequest RequestOf(PosixSignal signal)
    {
        ShutdownOptions options = signal == PosixSignal.SIGINT ? _settings.ShutdownOnSigint : _settings.ShutdownOnSigterm;
        return (options.Save ? ShutdownRequest.Save : ShutdownRequest.Default)
            | (options.NoSave ? ShutdownRequest.NoSave : ShutdownRequest.Default)
            | (options.Now ? ShutdownRequest.Now : ShutdownRequest.Default)
            | (options.Force ? ShutdownRequest.Force : ShutdownRequest.Default);
    }

    private async Task StopAsync(WebApplication? http)
    {
        supervisor.TellStopping();
        if (http is not null) await http.StopAsync();
        if (_settings.AppendOnly) log.Notice("Calling fsync() on the AOF file.");
        if (_settings.UnixSocket.Length > 0) log.Notice("Removing the unix socket file.");
    }

    private static Task Stopping(WebApplication? http)
    {
        var stopping = new TaskCompletionSource();
        http?.Lifetime.ApplicationStopping.Register(() => stopping.TrySetResult());
        return stopping.Task;
    }

    /// <summary>On a signal that does not wait for what runs.</summary>
    private void ExitNow(int code)
    {
        if (code == 0)
        {
            log.Warning("User requested shutdown...");
            _pidFile?.Remove();
            log.Warning("Galley is now ready to exit, bye bye...");
        }
        Environment.Exit(code);
    }
}
