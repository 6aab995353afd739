using System.Net;
using System.Net.Sockets;
using System.Text;
using Galley.Api.Tests.Rest;

namespace Galley.Api.Tests.Events;

/// <summary>/subscribe, /psubscribe and /monitor, byte for byte as @upstash/redis reads them.</summary>
public sealed class UpstashEventTests : IAsyncLifetime
{
    private EventServer _server = null!;

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => _server = await EventServer.StartAsync();

    public ValueTask DisposeAsync() => _server.DisposeAsync();

    [Theory]
    [InlineData("ahoy", "ahoy")]
    [InlineData("", "")]
    [InlineData("a,b", "a,b")]
    [InlineData("{\"a\": [1, 2]}", "{\"a\": [1, 2]}")]
    [InlineData("grüße 🚢", "grüße 🚢")]
    [InlineData("one\ntwo", "\"one\\ntwo\"")]
    [InlineData("\r", "\"\\r\"")]
    [InlineData("{\r\n  \"a\": 1\n}", "{    \"a\": 1 }")]
    [InlineData("data: message,c,forged\n\n", "\"data: message,c,forged\\n\\n\"")]
    public async Task A_message_is_one_line_which_the_client_reads_back_as_the_payload(string payload, string expected)
    {
        using EventReader reader = await EventReader.OpenAsync(_server.Client, "/subscribe/news");
        Assert.Equal("data: subscribe,news,1", await reader.NextAsync());

        Assert.Equal(":1", await _server.AskAsync("PUBLISH", "news", payload));

        Assert.Equal("data: message,news," + expected, await reader.NextAsync());
    }

    [Theory]
    [InlineData("ahoy", "\"ahoy\"")]
    [InlineData("", "\"\"")]
    [InlineData("12.5", "12.5")]
    [InlineData("{\"a\":\n1}", "{\"a\": 1}")]
    [InlineData("one\ntwo \"x\"", "\"one\\ntwo \\\"x\\\"\"")]
    public async Task Of_a_message_by_pattern_the_payload_is_always_JSON(string payload, string expected)
    {
        using EventReader reader = await EventReader.OpenAsync(_server.Client, "/psubscribe/news.*");
        Assert.Equal("data: psubscribe,news.*,1", await reader.NextAsync());

        await _server.AskAsync("PUBLISH", "news.art", payload);

        Assert.Equal("data: pmessage,news.*,news.art," + expected, await reader.NextAsync());
    }

    [Fact]
    public async Task The_name_of_a_channel_forges_no_event()
    {
        using EventReader reader = await EventReader.OpenReadyAsync(_server.Client, "/psubscribe/*");

        await _server.AskAsync("PUBLISH", "x\n\ndata: message,bank,paid", "1");

        Assert.Equal("data: pmessage,*,x  data: message,bank,paid,1", await reader.NextAsync());
    }

    [Fact]
    public async Task Segments_are_channels_and_a_stream_counts_its_own()
    {
        using EventReader two = await EventReader.OpenAsync(_server.Client, "/SUBSCRIBE/a/b?ignored=1", HttpMethod.Post, "[]");
        using EventReader other = await EventReader.OpenAsync(_server.Client, "/db/7/subscribe/a");
        Assert.Equal("data: subscribe,a,1", await two.NextAsync());
        Assert.Equal("data: subscribe,b,2", await two.NextAsync());
        Assert.Equal("data: subscribe,a,1", await other.NextAsync());

        Assert.Equal("*4 $1 a :2 $1 b :1", await _server.AskAsync("PUBSUB", "NUMSUB", "a", "b"));
        await _server.AskAsync("PUBLISH", "b", "x");
        Assert.Equal("data: message,b,x", await two.NextAsync());
    }

    [Fact]
    public async Task The_head_says_events_and_neither_packs_nor_encodes_them()
    {
        using EventReader reader = await EventReader.OpenAsync(_server.Client, "/subscribe/c", HttpMethod.Post, "[]",
            ("Accept-Encoding", "br, gzip"), ("Upstash-Encoding", "base64"), ("Upstash-Response-Format", "resp2"));
        Assert.Equal("text/event-stream", reader.Response.Content.Headers.ContentType?.ToString());
        Assert.Empty(reader.Response.Content.Headers.ContentEncoding);
        Assert.Equal("no-cache", reader.Response.Headers.CacheControl?.ToString());
        Assert.NotEmpty(reader.Response.Headers.GetValues("upstash-sync-token").Single());
        Assert.Equal("data: subscribe,c,1", await reader.NextAsync());
        string large = new('x', 200_000);
        await _server.AskAsync("PUBLISH", "c", large);
        await _server.AskAsync("PUBLISH", "c", "last");
        Assert.Equal("data: message,c," + large, await reader.NextAsync());
        Assert.Equal("data: message,c,last", await reader.NextAsync());
    }

    [Fact]
    public async Task Monitor_shows_commands_as_they_run()
    {
        using EventReader reader = await EventReader.OpenAsync(_server.Client, "/monitor", HttpMethod.Post, "[]");
        Assert.Equal("data: \"OK\"", await reader.NextAsync());

        await _server.AskAsync("SET", "k", "one\ntwo");

        Assert.Matches("""^data: \d+\.\d{6} \[0 test\] "SET" "k" "one\\ntwo"$""", await reader.NextAsync());
    }

    [Theory]
    [InlineData("PUT", "/subscribe/c", HttpStatusCode.MethodNotAllowed, "ERR method not allowed. Use GET, HEAD, POST, OPTIONS")]
    [InlineData("DELETE", "/monitor", HttpStatusCode.MethodNotAllowed, "ERR method not allowed")]
    [InlineData("GET", "/subscribe", HttpStatusCode.BadRequest, "ERR wrong number of arguments for 'subscribe' command")]
    [InlineData("POST", "/monitor/x", HttpStatusCode.BadRequest, "ERR wrong number of arguments for 'monitor' command")]
    [InlineData("GET", "/db/99/subscribe/c", HttpStatusCode.BadRequest, "ERR DB index is out of range")]
    public async Task What_is_no_stream_is_refused_in_JSON(string method, string address, HttpStatusCode status, string error)
    {
        (HttpStatusCode actual, string body) = await _server.Client.SendAsync(new HttpMethod(method), address);
        Assert.Equal(status, actual);
        Assert.StartsWith("{\"error\":\"" + error, body, StringComparison.Ordinal);
        await _server.UntilAsync("*0", "PUBSUB", "CHANNELS");
    }

    [Fact]
    public async Task HEAD_looks_and_listens_to_nothing()
    {
        Assert.Equal((HttpStatusCode.OK, ""), await _server.Client.SendAsync(HttpMethod.Head, "/subscribe/c"));
        Assert.Equal("*0", await _server.AskAsync("PUBSUB", "CHANNELS"));
    }

    /// <summary>As the client puts a name into its address: without a look at it.</summary>
    [Theory]
    [InlineData("100%", "100%")]
    [InlineData("%", "%")]
    [InlineData("%zz%4", "%zz%4")]
    [InlineData("%41%2f", "A/")]
    [InlineData("a+b", "a+b")]
    [InlineData("a//b", "a", "", "b")]
    [InlineData("", "")]
    [InlineData("a?b%", "a")]
    [InlineData("{}[]|^`\"<>\\", "{}[]|^`\"<>\\")]
    [InlineData("a;b=c&d,e:f@g!h$i'j(k)*~", "a;b=c&d,e:f@g!h$i'j(k)*~")]
    public async Task No_name_is_too_odd(string segment, params string[] channels)
    {
        using var socket = new TcpClient();
        await socket.ConnectAsync(_server.Address.Host, _server.Address.Port, Cancelled);
        await using NetworkStream stream = socket.GetStream();
        await stream.WriteAsync(Encoding.Latin1.GetBytes(
            $"POST /subscribe/{segment} HTTP/1.1\r\nHost: localhost\r\nContent-Length: 2\r\n\r\n[]"), Cancelled);
        using var reader = new StreamReader(stream);

        Assert.Equal("HTTP/1.1 200 OK", await reader.ReadLineAsync(Cancelled));

        Assert.StartsWith($"*{channels.Length} ", await _server.AskAsync("PUBSUB", "CHANNELS"), StringComparison.Ordinal);
        foreach (string channel in channels) Assert.Equal(":1", await _server.AskAsync("PUBLISH", channel, "x"));
    }

    [Fact]
    public async Task A_fuzz_of_names_finds_none_that_is_refused()
    {
        const string Odd = "%%%/09afgzAF+&=;:@,.~-_!$'()*{}[]|^`<>\"\\";
        var random = new Random(4711);
        for (int i = 0; i < 300; i++)
        {
            string name = new([.. Enumerable.Range(0, random.Next(1, 12)).Select(_ => Odd[random.Next(Odd.Length)])]);
            string request = $"GET /v1/channels/{name.Replace('/', '%')}/events HTTP/1.1\r\nHost: localhost\r\n\r\n";
            if (i % 2 == 0) request = $"GET /psubscribe/{name} HTTP/1.1\r\nHost: localhost\r\n\r\n";
            Assert.True(await StatusOfAsync(request) == "HTTP/1.1 200 OK", request);
        }
        await _server.UntilAsync(":0", "PUBSUB", "NUMPAT");
    }

    [Theory]
    [InlineData("Authorization", "Bearer sesame", "", true)]
    [InlineData("Authorization", "Bearer poppy", "", true)]
    [InlineData("X-None", "", "?_token=sesame", true)]
    [InlineData("X-None", "", "?_token=poppy", true)]
    [InlineData("X-None", "", "", false)]
    [InlineData("Authorization", "Bearer wrong", "?_token=sesame", false)]
    public async Task Either_token_lets_in_by_header_or_address(string header, string value, string query, bool isIn)
    {
        await using EventServer server = await EventServer.StartAsync(settings =>
        {
            settings.HttpToken = "sesame";
            settings.HttpReadOnlyToken = "poppy";
        });
        if (isIn)
        {
            using EventReader reader = await EventReader.OpenAsync(server.Client, "/subscribe/c" + query, headers: (header, value));
            Assert.Equal("data: subscribe,c,1", await reader.NextAsync());
        }
        else
        {
            (HttpStatusCode status, string body) = await server.Client.SendAsync(HttpMethod.Post, "/subscribe/c" + query, "[]", (header, value));
            Assert.Equal(HttpStatusCode.Unauthorized, status);
            Assert.Contains("WRONGPASS", body, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task The_read_only_token_does_not_monitor()
    {
        await using EventServer server = await EventServer.StartAsync(settings => settings.HttpReadOnlyToken = "poppy");
        (HttpStatusCode status, string body) = await server.Client.SendAsync(HttpMethod.Post, "/monitor?_token=poppy", "[]");
        Assert.Equal(HttpStatusCode.BadRequest, status);
        Assert.Equal("""{"error":"NOPERM this user has no permissions to run the 'monitor' command or its subcommand"}""", body);
    }

    [Fact]
    public async Task A_prefix_stands_before_streams_too()
    {
        await using EventServer server = await EventServer.StartAsync(settings => settings.HttpPathPrefix = "/cache/a");
        using EventReader reader = await EventReader.OpenAsync(server.Client, "/cache/a/db/1/subscribe/x");
        Assert.Equal("data: subscribe,x,1", await reader.NextAsync());
        using EventReader own = await EventReader.OpenReadyAsync(server.Client, "/cache/a/v1/channels/x/events");
        await server.AskAsync("PUBLISH", "x", "1");
        Assert.Equal("data: message,x,1", await reader.NextAsync());
        Assert.Equal("event: message\ndata: 1", await own.NextAsync());
    }

    private async Task<string?> StatusOfAsync(string request)
    {
        using var socket = new TcpClient();
        await socket.ConnectAsync(_server.Address.Host, _server.Address.Port, Cancelled);
        await using NetworkStream stream = socket.GetStream();
        await stream.WriteAsync(Encoding.Latin1.GetBytes(request), Cancelled);
        using var reader = new StreamReader(stream);
        return await reader.ReadLineAsync(Cancelled);
    }
}
