using System.Net;
using Galley.Api.Tests.Rest;

namespace Galley.Api.Tests.Events;

/// <summary>How the events of streams live and end: what waiting costs, and what becomes of a client that reads slowly.</summary>
public sealed class StreamEventFlowTests : IAsyncLifetime
{
    private const string Events = "/v1/streams/s/events";

    /// <summary>Together far more than all buffers between the server and its client hold.</summary>
    private const int EntryBytes = 100_000;
    private const int EntryCount = 400;

    private EventServer _server = null!;

    public async ValueTask InitializeAsync() => _server = await EventServer.StartAsync();

    public ValueTask DisposeAsync() => _server.DisposeAsync();

    [Fact]
    public async Task All_who_wait_at_one_end_wait_together_and_leave_nothing_behind()
    {
        using (await EventReader.OpenReadyAsync(_server.Client, Events))
        using (await EventReader.OpenReadyAsync(_server.Client, Events))
            await UntilBlockedAsync(1);
        await UntilBlockedAsync(0);
    }

    [Fact]
    public async Task A_slow_reader_gets_everything_in_order()
    {
        using EventReader reader = await EventReader.OpenReadyAsync(_server.Client, Events);
        await AddAsync();
        for (int i = 1; i <= EntryCount; i++) Assert.Equal($"id: {i}-0", await NextIdAsync(reader));
    }

    [Fact]
    public async Task What_a_slow_reader_has_not_taken_waits_in_the_stream_and_nowhere_else()
    {
        using EventReader reader = await EventReader.OpenReadyAsync(_server.Client, Events);
        await AddAsync();
        await _server.AskAsync("XTRIM", "s", "MAXLEN", "1");

        int next = 1;
        string id;
        while ((id = await NextIdAsync(reader)) == $"id: {next}-0") next++;

        Assert.Equal("event: gap", id);
        Assert.InRange(next, 2, EntryCount - 1);
        Assert.Equal($"id: {EntryCount}-0", await NextIdAsync(reader));
    }

    [Fact]
    public async Task They_count_as_streams_of_events_and_end_with_the_server()
    {
        await using EventServer server = await EventServer.StartAsync(settings => settings.SseMaxConnections = 1);
        using EventReader reader = await EventReader.OpenReadyAsync(server.Client, Events);
        using (HttpResponseMessage refused = await server.Client.RequestAsync(HttpMethod.Get, Events))
        {
            Assert.Equal(HttpStatusCode.ServiceUnavailable, refused.StatusCode);
            Assert.Equal("1", refused.Headers.RetryAfter?.ToString());
        }
        Task stop = server.StopAsync();
        Assert.Null(await reader.NextAsync());
        await stop;
    }

    [Fact]
    public async Task Silence_is_broken_by_a_comment()
    {
        await using EventServer server = await EventServer.StartAsync(settings => settings.SseHeartbeatMs = 1);
        using EventReader reader = await EventReader.OpenReadyAsync(server.Client, Events);
        Assert.Equal(": keepalive", await reader.NextAsync());
        await server.AskAsync("XADD", "s", "1-0", "n", "1");
        string? next;
        while ((next = await reader.NextAsync()) == ": keepalive") { }
        Assert.StartsWith("id: 1-0\n", next, StringComparison.Ordinal);
    }

    private async Task AddAsync()
    {
        string value = new('x', EntryBytes);
        for (int i = 1; i <= EntryCount; i++) await _server.AskAsync("XADD", "s", $"{i}-0", "k", value);
    }

    private static async Task<string> NextIdAsync(EventReader reader) => (await reader.NextAsync())!.Split('\n')[0];

    private async Task UntilBlockedAsync(int count)
    {
        string info = "";
        for (int i = 0; i < 2000; i++)
        {
            info = await _server.AskAsync("INFO", "clients");
            if (info.Contains($" blocked_clients:{count} ", StringComparison.Ordinal)) return;
            await Task.Delay(10);
        }
        Assert.Fail(info);
    }
}
