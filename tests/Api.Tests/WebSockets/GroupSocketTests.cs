using System.Text.Json;
using Galley.Api.Tests.Rest;
using Xunit;

namespace Galley.Api.Tests.WebSockets;

/// <summary>group.read: each entry to one consumer, until it is done.</summary>
public sealed class GroupSocketTests : IAsyncLifetime
{
    private SocketServer _server = null!;
    private SocketClient _client = null!;

    public async ValueTask InitializeAsync()
    {
        _server = await SocketServer.StartAsync();
        _client = await SocketClient.OpenReadyAsync(_server);
    }

    public ValueTask DisposeAsync()
    {
        _client.Dispose();
        return _server.DisposeAsync();
    }

    [Fact]
    public async Task Entries_are_given_and_acknowledged()
    {
        Assert.Equal("""{"type":"caughtup","id":"g","stream":"s"}""", await ReadAsync(_client, "c", "\"create\":{\"at\":\"$\",\"mkstream\":true}"));
        await AddAsync(1, 2);

        Assert.Equal("""{"type":"entries","id":"g","stream":"s","entries":[{"id":"1-0","fields":[["k","1"]],"deliveries":1,"idle":0}]}""", await _client.ReceiveAsync());
        Assert.Equal("""{"type":"entries","id":"g","stream":"s","entries":[{"id":"2-0","fields":[["k","2"]],"deliveries":1,"idle":0}]}""", await _client.ReceiveAsync());
        Assert.Equal("""{"type":"acked","id":"g","req":"a1","count":2}""", await _client.AskAsync("""{"type":"ack","id":"g","req":"a1","ids":["1-0","2-0","3-0"]}"""));
        Assert.Equal("""{"result":[0,null,null,null]}""", await RunAsync("XPENDING", "s", "g"));
    }

    [Fact]
    public async Task What_is_pending_comes_before_what_is_new_and_what_was_deleted_is_pending_no_more()
    {
        await AddAsync(1, 2, 3);
        await RunAsync("XGROUP", "CREATE", "s", "g", "0");
        await RunAsync("XREADGROUP", "GROUP", "g", "c", "STREAMS", "s", ">");
        await RunAsync("XDEL", "s", "2-0");
        await AddAsync(4);

        JsonElement[] pending = EntriesOf(await ReadAsync(_client, "c"));

        Assert.Equal(["1-0:2", "3-0:2"], pending.Select(Text));
        Assert.Equal(["4-0:1"], EntriesOf(await _client.ReceiveAsync()).Select(Text));
        Assert.Contains("caughtup", await _client.ReceiveAsync());
        Assert.StartsWith("""{"result":[3,"1-0","4-0",""", await RunAsync("XPENDING", "s", "g"));
    }

    [Fact]
    public async Task A_reader_that_starts_with_what_is_new_leaves_what_is_pending()
    {
        await AddAsync(1);
        await RunAsync("XGROUP", "CREATE", "s", "g", "0");
        await RunAsync("XREADGROUP", "GROUP", "g", "c", "STREAMS", "s", ">");
        await AddAsync(2);

        Assert.Equal(["2-0:1"], EntriesOf(await ReadAsync(_client, "c", "\"start\":\"new\"")).Select(Text));
    }

    [Fact]
    public async Task Credit_bounds_what_is_outstanding_and_acknowledging_refills_it()
    {
        await AddAsync(1, 2, 3, 4, 5);

        Assert.Equal(["1-0:1", "2-0:1"], EntriesOf(await ReadAsync(_client, "c", "\"credit\":2,\"create\":{\"at\":\"0\"}")).Select(Text));
        Assert.Contains("\"reply\"", await _client.AskAsync("""{"type":"cmd","id":"x","args":["ECHO","a"]}"""));
        Assert.StartsWith("""{"result":[2,""", await RunAsync("XPENDING", "s", "g"));

        // What is acknowledged twice, or was never given, refills nothing.
        Assert.Contains("\"count\":1", await _client.AskAsync("""{"type":"ack","id":"g","ids":["1-0","5-0"]}"""));
        Assert.Equal(["3-0:1"], EntriesOf(await _client.ReceiveAsync()).Select(Text));
        Assert.Contains("\"count\":0", await _client.AskAsync("""{"type":"ack","id":"g","ids":["1-0"]}"""));
        Assert.Equal(["4-0:1", "5-0:1"], EntriesOf(await _client.AskAsync("""{"type":"credit","id":"g","n":2}""")).Select(Text));
    }

    [Fact]
    public async Task Two_consumers_share_a_group()
    {
        using SocketClient other = await SocketClient.OpenReadyAsync(_server);
        await ReadAsync(_client, "c1", "\"credit\":1,\"create\":{\"at\":\"0\",\"mkstream\":true}");
        await ReadAsync(other, "c2", "\"credit\":1");

        await AddAsync(1, 2, 3);

        string[] first = [.. EntriesOf(await _client.ReceiveAsync()).Select(Text), .. EntriesOf(await other.ReceiveAsync()).Select(Text)];
        Assert.Equal(["1-0:1", "2-0:1"], first.Order());
        await other.SendAsync($$"""{"type":"ack","id":"g","ids":["{{first[1].Split(':')[0]}}"]}""");
        await other.ReceiveAsync();
        Assert.Equal(["3-0:1"], EntriesOf(await other.ReceiveAsync()).Select(Text));
    }

    [Fact]
    public async Task What_is_given_back_comes_after_its_delay_to_another_of_the_group()
    {
        using SocketClient other = await SocketClient.OpenReadyAsync(_server);
        await ReadAsync(_client, "c1", "\"credit\":1,\"create\":{\"at\":\"0\",\"mkstream\":true}");
        await AddAsync(1);
        await _client.ReceiveAsync();
        await ReadAsync(other, "c2");
        long startedAt = Environment.TickCount64;

        Assert.Equal("""{"type":"nacked","id":"g","req":"n","count":1}""", await _client.AskAsync("""{"type":"nack","id":"g","req":"n","ids":["1-0","7-0"],"delay":200}"""));
        await _client.AskAsync("""{"type":"unsubscribe","id":"g"}""");

        Assert.Equal(["1-0:2"], EntriesOf(await other.ReceiveAsync()).Select(Text));
        Assert.InRange(Environment.TickCount64 - startedAt, 190, 20_000);
        Assert.Contains("\"c2\",", await RunAsync("XPENDING", "s", "g", "1-0", "1-0", "1"));
    }

    [Fact]
    public async Task What_is_given_back_without_delay_wakes_a_reader_that_waits()
    {
        await ReadAsync(_client, "c1", "\"credit\":1,\"create\":{\"at\":\"0\",\"mkstream\":true}");
        await AddAsync(1);
        await _client.ReceiveAsync();

        for (int i = 2; i < 20; i++)
        {
            await _client.SendAsync("""{"type":"nack","id":"g","ids":["1-0"]}""");
            string[] frames = [await _client.ReceiveAsync(), await _client.ReceiveAsync()];
            Assert.Contains(frames, frame => frame.Contains("\"nacked\"", StringComparison.Ordinal));
            Assert.Equal([$"1-0:{i}"], frames.SelectMany(EntriesOf).Select(Text));
        }
    }

    [Fact]
    public async Task What_is_given_back_twice_comes_once()
    {
        await ReadAsync(_client, "c1", "\"credit\":2,\"create\":{\"at\":\"0\",\"mkstream\":true}");
        await AddAsync(1);
        await _client.ReceiveAsync();

        Assert.Contains("\"count\":1", await _client.AskAsync("""{"type":"nack","id":"g","ids":["1-0","1-0","1"],"delay":100}"""));

        Assert.Equal(["1-0:2"], EntriesOf(await _client.ReceiveAsync()).Select(Text));
        await AddAsync(2);
        Assert.Equal(["2-0:1"], EntriesOf(await _client.ReceiveAsync()).Select(Text));
    }

    [Fact]
    public async Task What_two_have_and_both_give_back_comes_once()
    {
        using SocketClient other = await SocketClient.OpenReadyAsync(_server);
        using SocketClient idle = await SocketClient.OpenReadyAsync(_server);
        await ReadAsync(_client, "c1", "\"credit\":1,\"create\":{\"at\":\"0\",\"mkstream\":true}");
        await AddAsync(1);
        await _client.ReceiveAsync();
        await ReadAsync(other, "c2");
        Assert.Contains("\"1-0\"", await other.AskAsync("""{"type":"claim","id":"g","req":"q","minIdle":0}"""));

        foreach (SocketClient client in new[] { other, _client })
            Assert.Contains("\"count\":1", await client.AskAsync("""{"type":"nack","id":"g","ids":["1-0"],"delay":300}"""));
        foreach (SocketClient client in new[] { _client, other }) await client.AskAsync("""{"type":"unsubscribe","id":"g"}""");
        await ReadAsync(idle, "c3");

        Assert.Equal(["1-0:3"], EntriesOf(await idle.ReceiveAsync()).Select(Text));
        await AddAsync(2);
        Assert.Equal(["2-0:1"], EntriesOf(await idle.ReceiveAsync()).Select(Text));
    }

    [Fact]
    public async Task What_another_consumer_left_alone_is_claimed()
    {
        await AddAsync(1, 2);
        await RunAsync("XGROUP", "CREATE", "s", "g", "0");
        await RunAsync("XREADGROUP", "GROUP", "g", "gone", "STREAMS", "s", ">");

        await ReadAsync(_client, "c", "\"claimIdle\":100");

        string frame = await _client.ReceiveAsync();
        if (frame.Contains("caughtup", StringComparison.Ordinal)) frame = await _client.ReceiveAsync();
        Assert.Equal(["1-0:2", "2-0:2"], EntriesOf(frame).Select(Text));
        Assert.All(EntriesOf(frame), entry => Assert.InRange(entry.GetProperty("idle").GetInt64(), 100, 60_000));
        // What the client has is not claimed from it: a command after a while finds nothing else sent.
        await Task.Delay(300, TestContext.Current.CancellationToken);
        Assert.Contains("\"pong\"", await _client.AskAsync("""{"type":"ping"}"""));
    }

    [Fact]
    public async Task A_client_claims_by_itself()
    {
        await AddAsync(1, 2, 3);
        await RunAsync("XGROUP", "CREATE", "s", "g", "0");
        await RunAsync("XREADGROUP", "GROUP", "g", "gone", "STREAMS", "s", ">");
        await RunAsync("XDEL", "s", "2-0");
        await ReadAsync(_client, "c");

        string claimed = await _client.AskAsync("""{"type":"claim","id":"g","req":"q","minIdle":0,"count":10}""");

        Assert.Matches("""^{"type":"claimed","id":"g","req":"q","stream":"s","cursor":"0-0","entries":\[{"id":"1-0","fields":\[\["k","1"]],"deliveries":2,"idle":\d+},{"id":"3-0".*],"deleted":\["2-0"]}$""", claimed);
        Assert.Contains("\"count\":2", await _client.AskAsync("""{"type":"ack","id":"g","ids":["1-0","3-0"]}"""));
    }

    [Fact]
    public async Task Without_acknowledgement_nothing_is_pending()
    {
        await ReadAsync(_client, "c", "\"noack\":true,\"credit\":1,\"create\":{\"at\":\"0\",\"mkstream\":true}");
        await AddAsync(1, 2);

        Assert.Equal(["1-0:1"], EntriesOf(await _client.ReceiveAsync()).Select(Text));
        Assert.Equal(["2-0:1"], EntriesOf(await _client.AskAsync("""{"type":"credit","id":"g","n":1}""")).Select(Text));
        Assert.Equal("""{"result":[0,null,null,null]}""", await RunAsync("XPENDING", "s", "g"));
    }

    [Fact]
    public async Task Who_comes_back_takes_over_from_the_connection_that_was_lost()
    {
        await ReadAsync(_client, "c", "\"create\":{\"at\":\"0\",\"mkstream\":true}");
        await AddAsync(1);
        await _client.ReceiveAsync();
        using SocketClient again = await SocketClient.OpenReadyAsync(_server);

        Assert.Equal(["1-0:2"], EntriesOf(await ReadAsync(again, "c")).Select(Text));

        Assert.Contains("\"id\":\"g\",\"code\":\"TAKEN\"", await _client.ReceiveAsync());
        await again.ReceiveAsync();
        await AddAsync(2);
        Assert.Equal(["2-0:1"], EntriesOf(await again.ReceiveAsync()).Select(Text));
    }

    [Fact]
    public async Task A_closed_reader_takes_nothing_more_and_what_it_had_stays_pending()
    {
        await ReadAsync(_client, "c", "\"create\":{\"at\":\"0\",\"mkstream\":true}");
        await AddAsync(1);
        await _client.ReceiveAsync();

        Assert.Contains("\"remaining\":0", await _client.AskAsync("""{"type":"unsubscribe","id":"g"}"""));
        await WaitUntilNobodyIsBlockedAsync();
        await AddAsync(2);

        Assert.StartsWith("""{"result":[1,"1-0","1-0",""", await RunAsync("XPENDING", "s", "g"));
    }

    [Fact]
    public async Task A_socket_that_is_gone_takes_nothing_more()
    {
        await ReadAsync(_client, "c", "\"create\":{\"at\":\"0\",\"mkstream\":true}");

        _client.Socket.Abort();
        await WaitUntilNobodyIsBlockedAsync();
        await AddAsync(1);

        Assert.Equal("""{"result":[0,null,null,null]}""", await RunAsync("XPENDING", "s", "g"));
    }

    [Fact]
    public async Task What_is_missing_or_wrong_ends_the_reader_with_the_engine_s_word()
    {
        await RunAsync("SET", "k", "v");
        Assert.Contains("\"code\":\"NOGROUP\"", await ReadAsync(_client, "c"));
        Assert.Contains("\"code\":\"ERR\"", await ReadAsync(_client, "c", "\"create\":{\"at\":\"$\"}"));
        Assert.Contains("\"code\":\"WRONGTYPE\"", await _client.AskAsync("""{"type":"group.read","id":"g","stream":"k","group":"g","consumer":"c"}"""));

        await ReadAsync(_client, "c", "\"create\":{\"at\":\"$\",\"mkstream\":true}");
        await RunAsync("XGROUP", "DESTROY", "s", "g");
        Assert.Contains("\"id\":\"g\",\"code\":\"NOGROUP\"", await _client.ReceiveAsync());
        Assert.Contains("BADFRAME", await _client.AskAsync("""{"type":"ack","id":"g","ids":["1-0"]}"""));
    }

    private static JsonElement[] EntriesOf(string frame) => JsonDocument.Parse(frame).RootElement is var root && root.GetProperty("type").GetString() == "entries"
        ? [.. root.GetProperty("entries").EnumerateArray()]
        : [];

    private static string Text(JsonElement entry) => $"{entry.GetProperty("id").GetString()}:{entry.GetProperty("deliveries").GetInt64()}";

    private static Task<string> ReadAsync(SocketClient client, string consumer, string more = "\"start\":\"pending\"") =>
        client.AskAsync($$"""{"type":"group.read","id":"g","stream":"s","group":"g","consumer":"{{consumer}}",{{more}}}""");

    private async Task WaitUntilNobodyIsBlockedAsync()
    {
        int count = 1;
        for (int i = 0; i < 1000 && count > 0; i++)
        {
            _server.Engine.InTurn(() => count = _server.Engine.Server.Blocking.Count);
            if (count > 0) await Task.Delay(10);
        }
        Assert.Equal(0, count);
    }

    private Task<string> RunAsync(params string[] words) => _server.Client().PostAsync("/", JsonSerializer.Serialize(words));

    private async Task AddAsync(params int[] ids)
    {
        foreach (int id in ids) await RunAsync("XADD", "s", $"{id}-0", "k", $"{id}");
    }
}
