using System.Net;
using System.Text.Json;
using Galley.Api.Tests.Rest;

namespace Galley.Api.Tests.Events;

/// <summary>/v1/streams/{key}/events, as EventSource reads it.</summary>
public sealed class StreamEventTests : IAsyncLifetime
{
    private const string Events = "/v1/streams/s/events";

    private EventServer _server = null!;

    public async ValueTask InitializeAsync() => _server = await EventServer.StartAsync();

    public ValueTask DisposeAsync() => _server.DisposeAsync();

    [Fact]
    public async Task What_is_there_comes_first_then_what_is_added()
    {
        await AddAsync(1, 2);
        using EventReader reader = await EventReader.OpenAsync(_server.Client, Events + "?from=0");
        Assert.Equal("text/event-stream", reader.Response.Content.Headers.ContentType?.ToString());
        Assert.Equal("retry: 2000\nid: 0-0", await reader.NextAsync());
        Assert.Equal(Entry(1), await reader.NextAsync());
        Assert.Equal(Entry(2), await reader.NextAsync());

        await AddAsync(3);
        Assert.Equal(Entry(3), await reader.NextAsync());
    }

    [Theory]
    [InlineData("", "one\r\ntwo", """[["k","one\r\ntwo"]]}""")]
    [InlineData("&data=utf8", "{\"a\":1}", """[["k","{\"a\":1}"]]}""")]
    [InlineData("&data=json", "{\"a\":\n1}", """[["k",{"a": 1}]]}""")]
    [InlineData("&data=json", "ahoy", """[["k","ahoy"]]}""")]
    [InlineData("&data=base64", "v", """[["aw==","dg=="]],"enc":"b64"}""")]
    public async Task An_entry_is_one_line_of_JSON(string query, string value, string expected)
    {
        await _server.AskAsync("XADD", "s", "7-1", "k", value);
        using EventReader reader = await EventReader.OpenReadyAsync(_server.Client, Events + "?from=0" + query);
        Assert.Equal("id: 7-1\nevent: entry\ndata: {\"id\":\"7-1\",\"fields\":" + expected, await reader.NextAsync());
    }

    [Fact]
    public async Task An_entry_that_is_no_UTF_8_is_base64()
    {
        using var value = new ByteArrayContent([255]);
        using HttpResponseMessage added = await _server.Client.PostAsync(new Uri("/xadd/s/1-0/k", UriKind.Relative), value, TestContext.Current.CancellationToken);
        using EventReader reader = await EventReader.OpenReadyAsync(_server.Client, Events + "?from=0");
        Assert.Equal("""
            id: 1-0
            event: entry
            data: {"id":"1-0","fields":[["aw==","/w=="]],"enc":"b64"}
            """, await reader.NextAsync());
    }

    [Theory]
    [InlineData("", "", 4)]
    [InlineData("?from=$", "", 4)]
    [InlineData("?from=1", "", 2)]
    [InlineData("?from=1-0", "", 2)]
    [InlineData("?from=1-0&lastEventId=2-0", "", 3)]
    [InlineData("?from=$&lastEventId=2-0", "1-0", 2)]
    public async Task It_begins_behind_what_the_client_has_seen_last(string query, string lastEventId, int first)
    {
        await AddAsync(1, 2, 3);
        (string, string)[] headers = lastEventId.Length > 0 ? [("Last-Event-ID", lastEventId)] : [];
        using EventReader reader = await EventReader.OpenAsync(_server.Client, Events + query, headers: headers);
        // Who is cut off before the first entry comes back with this one.
        Assert.Equal($"retry: 2000\nid: {first - 1}-0", await reader.NextAsync());
        await AddAsync(4);
        for (int i = first; i <= 4; i++) Assert.Equal(Entry(i), await reader.NextAsync());
    }

    [Fact]
    public async Task What_has_been_trimmed_is_told_and_the_rest_follows()
    {
        await AddAsync(1, 2, 3, 4, 5);
        await _server.AskAsync("XTRIM", "s", "MAXLEN", "2");
        using EventReader reader = await EventReader.OpenReadyAsync(_server.Client, Events, ("Last-Event-ID", "1-0"));
        Assert.Equal("event: gap\ndata: {\"requested\":\"1-0\",\"first\":\"4-0\"}", await reader.NextAsync());
        Assert.Equal(Entry(4), await reader.NextAsync());
        Assert.Equal(Entry(5), await reader.NextAsync());
        await AddAsync(6);
        Assert.Equal(Entry(6), await reader.NextAsync());
    }

    [Theory]
    [InlineData(true, "\"4-0\"")]
    [InlineData(false, "null")]
    public async Task Or_the_stream_of_events_ends_there(bool isThere, string first)
    {
        if (isThere) await AddAsync(1, 2, 3, 4);
        await _server.AskAsync("XTRIM", "s", "MAXLEN", "1");
        using EventReader reader = await EventReader.OpenReadyAsync(_server.Client, Events + "?onGap=error&lastEventId=1-0");
        Assert.Equal(
            "event: error\ndata: {\"code\":\"GAP\",\"message\":\"GAP entries behind 1-0 have been removed\",\"requested\":\"1-0\",\"first\":" + first + "}",
            await reader.NextAsync());
        Assert.Null(await reader.NextAsync());
    }

    [Theory]
    [InlineData("")]
    [InlineData("?from=0")]
    public async Task A_missing_key_is_waited_for(string query)
    {
        using EventReader reader = await EventReader.OpenAsync(_server.Client, Events + query);
        Assert.Equal("retry: 2000\nid: 0-0", await reader.NextAsync());
        await AddAsync(1);
        Assert.Equal(Entry(1), await reader.NextAsync());
    }

    [Fact]
    public async Task A_key_that_is_gone_is_told_and_waited_for()
    {
        using EventReader reader = await EventReader.OpenReadyAsync(_server.Client, Events + "?lastEventId=4-0");
        Assert.Equal("event: gap\ndata: {\"requested\":\"4-0\",\"first\":null}", await reader.NextAsync());
        await AddAsync(5);
        Assert.Equal(Entry(5), await reader.NextAsync());
    }

    [Fact]
    public async Task What_is_no_stream_is_a_problem_before_anything_is_sent()
    {
        await _server.AskAsync("SET", "s", "x");
        using HttpResponseMessage response = await _server.Client.RequestAsync(HttpMethod.Get, Events);
        Assert.Equal(HttpStatusCode.Conflict, response.StatusCode);
        Assert.Equal("application/problem+json", response.Content.Headers.ContentType?.ToString());
        using JsonDocument problem = JsonDocument.Parse(await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
        Assert.Equal("WRONGTYPE", problem.RootElement.GetProperty("code").GetString());
    }

    [Theory]
    [InlineData("a%2Fb", "a/b")]
    [InlineData("%", "%")]
    [InlineData("%20%C3%BC", " ü")]
    [InlineData("events", "events")]
    public async Task A_key_is_one_segment_decoded_once(string segment, string key)
    {
        using EventReader reader = await EventReader.OpenReadyAsync(_server.Client, $"/v1/streams/{segment}/events");
        await _server.AskAsync("XADD", key, "1-0", "n", "1");
        Assert.Equal(Entry(1), await reader.NextAsync());
    }

    [Fact]
    public async Task Databases_and_a_prefix_stand_before_the_address()
    {
        await using EventServer server = await EventServer.StartAsync(settings => settings.HttpPathPrefix = "/cache");
        using EventReader zero = await EventReader.OpenReadyAsync(server.Client, "/cache" + Events);
        using EventReader three = await EventReader.OpenReadyAsync(server.Client, "/cache/db/3" + Events);
        Assert.Equal("{\"result\":\"1-0\"}", await server.Client.PostAsync("/db/3", """["XADD","s","1-0","n",1]"""));
        Assert.Equal("{\"result\":\"2-0\"}", await server.Client.PostAsync("/", """["XADD","s","2-0","n",2]"""));
        Assert.Equal(Entry(1), await three.NextAsync());
        Assert.Equal(Entry(2), await zero.NextAsync());
    }

    [Theory]
    [InlineData("GET", "/v1/streams/a/b/events", HttpStatusCode.NotFound)]
    [InlineData("POST", Events, HttpStatusCode.MethodNotAllowed)]
    [InlineData("GET", "/db/9999" + Events, HttpStatusCode.BadRequest)]
    [InlineData("GET", Events + "?from=x", HttpStatusCode.BadRequest)]
    [InlineData("GET", Events + "?lastEventId=x", HttpStatusCode.BadRequest)]
    [InlineData("GET", Events + "?data=xml", HttpStatusCode.BadRequest)]
    [InlineData("GET", Events + "?onGap=x", HttpStatusCode.BadRequest)]
    [InlineData("GET", "/v1/streams/%FF/events", HttpStatusCode.BadRequest)]
    [InlineData("GET", Events + "?ticket=none", HttpStatusCode.Unauthorized)]
    public async Task What_cannot_be_served_is_a_problem(string method, string address, HttpStatusCode expected)
    {
        using HttpResponseMessage response = await _server.Client.RequestAsync(new HttpMethod(method), address);
        Assert.Equal(expected, response.StatusCode);
        Assert.Equal("application/problem+json", response.Content.Headers.ContentType?.ToString());
        if (expected == HttpStatusCode.MethodNotAllowed) Assert.Equal(["GET", "HEAD", "OPTIONS"], response.Content.Headers.Allow);
    }

    [Fact]
    public async Task HEAD_looks_and_no_more() =>
        Assert.Equal((HttpStatusCode.OK, ""), await _server.Client.SendAsync(HttpMethod.Head, Events));

    [Fact]
    public async Task Every_credential_that_reads_comes_in()
    {
        await using EventServer server = await EventServer.StartAsync(settings =>
        {
            settings.HttpToken = "sesame";
            settings.HttpReadOnlyToken = "poppy";
        });
        Assert.Equal(HttpStatusCode.Unauthorized, (await server.Client.SendAsync(HttpMethod.Get, Events)).Status);
        (_, string body) = await server.Client.SendAsync(HttpMethod.Post, "/v1/ws-tickets", "{}", ("Authorization", "Bearer sesame"));
        string ticket = JsonDocument.Parse(body).RootElement.GetProperty("ticket").GetString()!;

        using EventReader byHeader = await EventReader.OpenReadyAsync(server.Client, Events, ("Authorization", "Bearer poppy"));
        using EventReader byToken = await EventReader.OpenReadyAsync(server.Client, Events + "?_token=sesame");
        using EventReader byTicket = await EventReader.OpenReadyAsync(server.Client, Events + "?ticket=" + ticket);
        await server.AskAsync("XADD", "s", "1-0", "n", "1");
        foreach (EventReader reader in (EventReader[])[byHeader, byToken, byTicket]) Assert.Equal(Entry(1), await reader.NextAsync());
    }

    private async Task AddAsync(params int[] numbers)
    {
        foreach (int number in numbers) Assert.Equal($"$3 {number}-0", await _server.AskAsync("XADD", "s", $"{number}-0", "n", $"{number}"));
    }

    private static string Entry(int number) =>
        $"id: {number}-0\nevent: entry\ndata: {{\"id\":\"{number}-0\",\"fields\":[[\"n\",\"{number}\"]]}}";
}
