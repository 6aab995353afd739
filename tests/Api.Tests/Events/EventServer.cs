using System.Text;
using Galley.Resp.Protocol;
using Galley.Store.Commands;
using Galley.Store.Configuration;
using Galley.Store.Engine;

namespace Galley.Api.Tests.Events;

/// <summary>The doors of HTTP on a port, whose engine can be asked past them.</summary>
internal sealed class EventServer : IAsyncDisposable
{
    private readonly ApiServer _server;
    private readonly Session _session;

    private EventServer(ApiServer server)
    {
        _server = server;
        Client = new HttpClient { BaseAddress = server.Address };
        _session = server.Engine.OpenSession(SessionKind.Http, "test");
        _session.IsAuthenticated = true;
    }

    public HttpClient Client { get; }

    public Uri Address => _server.Address;

    public static async Task<EventServer> StartAsync(Action<Settings>? configure = null) =>
        new(await ApiServer.StartOnPortAsync(configure));

    public Task StopAsync() => _server.StopAsync();

    /// <summary>Runs a command; its reply as RESP, with a blank for each line end.</summary>
    public async Task<string> AskAsync(params string[] words)
    {
        var request = new DoorRequest { Session = _session };
        Arguments arguments = Arguments.Of([.. words.Select(Encoding.UTF8.GetBytes)]);
        request.Add(in arguments);
        await _server.Engine.ExecuteAsync(request);
        return Encoding.UTF8.GetString(System.Buffers.BuffersExtensions.ToArray(_session.Reply.Output.Drain())).TrimEnd().Replace("\r\n", " ", StringComparison.Ordinal);
    }

    /// <summary>Asks until the reply is this one.</summary>
    public async Task UntilAsync(string reply, params string[] words)
    {
        string last = "";
        for (int i = 0; i < 2000; i++)
        {
            last = await AskAsync(words);
            if (last == reply) return;
            await Task.Delay(10);
        }
        Assert.Equal(reply, last);
    }

    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        await _server.DisposeAsync();
    }
}
