using System.Net;
using System.Text.Json;
using Galley.Api.Tests.Rest;

namespace Galley.Api.Tests.Events;

/// <summary>/v1/channels/{channel}/events, as EventSource reads it.</summary>
public sealed class ChannelEventTests : IAsyncLifetime
{
    private EventServer _server = null!;

    public async ValueTask InitializeAsync() => _server = await EventServer.StartAsync();

    public ValueTask DisposeAsync() => _server.DisposeAsync();

    [Theory]
    [InlineData("", "ahoy", "data: ahoy")]
    [InlineData("?data=utf8", "one\r\ntwo", "data: one\ndata: two")]
    [InlineData("?data=json", "ahoy", "data: \"ahoy\"")]
    [InlineData("?data=json", "[1]", "data: [1]")]
    [InlineData("?data=base64", "one\ntwo", "data: b25lCnR3bw==")]
    public async Task A_message_is_an_event_with_its_payload(string query, string payload, string expected)
    {
        using EventReader reader = await EventReader.OpenAsync(_server.Client, "/v1/channels/news/events" + query);
        Assert.Equal("text/event-stream", reader.Response.Content.Headers.ContentType?.ToString());
        Assert.Equal("retry: 2000", await reader.NextAsync());

        Assert.Equal(":1", await _server.AskAsync("PUBLISH", "news", payload));

        Assert.Equal("event: message\n" + expected, await reader.NextAsync());
    }

    [Theory]
    [InlineData("?pattern=1", "ahoy", """{"pattern":"u:*","channel":"u:1","data":"ahoy"}""")]
    [InlineData("?pattern=true&data=json", "{\"a\":\n1}", "{\"pattern\":\"u:*\",\"channel\":\"u:1\",\"data\":{\"a\":\ndata: 1}}")]
    [InlineData("?pattern=1&data=base64", "hi", """{"pattern":"u:*","channel":"u:1","data":"aGk=","enc":"b64"}""")]
    public async Task By_a_pattern_the_event_names_the_channel(string query, string payload, string expected)
    {
        using EventReader reader = await EventReader.OpenReadyAsync(_server.Client, "/v1/channels/u:*/events" + query);

        await _server.AskAsync("PUBLISH", "u:1", payload);

        Assert.Equal("event: pmessage\ndata: " + expected, await reader.NextAsync());
    }

    [Theory]
    [InlineData("a%2Fb", "a/b")]
    [InlineData("%", "%")]
    [InlineData("%20%C3%BC", " ü")]
    [InlineData("events", "events")]
    public async Task A_name_is_one_segment_decoded_once(string segment, string channel)
    {
        using EventReader reader = await EventReader.OpenReadyAsync(_server.Client, $"/v1/channels/{segment}/events");
        Assert.Equal(":1", await _server.AskAsync("PUBLISH", channel, "x"));
        Assert.Equal("event: message\ndata: x", await reader.NextAsync());
    }

    [Theory]
    [InlineData("GET", "/v1/channels/a/b/events", HttpStatusCode.NotFound)]
    [InlineData("GET", "/v1/channels/a", HttpStatusCode.NotFound)]
    [InlineData("POST", "/v1/channels/a/events", HttpStatusCode.MethodNotAllowed)]
    [InlineData("GET", "/v1/channels/a/events?pattern=x", HttpStatusCode.BadRequest)]
    [InlineData("GET", "/v1/channels/a/events?data=xml", HttpStatusCode.BadRequest)]
    [InlineData("GET", "/v1/channels/a/events?ticket=none", HttpStatusCode.Unauthorized)]
    public async Task What_is_no_stream_is_refused_in_JSON(string method, string address, HttpStatusCode expected)
    {
        (HttpStatusCode status, string body) = await _server.Client.SendAsync(new HttpMethod(method), address);
        Assert.Equal(expected, status);
        Assert.StartsWith("{\"error\":\"", body, StringComparison.Ordinal);
        Assert.Equal("*0", await _server.AskAsync("PUBSUB", "CHANNELS"));
    }

    [Fact]
    public async Task HEAD_looks_and_a_preflight_is_answered()
    {
        Assert.Equal((HttpStatusCode.OK, ""), await _server.Client.SendAsync(HttpMethod.Head, "/v1/channels/a/events"));
        using HttpResponseMessage preflight = await _server.Client.RequestAsync(HttpMethod.Options, "/v1/channels/a/events", null,
            ("Origin", "http://localhost:3000"), ("Access-Control-Request-Method", "GET"));
        Assert.Equal("http://localhost:3000", preflight.Headers.GetValues("Access-Control-Allow-Origin").Single());
        using EventReader reader = await EventReader.OpenReadyAsync(_server.Client, "/v1/channels/a/events", ("Origin", "http://localhost:3000"));
        Assert.Equal("http://localhost:3000", reader.Response.Headers.GetValues("Access-Control-Allow-Origin").Single());
    }

    [Fact]
    public async Task A_ticket_serves_once_for_its_channels_and_its_page()
    {
        await using EventServer server = await EventServer.StartAsync(settings => settings.HttpToken = "sesame");
        Assert.Equal(HttpStatusCode.Unauthorized, (await server.Client.SendAsync(HttpMethod.Get, "/v1/channels/news.art/events")).Status);

        string ticket = await TicketAsync(server, """{"channels":["news.*"]}""");
        using (EventReader reader = await EventReader.OpenReadyAsync(server.Client, "/v1/channels/news.art/events?ticket=" + ticket))
        {
            await server.AskAsync("PUBLISH", "news.art", "x");
            Assert.Equal("event: message\ndata: x", await reader.NextAsync());
        }
        Assert.Equal(HttpStatusCode.Unauthorized, (await server.Client.SendAsync(HttpMethod.Get, "/v1/channels/news.art/events?ticket=" + ticket)).Status);

        ticket = await TicketAsync(server, """{"channels":["news.*"]}""");
        Assert.Equal(HttpStatusCode.Forbidden, (await server.Client.SendAsync(HttpMethod.Get, "/v1/channels/secret/events?ticket=" + ticket)).Status);
        ticket = await TicketAsync(server, """{"channels":["news.*"]}""");
        Assert.Equal(HttpStatusCode.Forbidden, (await server.Client.SendAsync(HttpMethod.Get, "/v1/channels/n*/events?pattern=1&ticket=" + ticket)).Status);
        ticket = await TicketAsync(server, """{"origin":"https://app.example"}""");
        Assert.Equal(HttpStatusCode.Forbidden, (await server.Client.SendAsync(HttpMethod.Get, "/v1/channels/a/events?ticket=" + ticket, null, ("Origin", "https://other.example"))).Status);
    }

    private static async Task<string> TicketAsync(EventServer server, string wish)
    {
        (_, string body) = await server.Client.SendAsync(HttpMethod.Post, "/v1/ws-tickets", wish, ("Authorization", "Bearer sesame"));
        return JsonDocument.Parse(body).RootElement.GetProperty("ticket").GetString()!;
    }
}
