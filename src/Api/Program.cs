using System.Runtime.InteropServices;
using Galley.Api.Configuration;
using Galley.Api.Doors;
using Galley.Api.Http;
using Galley.Api.Logging;
using Galley.Api.OpenApi;
using Galley.Store.Configuration;
using Galley.Store.Persistence;

namespace Galley.Api;

/// <summary>The host: reads the settings, opens the doors, and waits for the end.</summary>
public sealed class Program
{
    private Program() { }

    public static async Task<int> Main(string[] args)
    {
        try
        {
            if (args is ["--openapi"]) return await ApiDescription.PrintAsync(Console.Out);
            await RunAsync(StartUp.Read(args, Environment.GetEnvironmentVariables(), Console.In));
            return 0;
        }
        catch (Exception error) when (error is ConfigurationException or PersistenceException or IOException)
        {
            await Console.Error.WriteLineAsync(error.Message);
            return 1;
        }
    }

    private static async Task RunAsync(StartUp startUp)
    {
        Settings settings = startUp.Settings;
        using var log = new ServerLog(settings, TimeProvider.System);
        var end = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        using PosixSignalRegistration terminate = EndAt(PosixSignal.SIGTERM, end);
        using PosixSignalRegistration interrupt = EndAt(PosixSignal.SIGINT, end);

        if (settings.Daemonize) log.Warning("daemonize is not followed: Galley stays in the foreground. Let systemd or a container run it.");
        await using GalleyServer server = GalleyServer.Start(settings, log, TimeProvider.System);
        log.Notice($"RESP: {string.Join(", ", server.Endpoints)} {settings.UnixSocket}".TrimEnd());
        log.Notice("Ready to accept connections");

        await using WebApplication? http = await OpenHttpAsync(startUp, server, log);
        http?.Lifetime.ApplicationStopping.Register(() => end.TrySetResult());
        await Task.WhenAny(end.Task, server.ShutdownRequested);
        log.Notice("User requested shutdown...");
        if (http is not null) await http.StopAsync();
        log.Notice("Galley is now ready to exit, bye bye...");
    }

    /// <summary>The HTTP doors, or null where they stay shut.</summary>
    private static async Task<WebApplication?> OpenHttpAsync(StartUp startUp, GalleyServer server, ServerLog log)
    {
        // A test tool brings a server of its own in place of the port.
        if (startUp.Settings.HttpPort == 0 && startUp.HostArguments.Length == 0) return null;
        WebApplication http = HttpHost.Build(startUp.Settings, new EngineDoor(server.Engine), log, startUp.HostArguments);
        try
        {
            await http.StartAsync();
            log.Notice("HTTP: " + string.Join(", ", http.Urls.Where(url => url != Http2Carrier.Url)));
            return http;
        }
        catch (IOException error) when (!startUp.IsHttpPortNamed)
        {
            await http.DisposeAsync();
            log.Warning($"No HTTP: {error.Message} Name another port with http-port, or 0 for none.");
            return null;
        }
    }

    private static PosixSignalRegistration EndAt(PosixSignal signal, TaskCompletionSource end) =>
        PosixSignalRegistration.Create(signal, context =>
        {
            context.Cancel = true;
            end.TrySetResult();
        });
}
