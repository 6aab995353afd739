using System.Net.Sockets;
using System.Net.WebSockets;
using System.Text;
using System.Text.Json;
using Galley.Api.Tests.Rest;
using Xunit;

namespace Galley.Api.Tests.Http;

/// <summary>Clients that are many, ask for much, or vanish: the server serves the next as if nothing had been.</summary>
public sealed class ConnectionTests : IAsyncLifetime
{
    private ApiServer _server = null!;
    private HttpClient _client = null!;

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _server = await ApiServer.StartOnPortAsync(settings => settings.MaxClients = 5);
        _client = new HttpClient { BaseAddress = _server.Address };
    }

    public ValueTask DisposeAsync()
    {
        _client.Dispose();
        return _server.DisposeAsync();
    }

    [Theory]
    [InlineData("GET /get/large HTTP/1.1\r\nHost: localhost\r\n\r\n")]
    [InlineData("POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 1000\r\n\r\n[\"SET\"")]
    [InlineData("POST / HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\n5\r\n[")]
    [InlineData("GET /get/la")]
    [InlineData("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n")]
    [InlineData("PRI * HT")]
    [InlineData("")]
    public async Task A_client_that_vanishes_brings_nothing_down(string beginning)
    {
        await _client.PostAsync("/set/large", new string('v', 5_000_000));
        for (int i = 0; i < 20; i++)
        {
            using var vanishing = new TcpClient();
            await vanishing.ConnectAsync(_server.Address.Host, _server.Address.Port, Cancelled);
            await vanishing.GetStream().WriteAsync(Encoding.ASCII.GetBytes(beginning), Cancelled);
            vanishing.Client.Close(timeout: 0); // A reset, as from a tab that is shut.
        }

        Assert.Equal("""{"result":"PONG"}""", await _client.GetStringAsync("/ping", Cancelled));
    }

    [Fact]
    public async Task One_connection_too_many_is_told_so_and_the_next_finds_its_place()
    {
        await using ApiServer server = await ApiServer.StartOnPortAsync(settings => settings.HttpMaxConnections = 2);
        using var first = new TcpClient();
        using var idle = new TcpClient();
        await first.ConnectAsync(server.Address.Host, server.Address.Port, Cancelled);
        await idle.ConnectAsync(server.Address.Host, server.Address.Port, Cancelled);

        // They are counted when they are accepted, in this order or before.
        using var third = new TcpClient();
        await third.ConnectAsync(server.Address.Host, server.Address.Port, Cancelled);
        using var text = new StreamReader(third.GetStream());
        string refusal = await text.ReadToEndAsync(Cancelled);
        string[] parts = refusal.Split("\r\n\r\n");
        Assert.StartsWith("HTTP/1.1 503 ", parts[0], StringComparison.Ordinal);
        using JsonDocument body = JsonDocument.Parse(parts[1]);
        Assert.Contains("http-max-connections", body.RootElement.GetProperty("error").GetString(), StringComparison.Ordinal);
        Assert.EndsWith($"Content-Length: {parts[1].Length}", parts[0], StringComparison.Ordinal);

        idle.Dispose();
        using var next = new HttpClient { BaseAddress = server.Address };
        string reply = "";
        for (int i = 0; i < 2000 && reply.Length == 0; i++)
        {
            using HttpResponseMessage response = await next.GetAsync("/ping", Cancelled);
            if (response.IsSuccessStatusCode) reply = await response.Content.ReadAsStringAsync(Cancelled);
            else await Task.Delay(10, Cancelled);
        }
        Assert.Equal("""{"result":"PONG"}""", reply);
    }

    [Fact]
    public async Task A_WebSocket_that_vanishes_brings_nothing_down()
    {
        for (int i = 0; i < 20; i++)
        {
            using var socket = new ClientWebSocket();
            await socket.ConnectAsync(new Uri($"ws://{_server.Address.Authority}/v1/ws"), Cancelled);
            await socket.SendAsync("""{"type":"subscribe","id":"s","channels":["c"]}"""u8.ToArray(), WebSocketMessageType.Text, true, Cancelled);
            socket.Abort();
        }
        await _client.PostAsync("/publish/c/hello", "");

        Assert.Equal("""{"result":"PONG"}""", await _client.GetStringAsync("/ping", Cancelled));
    }

    [Fact]
    public async Task More_connections_than_maxclients_are_all_served()
    {
        HttpClient[] clients = [.. Enumerable.Range(0, 100).Select(_ => new HttpClient { BaseAddress = _server.Address })];
        string[] answers = await Task.WhenAll(clients.Select(client => client.GetStringAsync("/ping", Cancelled)));

        Assert.All(answers, answer => Assert.Equal("""{"result":"PONG"}""", answer));
        Array.ForEach(clients, client => client.Dispose());
    }

    [Theory]
    [InlineData("/echo/a%20b%2Fc", "a b/c")]
    [InlineData("/echo/a+b", "a+b")]
    [InlineData("/echo/%E2%82%AC", "€")]
    [InlineData("/echo/%252F", "%2F")]
    [InlineData("/echo?a+b%26c", "a b&c")]
    [InlineData("/echo/a.b;c=d,e", "a.b;c=d,e")]
    public async Task GET_POST_and_PUT_decode_an_address_alike(string address, string word)
    {
        foreach (string method in (string[])["GET", "POST", "PUT"])
        {
            (_, string body) = await _client.SendAsync(new HttpMethod(method), address);
            Assert.Equal(word, JsonDocument.Parse(body).RootElement.GetProperty("result").GetString());
        }
    }

    [Fact]
    public async Task Half_a_megabyte_fits_into_an_address()
    {
        string value = new('v', 500_000);

        Assert.Equal("""{"result":"OK"}""", await _client.GetStringAsync("/set/k/" + value, Cancelled));
        Assert.Equal($$"""{"result":"{{value}}"}""", await _client.GetStringAsync("/get/k", Cancelled));
    }

    [Fact]
    public async Task A_body_over_the_limit_is_read_to_its_end_so_that_the_refusal_arrives()
    {
        using HttpResponseMessage response = await _client.RequestAsync(HttpMethod.Post, "/set/k", new string('v', 20_000_000));

        Assert.Equal(413, (int)response.StatusCode);
        Assert.StartsWith("""{"error":"ERR max request size exceeded.""", await response.Content.ReadAsStringAsync(Cancelled));
        Assert.Equal("""{"result":"PONG"}""", await _client.GetStringAsync("/ping", Cancelled));
    }
}
