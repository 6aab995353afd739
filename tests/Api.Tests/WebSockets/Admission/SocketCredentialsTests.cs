using System.Net;
using System.Net.WebSockets;
using System.Text;
using Galley.Store.Configuration;
using Xunit;

namespace Galley.Api.Tests.WebSockets.Admission;

public sealed class SocketCredentialsTests : IAsyncLifetime
{
    private const string Ping = """{"type":"cmd","id":"1","args":["PING"]}""";

    private SocketServer _server = null!;

    public async ValueTask InitializeAsync() => _server = await SocketServer.StartAsync(settings => settings.HttpToken = "s3cret");

    public ValueTask DisposeAsync() => _server.DisposeAsync();

    [Fact]
    public async Task A_token_comes_by_header_by_subprotocol_or_in_the_first_frame()
    {
        using SocketClient byHeader = await SocketClient.OpenAsync(_server, null, ("Authorization", "Bearer s3cret"));
        Assert.Contains("hello", await byHeader.ReceiveAsync());
        using SocketClient bySubprotocol = await SocketClient.OpenAsync(_server, ["galley.v1.json", Bearer("s3cret")]);
        Assert.Contains("hello", await bySubprotocol.ReceiveAsync());
        Assert.Equal("galley.v1.json", bySubprotocol.Socket.SubProtocol);
        using SocketClient byFrame = await SocketClient.OpenAsync(_server);
        Assert.Contains("NOAUTH", await byFrame.AskAsync(Ping));
        Assert.Contains("hello", await byFrame.AskAsync("""{"type":"auth","token":"s3cret"}"""));
        Assert.Equal("""{"type":"authed","user":"default"}""", await byFrame.ReceiveAsync());
        Assert.Contains("PONG", await byFrame.AskAsync(Ping));
        Assert.Contains("authed", await byFrame.AskAsync("""{"type":"auth","token":"s3cret"}"""));
    }

    [Fact]
    public async Task A_wrong_header_is_refused_before_the_upgrade() =>
        Assert.Equal(HttpStatusCode.Unauthorized, await RefusedAsync("/v1/ws", ("Authorization", "Bearer wrong")));

    [Theory]
    [InlineData("d3Jvbmc")]
    [InlineData("")]
    [InlineData("!")]
    public async Task A_wrong_subprotocol_is_refused_by_a_code_that_pages_can_see(string token)
    {
        using SocketClient client = await SocketClient.OpenAsync(_server, ["galley.v1.json", "galley.bearer." + token]);

        Assert.Equal("close 4500", await client.ReceiveAsync());
        Assert.Equal("WRONGPASS invalid or missing auth token", client.Socket.CloseStatusDescription);
    }

    [Theory]
    [InlineData("""{"type":"auth","token":"wrong"}""")]
    [InlineData("""{"type":"auth","token":7}""")]
    [InlineData("""{"type":"auth"}""")]
    public async Task A_wrong_first_frame_closes_the_socket(string frame)
    {
        using SocketClient client = await SocketClient.OpenAsync(_server);

        Assert.Equal("close 4500", await client.AskAsync(frame));
    }

    [Fact]
    public async Task Nothing_runs_before_a_wrong_token_is_found_out()
    {
        using SocketClient client = await SocketClient.OpenAsync(_server, ["galley.v1.json", Bearer("wrong")]);
        await client.SendAsync("""{"type":"cmd","id":"1","args":["SET","stolen","1"]}""");

        Assert.Equal(["close 4500"], await client.ReceiveAllAsync());
        Assert.Equal("""{"result":null}""", await _server.Client().GetStringAsync("/get/stolen?_token=s3cret"));
    }

    [Fact]
    public async Task Who_shows_nothing_in_time_is_closed()
    {
        _server.Settings.WsAuthTimeoutMs = 50;
        using SocketClient client = await SocketClient.OpenAsync(_server);

        Assert.Equal("close 4503", await client.ReceiveAsync());
    }

    [Fact]
    public async Task A_stranger_sends_short_frames()
    {
        using SocketClient client = await SocketClient.OpenAsync(_server);

        Assert.Equal("close 1009", await client.AskAsync($$"""{"type":"auth","token":"{{new string('a', 20_000)}}"}"""));
    }

    [Fact]
    public async Task The_address_has_the_token_only_where_that_is_allowed()
    {
        Assert.Equal(HttpStatusCode.BadRequest, await RefusedAsync("/v1/ws?_token=s3cret"));

        _server.Settings.WsQueryToken = true;
        using SocketClient right = await SocketClient.OpenAtAsync(_server, "/v1/ws?_token=s3cret");
        Assert.Contains("hello", await right.ReceiveAsync());
        using SocketClient wrong = await SocketClient.OpenAtAsync(_server, "/v1/ws?_token=wrong");
        Assert.Equal("close 4500", await wrong.ReceiveAsync());
    }

    [Fact]
    public async Task A_changed_token_ends_those_who_came_by_the_old_one()
    {
        using SocketClient client = await SocketClient.OpenAsync(_server, null, ("Authorization", "Bearer s3cret"));
        await client.ReceiveAsync();

        Change("http-token", "new");

        Assert.Equal("close 4004", await client.ReceiveAsync());
    }

    [Fact]
    public async Task A_token_that_allows_less_renews_nothing()
    {
        _server.Settings.HttpReadOnlyToken = "reader";
        using SocketClient client = await SocketClient.OpenAsync(_server, null, ("Authorization", "Bearer s3cret"));
        await client.ReceiveAsync();

        Assert.Contains("\"code\":\"NOPERM\"", await client.AskAsync("""{"type":"auth","token":"reader"}"""));
        Assert.Contains("\"result\":\"OK\"", await client.AskAsync("""{"type":"cmd","id":"1","args":["SET","k","v"]}"""));
        Change("http-token", "new");

        Assert.Equal("close 4004", await client.ReceiveAsync());
    }

    [Fact]
    public async Task A_token_that_allows_less_than_it_did_ends_those_who_came_by_it()
    {
        using SocketClient client = await SocketClient.OpenAsync(_server, null, ("Authorization", "Bearer s3cret"));
        await client.ReceiveAsync();

        Change("http-readonly-token", "s3cret");
        Assert.Contains("PONG", await client.AskAsync(Ping));
        Change("http-token", "new");

        Assert.Equal("close 4004", await client.ReceiveAsync());
    }

    [Fact]
    public async Task The_bearer_of_the_read_only_token_reads_and_listens()
    {
        _server.Settings.HttpReadOnlyToken = "reader";
        using SocketClient client = await SocketClient.OpenAsync(_server, ["galley.v1.json", Bearer("reader")]);
        Assert.Contains("\"user\":\"default_ro\"", await client.ReceiveAsync());

        Assert.Contains("\"subscribed\"", await client.AskAsync("""{"type":"subscribe","id":"s","channels":["c"]}"""));
        Assert.Contains("\"psubscribed\"", await client.AskAsync("""{"type":"psubscribe","id":"p","patterns":["x*"]}"""));
        Assert.Contains("\"result\":null", await client.AskAsync("""{"type":"cmd","id":"1","args":["GET","k"]}"""));
        Assert.Contains("\"code\":\"NOPERM\"", await client.AskAsync("""{"type":"cmd","id":"2","args":["PUBLISH","c","x"]}"""));
        Assert.Contains("\"code\":\"NOPERM\"", await client.AskAsync("""{"type":"cmd","id":"3","args":["SET","k","v"]}"""));
        Assert.Contains("\"code\":\"EXECABORT\"", await client.AskAsync("""{"type":"cmd","id":"4","atomic":true,"batch":[["SET","k","v"]]}"""));
    }

    [Fact]
    public async Task Pages_come_in_from_the_origins_that_are_listed()
    {
        _server.Settings.HttpOrigins = "https://app.example";

        Assert.Equal(HttpStatusCode.Forbidden, await RefusedAsync("/v1/ws", ("Origin", "https://evil.example"), ("Authorization", "Bearer s3cret")));
        using SocketClient listed = await SocketClient.OpenAsync(_server, null, ("Origin", "https://app.example"), ("Authorization", "Bearer s3cret"));
        Assert.Contains("hello", await listed.ReceiveAsync());
    }

    [Fact]
    public async Task Without_a_token_only_this_machine_comes_in()
    {
        await using SocketServer open = await SocketServer.StartAsync();
        using SocketClient client = await SocketClient.OpenAsync(open, null, ("Origin", "http://localhost:3000"));
        Assert.Contains("hello", await client.ReceiveAsync());

        await Assert.ThrowsAsync<WebSocketException>(() => SocketClient.OpenAsync(open, null, ("Origin", "http://evil.example")));
        using HttpRequestMessage request = Handshake(("Origin", "http://evil.example"));
        using HttpResponseMessage response = await open.Client().SendAsync(request);
        Assert.Equal(HttpStatusCode.Forbidden, response.StatusCode);
        Assert.Contains("\"error\":\"DENIED", await response.Content.ReadAsStringAsync());
    }

    private void Change(string parameter, string value) =>
        _server.Engine.InTurn(() => Assert.Null(_server.Settings.Parameters.TrySet([parameter, value])));

    private static string Bearer(string token) =>
        "galley.bearer." + Convert.ToBase64String(Encoding.UTF8.GetBytes(token)).TrimEnd('=');

    private async Task<HttpStatusCode> RefusedAsync(string address, params (string Name, string Value)[] headers)
    {
        using HttpRequestMessage request = Handshake(headers);
        request.RequestUri = new Uri(address, UriKind.Relative);
        using HttpResponseMessage response = await _server.Client().SendAsync(request);
        Assert.Contains("\"error\":", await response.Content.ReadAsStringAsync());
        return response.StatusCode;
    }

    private static HttpRequestMessage Handshake(params (string Name, string Value)[] headers)
    {
        var request = new HttpRequestMessage(HttpMethod.Get, "/v1/ws");
        foreach ((string name, string value) in headers.Concat([("Connection", "Upgrade"), ("Upgrade", "websocket"),
            ("Sec-WebSocket-Version", "13"), ("Sec-WebSocket-Key", "dGhlIHNhbXBsZSBub25jZQ==")]))
            request.Headers.TryAddWithoutValidation(name, value);
        return request;
    }
}
