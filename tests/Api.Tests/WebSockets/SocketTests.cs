using System.Net.WebSockets;
using System.Text;
using Galley.Api.Tests.Rest;
using Galley.Store.Configuration;
using Xunit;

namespace Galley.Api.Tests.WebSockets;

public sealed class SocketTests : IAsyncLifetime
{
    private SocketServer _server = null!;

    public async ValueTask InitializeAsync() => _server = await SocketServer.StartAsync();

    public ValueTask DisposeAsync() => _server.DisposeAsync();

    [Fact]
    public async Task The_first_frame_says_hello_and_the_limits()
    {
        using SocketClient client = await SocketClient.OpenAsync(_server);

        string hello = await client.ReceiveAsync();

        Assert.Equal("galley.v1.json", client.Socket.SubProtocol);
        Assert.StartsWith("{\"type\":\"hello\",\"session\":\"", hello);
        Assert.EndsWith(",\"user\":\"default\",\"heartbeat\":25000,\"maxFrame\":1048576,\"maxSubs\":1024,\"server\":\"galley\"}", hello);
    }

    [Fact]
    public async Task A_subscription_that_the_engine_refuses_is_none()
    {
        await using SocketServer server = await SocketServer.StartAsync(settings =>
            settings.RenamedCommands.Add(new Directive("rename-command", ["SUBSCRIBE", ""], "rename-command SUBSCRIBE \"\"", "redis.conf:1")));
        using SocketClient client = await SocketClient.OpenReadyAsync(server);

        for (int i = 0; i < 2; i++)
            Assert.StartsWith("""{"type":"error","id":"s","code":"ERR","message":"ERR unknown command""", await client.AskAsync("""{"type":"subscribe","id":"s","channels":["c"]}"""));
        Assert.Contains("\"psubscribed\"", await client.AskAsync("""{"type":"psubscribe","id":"s","patterns":["c"]}"""));
    }

    [Fact]
    public async Task Commands_are_answered_in_the_shapes_of_REST()
    {
        using SocketClient client = await SocketClient.OpenReadyAsync(_server);

        Assert.Equal("""{"type":"reply","id":"1","result":"OK"}""", await client.AskAsync("""{"type":"cmd","id":"1","args":["SET","k",1.5]}"""));
        Assert.Equal("""{"type":"reply","id":"2","result":["1.5",null]}""", await client.AskAsync("""{"type":"cmd","id":"2","args":["MGET","k","no"]}"""));
        Assert.Equal("""{"type":"error","id":"3","code":"ERR","message":"ERR value is not an integer or out of range","retry":false,"fatal":false}""",
            await client.AskAsync("""{"type":"cmd","id":"3","args":["INCR","k"]}"""));
        Assert.Equal("""{"type":"reply","id":"4","result":[{"result":1},{"error":"ERR wrong number of arguments for 'get' command"}]}""",
            await client.AskAsync("""{"type":"cmd","id":"4","batch":[["INCR","n"],["GET"]]}"""));
        Assert.Equal("""{"type":"reply","id":"5","result":[{"result":2},{"result":"2"}]}""",
            await client.AskAsync("""{"type":"cmd","id":"5","atomic":true,"batch":[["INCR","n"],["GET","n"]]}"""));
        Assert.Contains("\"code\":\"EXECABORT\"", await client.AskAsync("""{"type":"cmd","id":"6","atomic":true,"batch":[["NOSUCH"]]}"""));
    }

    [Fact]
    public async Task Messages_of_every_door_reach_a_subscriber_in_order_and_numbered()
    {
        using SocketClient client = await SocketClient.OpenReadyAsync(_server);
        Assert.Equal("""{"type":"subscribed","id":"s1","channels":["a","b"],"count":2}""",
            await client.AskAsync("""{"type":"subscribe","id":"s1","channels":["a","b"]}"""));

        Assert.Equal("""{"result":1}""", await _server.Client().PostAsync("/", """["PUBLISH","a","hello \"w\""]"""));
        await _server.Client().PostAsync("/publish/b", "second");

        Assert.Equal("""{"type":"message","id":"s1","channel":"a","data":"hello \"w\"","n":1}""", await client.ReceiveAsync());
        Assert.Equal("""{"type":"message","id":"s1","channel":"b","data":"second","n":2}""", await client.ReceiveAsync());
    }

    [Fact]
    public async Task Patterns_channels_and_two_subscriptions_of_one_channel_each_get_their_frame()
    {
        using SocketClient client = await SocketClient.OpenReadyAsync(_server);
        Assert.Equal("""{"type":"psubscribed","id":"p","patterns":["u:*"],"count":1}""",
            await client.AskAsync("""{"type":"psubscribe","id":"p","patterns":["u:*"]}"""));
        await client.AskAsync("""{"type":"subscribe","id":"s1","channels":["u:1"]}""");
        await client.AskAsync("""{"type":"subscribe","id":"s2","channels":["u:1"],"data":"base64"}""");

        Assert.Equal("""{"result":2}""", await _server.Client().PostAsync("/publish/u:1/v", ""));

        string[] frames = [await client.ReceiveAsync(), await client.ReceiveAsync(), await client.ReceiveAsync()];
        Assert.Equal([
            """{"type":"message","id":"s1","channel":"u:1","data":"v","n":1}""",
            """{"type":"message","id":"s2","channel":"u:1","data":"dg==","enc":"b64","n":1}""",
            """{"type":"pmessage","id":"p","pattern":"u:*","channel":"u:1","data":"v","n":1}""",
        ], frames.Order());
    }

    [Theory]
    [InlineData("unsubscribe")]
    [InlineData("sunsubscribe")]
    public async Task Shard_channels_are_heard_by_themselves_and_left_under_either_name(string leave)
    {
        using SocketClient client = await SocketClient.OpenReadyAsync(_server);
        Assert.Equal("""{"type":"ssubscribed","id":"h","channels":["c","d"],"count":2}""",
            await client.AskAsync("""{"type":"ssubscribe","id":"h","channels":["c","d"]}"""));
        await client.AskAsync("""{"type":"subscribe","id":"s","channels":["c"]}""");

        Assert.Equal("""{"result":1}""", await _server.Client().PostAsync("/spublish/c/shard", ""));
        Assert.Equal("""{"type":"smessage","id":"h","channel":"c","data":"shard","n":1}""", await client.ReceiveAsync());
        Assert.Equal("""{"result":1}""", await _server.Client().PostAsync("/publish/c/all", ""));
        Assert.Equal("""{"type":"message","id":"s","channel":"c","data":"all","n":1}""", await client.ReceiveAsync());

        Assert.Equal("""{"type":"unsubscribed","id":"h","remaining":0}""", await client.AskAsync($$"""{"type":"{{leave}}","id":"h"}"""));
        Assert.Equal("""{"result":0}""", await _server.Client().PostAsync("/spublish/c/shard", ""));
        Assert.Equal("""{"result":1}""", await _server.Client().PostAsync("/publish/c/all", ""));
    }

    [Fact]
    public async Task Payloads_are_text_JSON_or_base64_and_what_does_not_fit_is_base64()
    {
        using SocketClient client = await SocketClient.OpenReadyAsync(_server);
        await client.AskAsync("""{"type":"subscribe","id":"j","channels":["c"],"data":"json"}""");

        await _server.Client().PostAsync("/publish/c", """{"a":[1,true]}""");
        Assert.Equal("""{"type":"message","id":"j","channel":"c","data":{"a":[1,true]},"n":1}""", await client.ReceiveAsync());
        await _server.Client().PostAsync("/publish/c", "no json");
        Assert.Equal("""{"type":"message","id":"j","channel":"c","data":"no json","n":2}""", await client.ReceiveAsync());
        using var raw = new ByteArrayContent([0xff, 0xfe]);
        await _server.Client().PostAsync("/publish/c", raw);
        Assert.Equal("""{"type":"message","id":"j","channel":"c","data":"//4=","enc":"b64","n":3}""", await client.ReceiveAsync());
    }

    [Fact]
    public async Task Unsubscribing_a_channel_keeps_the_rest_and_frees_the_id_at_the_end()
    {
        using SocketClient client = await SocketClient.OpenReadyAsync(_server);
        await client.AskAsync("""{"type":"subscribe","id":"s","channels":["a","b"]}""");

        Assert.Equal("""{"type":"unsubscribed","id":"s","remaining":1}""", await client.AskAsync("""{"type":"unsubscribe","id":"s","channels":["a"]}"""));
        Assert.Equal("""{"result":0}""", await _server.Client().PostAsync("/publish/a/x", ""));
        Assert.Contains("DUPLICATE_ID", await client.AskAsync("""{"type":"subscribe","id":"s","channels":["z"]}"""));
        Assert.Equal("""{"type":"unsubscribed","id":"s","remaining":0}""", await client.AskAsync("""{"type":"unsubscribe","id":"s"}"""));
        Assert.Equal("""{"result":0}""", await _server.Client().PostAsync("/publish/b/x", ""));
        Assert.Contains("\"count\":1", await client.AskAsync("""{"type":"subscribe","id":"s","channels":["z"]}"""));
    }

    [Fact]
    public async Task A_command_that_blocks_waits_in_the_database_that_was_selected()
    {
        using SocketClient client = await SocketClient.OpenReadyAsync(_server);
        await client.AskAsync("""{"type":"cmd","id":"1","args":["SELECT",3]}""");
        await client.SendAsync("""{"type":"cmd","id":"2","args":["BLPOP","l",0]}""");

        await _server.Client().PostAsync("/db/3/rpush/l/there", "");

        Assert.Equal("""{"type":"reply","id":"2","result":["l","there"]}""", await client.ReceiveAsync());
    }

    [Fact]
    public async Task A_closed_socket_listens_no_more()
    {
        using SocketClient client = await SocketClient.OpenReadyAsync(_server);
        await client.AskAsync("""{"type":"subscribe","id":"s","channels":["a"]}""");
        await client.Socket.CloseAsync(WebSocketCloseStatus.NormalClosure, null, CancellationToken.None);

        for (int i = 0; i < 200 && await _server.Client().PostAsync("/publish/a/x", "") != """{"result":0}"""; i++) await Task.Delay(20);
        Assert.Equal("""{"result":0}""", await _server.Client().PostAsync("/publish/a/x", ""));
    }

    [Theory]
    [InlineData("""{"type":"subscribe","channels":["a"]}""", "BADFRAME", "id must be a string")]
    [InlineData("""{"type":"subscribe","id":7,"channels":["a"]}""", "BADFRAME", "id must be a string")]
    [InlineData("""{"type":"subscribe","id":"s"}""", "BADFRAME", "channels must be 1 to 1024 strings")]
    [InlineData("""{"type":"subscribe","id":"s","channels":[]}""", "BADFRAME", "channels must be")]
    [InlineData("""{"type":"subscribe","id":"s","channels":"a"}""", "BADFRAME", "channels must be")]
    [InlineData("""{"type":"subscribe","id":"s","channels":[1]}""", "BADFRAME", "channels must be")]
    [InlineData("""{"type":"subscribe","id":"s","channels":["a"],"data":"xml"}""", "BADFRAME", "data must be utf8, json or base64")]
    [InlineData("""{"type":"subscribe","id":"s","channels":["a"],"onSlow":"wait"}""", "BADFRAME", "onSlow must be")]
    [InlineData("""{"type":"psubscribe","id":"s","channels":["a"]}""", "BADFRAME", "patterns must be")]
    [InlineData("""{"type":"unsubscribe","id":"none"}""", "BADFRAME", "no subscription has this id")]
    [InlineData("""{"type":"cmd","id":"x"}""", "BADFRAME", "either args or batch")]
    [InlineData("""{"type":"cmd","id":"x","args":["GET","a"],"batch":[]}""", "BADFRAME", "either args or batch")]
    [InlineData("""{"type":"cmd","id":"x","args":{}}""", "BADFRAME", "args must be an array")]
    [InlineData("""{"type":"cmd","id":"x","args":[null]}""", "BADFRAME", "null args are not supported")]
    [InlineData("""{"type":"cmd","id":"x","batch":[["GET",["a"]]]}""", "BADFRAME", "unsupported arg type")]
    [InlineData("""{"type":"cmd","id":"x","args":["SUBSCRIBE","a"]}""", "ERR", "Command is not available")]
    [InlineData("""{"type":"nosuch","id":"x"}""", "UNKNOWN_TYPE", "type must be")]
    [InlineData("""{}""", "UNKNOWN_TYPE", "type must be")]
    public async Task A_wrong_frame_is_answered_with_an_error_and_the_socket_stays(string frame, string code, string message)
    {
        using SocketClient client = await SocketClient.OpenReadyAsync(_server);

        string error = await client.AskAsync(frame);

        Assert.Contains($"\"code\":\"{code}\"", error);
        Assert.Contains(message, error);
        Assert.Equal("""{"type":"pong","t":[1,"a"]}""", await client.AskAsync("""{"type":"ping","t":[1,"a"]}"""));
    }

    [Theory]
    [InlineData("not json")]
    [InlineData("[]")]
    [InlineData("")]
    [InlineData("{\"type\":\"ping\"}{}")]
    [InlineData("{\"type\":\"\\ud800\"}")]
    public async Task What_is_no_frame_closes_the_socket(string text)
    {
        using SocketClient client = await SocketClient.OpenReadyAsync(_server);

        Assert.Equal("close 4502", await client.AskAsync(text));
    }

    [Fact]
    public async Task A_binary_frame_closes_the_socket()
    {
        using SocketClient client = await SocketClient.OpenReadyAsync(_server);

        await client.SendAsync("{}", WebSocketMessageType.Binary);

        Assert.Equal("close 4502", await client.ReceiveAsync());
    }

    [Fact]
    public async Task A_frame_over_the_limit_closes_the_socket()
    {
        using SocketClient client = await SocketClient.OpenReadyAsync(_server);

        Assert.Equal("close 1009", await client.AskAsync("{\"type\":\"" + new string('a', 1024 * 1024) + "\"}"));
    }

    [Fact]
    public async Task CLIENT_LIST_shows_a_socket_once_and_CLIENT_KILL_closes_it()
    {
        using SocketClient admin = await SocketClient.OpenReadyAsync(_server);
        using SocketClient other = await SocketClient.OpenReadyAsync(_server);
        await other.AskAsync("""{"type":"cmd","id":"1","args":["CLIENT","SETNAME","other"]}""");
        await other.AskAsync("""{"type":"subscribe","id":"s","channels":["a"]}""");

        string list = await admin.AskAsync("""{"type":"cmd","id":"1","args":["CLIENT","LIST"]}""");
        Assert.Equal(2, list.Split(" cmd=").Length - 1);
        Assert.Matches(@"name=other .* sub=1 psub=0 ", list);
        Assert.Equal("""{"type":"reply","id":"2","result":1}""", await admin.AskAsync("""{"type":"cmd","id":"2","args":["CLIENT","KILL","TYPE","pubsub"]}"""));

        Assert.Equal("close 4506", await other.ReceiveAsync());
        await admin.SendAsync("""{"type":"cmd","id":"3","args":["CLIENT","KILL","TYPE","normal","SKIPME","no"]}""");
        Assert.Equal(["""{"type":"reply","id":"3","result":1}""", "close 4506"], await admin.ReceiveAllAsync());
    }

    [Fact]
    public async Task Watched_keys_make_an_atomic_batch_conditional()
    {
        using SocketClient client = await SocketClient.OpenReadyAsync(_server);
        await client.AskAsync("""{"type":"cmd","id":"1","args":["WATCH","k"]}""");
        await _server.Client().PostAsync("/", """["SET","k","changed"]""");

        Assert.Equal("""{"type":"reply","id":"2","result":null}""", await client.AskAsync("""{"type":"cmd","id":"2","atomic":true,"batch":[["GET","k"]]}"""));
        Assert.Equal("""{"type":"reply","id":"3","result":[{"result":"changed"}]}""", await client.AskAsync("""{"type":"cmd","id":"3","atomic":true,"batch":[["GET","k"]]}"""));
    }

    [Fact]
    public async Task A_stop_of_the_server_closes_every_socket()
    {
        using SocketClient client = await SocketClient.OpenReadyAsync(_server);

        Task stop = _server.StopAsync();

        Assert.Equal("close 1001", await client.ReceiveAsync());
        await stop;
    }
}
