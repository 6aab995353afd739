using System.Net;
using Galley.Api.Configuration;
using Galley.Api.Lifecycle;
using Galley.Api.Logging;
using Galley.Resp.Protocol;
using Galley.Resp.Transport;
using Galley.Store.Scripting;
using Galley.Store.Commands;
using Galley.Store.Configuration;
using Galley.Store.Engine;
using Galley.Store.Persistence;
using Galley.Store.Persistence.Files;

namespace Galley.Api;

/// <summary>The engine, its data and the RESP door: what a server is without HTTP.</summary>
public sealed class GalleyServer : IAsyncDisposable
{
    private readonly DataFolder _data;
    private readonly ITransport _transport;
    private readonly TaskCompletionSource _shutdown = new(TaskCreationOptions.RunContinuationsAsynchronously);

    private readonly TaskCompletionSource _loaded = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Thread _loader;

    private GalleyServer(GalleyEngine engine, DataFolder data, ITransport transport)
    {
        Engine = engine;
        _data = data;
        _transport = transport;
        engine.ShutdownRequested += _ => _shutdown.TrySetResult();
        _loader = new Thread(Load) { IsBackground = true, Name = "galley-loader" };
        _loader.Start();
    }

    public GalleyEngine Engine { get; }

    /// <summary>Where RESP is served, with the ports that the system chose.</summary>
    public IReadOnlyList<IPEndPoint> Endpoints => _transport.Endpoints;

    /// <summary>Completes when a client has sent SHUTDOWN.</summary>
    public Task ShutdownRequested => _shutdown.Task;

    /// <summary>Completes when the data is there; until then clients hear LOADING. It fails where the data cannot be loaded.</summary>
    public Task Loaded => _loaded.Task;

    /// <summary>Opens the RESP door and begins to load the data.</summary>
    public static GalleyServer Start(Settings settings, ServerLog log, TimeProvider time)
    {
        foreach (Parameter given in settings.Parameters.GivenWithoutEffect)
            log.Warning($"{given.Name} has no effect in Galley: it is accepted, and nothing more.");
        DescriptorLimit.Adjust(settings, log);
        List<IPEndPoint> endpoints = Addresses(settings);
        var engine = new GalleyEngine(settings, CommandTable.Shared.Renamed(settings.RenamedCommands), time);
        ScriptingRoom.Attach(engine.Server);
        engine.Server.Log = log.Write;
        if (settings.ConfigFilePath.Length > 0) engine.Server.ConfigStorage = new ConfigFileOnDisk(settings.ConfigFilePath);
        DataFolder? data = null;
        try
        {
            data = DataFolder.Create(engine, log.Notice, time);
            engine.WarmUp();
            return new GalleyServer(engine, data, OpenDoor(settings, endpoints, engine, log));
        }
        catch
        {
            data?.Dispose();
            engine.Dispose();
            throw;
        }
    }

    /// <summary>Closes the door, lets what runs end, and stores everything durably.</summary>
    public async ValueTask DisposeAsync()
    {
        Engine.Interrupt();
        _transport.StopAccepting();
        await _transport.DisposeAsync();
        _loader.Join();
        try
        {
            if (_loaded.Task.IsCompletedSuccessfully) _data.SaveWhatCameLast();
            _data.Flush();
        }
        finally
        {
            _data.Dispose();
            Engine.Dispose();
        }
    }

    private void Load()
    {
        try
        {
            _data.Load();
            Engine.Start();
            _loaded.SetResult();
        }
#pragma warning disable CA1031 // Whoever waits for the data is told why it does not come.
        catch (Exception failure)
#pragma warning restore CA1031
        {
            _loaded.SetException(failure);
        }
    }

    private static ITransport OpenDoor(Settings settings, List<IPEndPoint> endpoints, GalleyEngine engine, ServerLog log)
    {
        var limits = new RespLimits { BulkBytesMax = settings.ProtoMaxBulkBytes, QueryBufferBytesMax = settings.ClientQueryBufferBytesMax };
        var options = new TransportOptions
        {
            Endpoints = endpoints,
            UnixSocketPath = settings.UnixSocket.Length == 0 ? null : Path.GetFullPath(settings.UnixSocket, settings.Directory),
            UnixSocketMode = settings.UnixSocketPermissions == 0 ? null : (UnixFileMode)settings.UnixSocketPermissions,
            Backlog = settings.TcpBacklog,
            KeepAliveSeconds = settings.TcpKeepAliveSeconds,
            Limits = limits,
        };
        ITransport transport = Transports.Create(options, engine);
        try
        {
            transport.Start();
        }
        catch (ListenException refusal)
        {
            throw Api.Endpoints.Refused(refusal, settings);
        }
        Follow(settings, transport, limits);
        FollowAddresses(settings, transport, log);
        return transport;
    }

    /// <summary>What CONFIG SET changes of an open door.</summary>
    private static void Follow(Settings settings, ITransport transport, RespLimits limits)
    {
        Parameters parameters = settings.Parameters;
        parameters.OnChange("tcp-keepalive", () => Apply(() => transport.KeepAlive(settings.TcpKeepAliveSeconds)));
        parameters.OnChange("proto-max-bulk-len", () => Apply(() => limits.BulkBytesMax = settings.ProtoMaxBulkBytes));
        parameters.OnChange("client-query-buffer-limit",
            () => Apply(() => limits.QueryBufferBytesMax = settings.ClientQueryBufferBytesMax));
        parameters.OnChange("maxclients", () => DescriptorLimit.Refusal(settings));

        static string? Apply(Action change)
        {
            change();
            return null;
        }
    }

    /// <summary>CONFIG SET moves the door to other addresses; who is inside stays.</summary>
    private static void FollowAddresses(Settings settings, ITransport transport, ServerLog log)
    {
        settings.Parameters.OnChange("port", () => Move("Unable to listen on this port. Check server logs."));
        settings.Parameters.OnChange("bind", () => Move("Failed to bind to specified addresses."));

        string? Move(string refusal)
        {
            try
            {
                transport.Move(Addresses(settings));
                return null;
            }
            catch (Exception failure) when (failure is IOException or StartException)
            {
                log.Warning($"Failed listening on port {settings.Port} (TCP): {failure.Message}");
                return refusal;
            }
        }
    }

    private static List<IPEndPoint> Addresses(Settings settings) =>
        settings.Port == 0 ? [] : Api.Endpoints.Of(settings.Bind, settings.Port);
}
