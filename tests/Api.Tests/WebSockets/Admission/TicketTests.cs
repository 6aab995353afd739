using System.Net;
using System.Text.Json;
using Galley.Api.Tests.Rest;
using Galley.Api.WebSockets;
using Galley.Store.Configuration;
using Xunit;

namespace Galley.Api.Tests.WebSockets.Admission;

public sealed class TicketTests : IAsyncLifetime
{
    private SocketServer _server = null!;

    public async ValueTask InitializeAsync() => _server = await SocketServer.StartAsync(settings => settings.HttpToken = "s3cret");

    public ValueTask DisposeAsync() => _server.DisposeAsync();

    [Fact]
    public async Task A_ticket_opens_one_socket_and_no_second()
    {
        string ticket = await IssueAsync("");

        using SocketClient first = await OpenAsync(ticket);
        Assert.Contains("hello", await first.ReceiveAsync());
        using SocketClient second = await OpenAsync(ticket);
        Assert.Equal("close 4500", await second.ReceiveAsync());
    }

    [Fact]
    public async Task It_is_given_to_who_shows_the_token_alone()
    {
        (HttpStatusCode status, string body) = await _server.Client().SendAsync(HttpMethod.Post, "/v1/ws-tickets", "{}");

        Assert.Equal(HttpStatusCode.Unauthorized, status);
        Assert.Contains("\"error\":\"WRONGPASS", body);
    }

    [Fact]
    public async Task It_belongs_to_the_page_it_was_asked_for()
    {
        using SocketClient other = await OpenAsync(await IssueAsync("""{"origin":"https://app.example"}"""), ("Origin", "http://localhost:1"));
        Assert.Equal("close 4501", await other.ReceiveAsync());
        using SocketClient own = await OpenAsync(await IssueAsync("""{"origin":"http://localhost:1"}"""), ("Origin", "http://localhost:1"));
        Assert.Contains("hello", await own.ReceiveAsync());
    }

    [Fact]
    public async Task Its_channels_are_the_only_ones_heard_and_published_to()
    {
        using SocketClient client = await OpenAsync(await IssueAsync("""{"channels":["news","user:1:*"]}"""));
        await client.ReceiveAsync();

        Assert.Contains("\"subscribed\"", await client.AskAsync("""{"type":"subscribe","id":"a","channels":["news","user:1:inbox"]}"""));
        Assert.Contains("NOPERM", await client.AskAsync("""{"type":"subscribe","id":"b","channels":["news","user:2:inbox"]}"""));
        Assert.Contains("\"psubscribed\"", await client.AskAsync("""{"type":"psubscribe","id":"c","patterns":["user:1:*"]}"""));
        Assert.Contains("NOPERM", await client.AskAsync("""{"type":"psubscribe","id":"d","patterns":["user:1:inbo?"]}"""));
        Assert.Contains("NOPERM", await client.AskAsync("""{"type":"cmd","id":"e","args":["publish","other","x"]}"""));
        Assert.Contains("\"result\":\"OK\"", await client.AskAsync("""{"type":"cmd","id":"f","args":["SET","k","v"]}"""));
    }

    [Fact]
    public async Task Its_channels_bind_scripts_too()
    {
        using SocketClient client = await OpenAsync(await IssueAsync("""{"channels":["user:1:*"]}"""));
        await client.ReceiveAsync();
        const string Library = "#!lua name=l\nredis.register_function('tell', function(keys, args) return redis.call('PUBLISH', args[1], 'x') end)";
        Assert.Contains("\"result\":\"l\"", await RunAsync(client, "FUNCTION", "LOAD", Library));

        foreach ((string channel, string answer) in new[] { ("user:2:inbox", "NOPERM"), ("user:1:inbox", "\"result\":0") })
        {
            foreach (string word in new[] { "PUBLISH", "SPUBLISH" })
            {
                Assert.Contains(answer, await RunAsync(client, word, channel, "x"));
                Assert.Contains(answer, await RunAsync(client, "EVAL", $"return redis.call('{word}', ARGV[1], 'x')", "0", channel));
            }
            Assert.Contains(answer, await RunAsync(client, "FCALL", "tell", "0", channel));
            string transaction = JsonSerializer.Serialize(new { type = "cmd", id = "1", atomic = true, batch = new[] { new[] { "PUBLISH", channel, "x" } } });
            Assert.Contains(answer, await client.AskAsync(transaction));
        }
    }

    [Theory]
    [InlineData("SET k v", "NOPERM")]
    [InlineData("PUBLISH c x", "NOPERM")]
    [InlineData("FLUSHALL", "NOPERM")]
    [InlineData("CONFIG GET port", "NOPERM")]
    [InlineData("GET k", "\"result\":null")]
    [InlineData("CLIENT KILL TYPE normal", "NOPERM")]
    [InlineData("NOSUCH", "unknown command")]
    public async Task A_ticket_to_read_reads(string command, string answer)
    {
        using SocketClient client = await OpenAsync(await IssueAsync("""{"readOnly":true}"""));
        Assert.Contains("\"user\":\"default_ro\"", await client.ReceiveAsync());

        string frame = JsonSerializer.Serialize(new { type = "cmd", id = "1", args = command.Split(' ') });
        Assert.Contains(answer, await client.AskAsync(frame));
        frame = JsonSerializer.Serialize(new { type = "cmd", id = "1", batch = new[] { ["GET", "k"], command.Split(' ') } });
        Assert.Contains(answer.Replace("\"result\":null", "{\"result\":null}", StringComparison.Ordinal), await client.AskAsync(frame));
    }

    [Theory]
    [InlineData("[]")]
    [InlineData("{")]
    [InlineData("""{"origin":"app.example"}""")]
    [InlineData("""{"origin":"https://app.example/page"}""")]
    [InlineData("""{"channels":[]}""")]
    [InlineData("""{"channels":[null]}""")]
    [InlineData("""{"channels":"a"}""")]
    public async Task A_wrong_wish_is_refused(string body)
    {
        (HttpStatusCode status, string answer) = await _server.Client().SendAsync(HttpMethod.Post, "/v1/ws-tickets", body, ("Authorization", "Bearer s3cret"));

        Assert.Equal(HttpStatusCode.BadRequest, status);
        Assert.StartsWith("{\"error\":\"ERR ", answer);
    }

    [Fact]
    public void They_die_after_half_a_minute_and_make_room()
    {
        var time = new ManualTime();
        var tickets = new Tickets(new Settings { WsMaxTickets = 2 }, time);
        string first = tickets.Issue(SocketGrant.Open, null)!;
        time.Advance(TimeSpan.FromSeconds(20));
        string second = tickets.Issue(SocketGrant.Open, null)!;
        Assert.Null(tickets.Issue(SocketGrant.Open, null));

        time.Advance(TimeSpan.FromSeconds(11));
        Assert.Null(tickets.Redeem(first));
        Assert.NotNull(tickets.Redeem(second));
        Assert.NotNull(tickets.Issue(SocketGrant.Open, null));
        Assert.Null(tickets.Issue(SocketGrant.Open, null));
    }

    private static Task<string> RunAsync(SocketClient client, params string[] args) =>
        client.AskAsync(JsonSerializer.Serialize(new { type = "cmd", id = "1", args }));

    private async Task<string> IssueAsync(string body)
    {
        using HttpResponseMessage response = await _server.Client().RequestAsync(HttpMethod.Post, "/v1/ws-tickets", body, ("Authorization", "Bearer s3cret"));
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.True(response.Headers.CacheControl!.NoStore);
        using JsonDocument answer = JsonDocument.Parse(await response.Content.ReadAsStringAsync());
        Assert.Equal(30_000, answer.RootElement.GetProperty("expiresInMs").GetInt64());
        return answer.RootElement.GetProperty("ticket").GetString()!;
    }

    private Task<SocketClient> OpenAsync(string ticket, params (string Name, string Value)[] headers) =>
        SocketClient.OpenAtAsync(_server, "/v1/ws?ticket=" + ticket, null, headers);

    private sealed class ManualTime : TimeProvider
    {
        private long _now;

        public override long TimestampFrequency => TimeSpan.TicksPerSecond;

        public override long GetTimestamp() => _now;

        public void Advance(TimeSpan time) => _now += time.Ticks;
    }
}
