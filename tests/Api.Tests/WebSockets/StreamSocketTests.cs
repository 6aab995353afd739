using System.Text;
using System.Text.Json;
using Galley.Api.Tests.Rest;
using Xunit;

namespace Galley.Api.Tests.WebSockets;

/// <summary>stream.read: from where it begins, to the end, and on from there.</summary>
public sealed class StreamSocketTests : IAsyncLifetime
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
    public async Task What_is_there_comes_first_then_the_word_that_it_was_all_then_what_is_added()
    {
        await AddAsync("s", 1, 2);

        Assert.Equal("""{"type":"entries","id":"r","stream":"s","entries":[{"id":"1-0","fields":[["k","1"]]},{"id":"2-0","fields":[["k","2"]]}]}""",
            await _client.AskAsync("""{"type":"stream.read","id":"r","streams":{"s":"0"}}"""));
        Assert.Equal("""{"type":"caughtup","id":"r","stream":"s","at":"2-0"}""", await _client.ReceiveAsync());
        await AddAsync("s", 3);
        Assert.Equal("""{"type":"entries","id":"r","stream":"s","entries":[{"id":"3-0","fields":[["k","3"]]}]}""", await _client.ReceiveAsync());
    }

    [Fact]
    public async Task Only_what_is_added_comes_behind_the_end_and_what_the_same_socket_adds_next_is_not_missed()
    {
        await AddAsync("s", 1);
        await _client.SendAsync("""{"type":"stream.read","id":"r","streams":{"s":"$"}}""");
        await _client.SendAsync("""{"type":"cmd","id":"x","args":["XADD","s","2-0","k","2"]}""");

        string frames = string.Join('\n', await _client.ReceiveAsync(), await _client.ReceiveAsync(), await _client.ReceiveAsync());

        Assert.Equal(["2-0"], IdsOf(frames));
        Assert.Contains("\"caughtup\"", frames);
        Assert.Contains("\"reply\"", frames);
    }

    [Fact]
    public async Task A_stream_that_is_not_there_is_waited_for()
    {
        Assert.Equal("""{"type":"caughtup","id":"r","stream":"none","at":"0-0"}""",
            await _client.AskAsync("""{"type":"stream.read","id":"r","streams":{"none":"$"}}"""));

        await AddAsync("none", 1);

        Assert.Equal(["1-0"], IdsOf(await _client.ReceiveAsync()));
    }

    [Fact]
    public async Task Without_credit_the_reader_waits_and_nothing_is_lost()
    {
        await AddAsync("s", 1, 2, 3, 4, 5);

        Assert.Equal(["1-0", "2-0"], IdsOf(await _client.AskAsync("""{"type":"stream.read","id":"r","streams":{"s":"0"},"credit":2}""")));
        // Nothing more has come when a command after it is answered.
        Assert.Contains("\"reply\"", await _client.AskAsync("""{"type":"cmd","id":"x","args":["ECHO","a"]}"""));
        Assert.Equal(["3-0"], IdsOf(await _client.AskAsync("""{"type":"credit","id":"r","n":1}""")));
        Assert.Equal(["4-0", "5-0"], IdsOf(await _client.AskAsync("""{"type":"credit","id":"r","n":3}""")));
        Assert.Contains("caughtup", await _client.ReceiveAsync());
        // One is left, which the tail may use; then it stays behind again.
        await AddAsync("s", 6);
        Assert.Equal(["6-0"], IdsOf(await _client.ReceiveAsync()));
        await AddAsync("s", 7, 8);
        Assert.Equal(["7-0", "8-0"], IdsOf(await _client.AskAsync("""{"type":"credit","id":"r","n":2}""")));
    }

    [Fact]
    public async Task Several_streams_are_read_by_one_reader()
    {
        await AddAsync("a", 1);
        await AddAsync("b", 5, 6);

        await _client.SendAsync("""{"type":"stream.read","id":"r","streams":{"a":"0","b":"5-0"}}""");

        string frames = "";
        while (frames.Split("caughtup").Length < 3) frames += await _client.ReceiveAsync() + "\n";
        Assert.Equal(["1-0", "6-0"], IdsOf(frames).Order());
        await AddAsync("b", 7);
        Assert.Contains("\"stream\":\"b\",\"entries\":[{\"id\":\"7-0\"", await _client.ReceiveAsync());
    }

    [Fact]
    public async Task Values_are_text_JSON_or_base64_and_an_entry_that_does_not_fit_is_base64()
    {
        await _client.SendAsync("""{"type":"stream.read","id":"j","streams":{"s":"$"},"data":"json"}""");
        await _client.ReceiveAsync();
        await _client.SendAsync("""{"type":"stream.read","id":"b","streams":{"s":"$"},"data":"base64"}""");
        await _client.ReceiveAsync();

        await _server.Client().PostAsync("/", """["XADD","s","1-0","a","{\"x\":[1]}","b","no json"]""");
        string[] frames = [await _client.ReceiveAsync(), await _client.ReceiveAsync()];
        Assert.Contains("""{"type":"entries","id":"j","stream":"s","entries":[{"id":"1-0","fields":[["a",{"x":[1]}],["b","no json"]]}]}""", frames);
        Assert.Contains("""{"type":"entries","id":"b","stream":"s","entries":[{"id":"1-0","fields":[["YQ==","eyJ4IjpbMV19"],["Yg==","bm8ganNvbg=="]],"enc":"b64"}]}""", frames);

        using var raw = new ByteArrayContent([0xff, 0xfe]);
        await _server.Client().PostAsync("/xadd/s/2-0/k", raw);
        Assert.Contains("""[{"id":"2-0","fields":[["aw==","//4="]],"enc":"b64"}]""", await _client.ReceiveAsync());
    }

    [Fact]
    public async Task A_position_behind_which_entries_are_missing_is_an_error_or_told()
    {
        await AddAsync("s", 1, 2, 3, 4, 5);
        await _server.Client().PostAsync("/", """["XTRIM","s","MAXLEN",2]""");

        Assert.Equal("""{"type":"error","id":"e","code":"GAP","message":"GAP entries behind 1-0 have been removed","stream":"s","requested":"1-0","first":"4-0","retry":false,"fatal":false}""",
            await _client.AskAsync("""{"type":"stream.read","id":"e","streams":{"s":"1-0"}}"""));
        Assert.Equal("""{"type":"gap","id":"k","stream":"s","requested":"1-0","first":"4-0"}""",
            await _client.AskAsync("""{"type":"stream.read","id":"k","streams":{"s":"1-0"},"onGap":"skip"}"""));
        Assert.Equal(["4-0", "5-0"], IdsOf(await _client.ReceiveAsync()));
        await _client.ReceiveAsync();
        // Behind what is there nothing is missing, nor before the beginning.
        Assert.Equal(["5-0"], IdsOf(await _client.AskAsync("""{"type":"stream.read","id":"e","streams":{"s":"4-0"}}""")));
        await _client.ReceiveAsync();
        Assert.Equal(["4-0", "5-0"], IdsOf(await _client.AskAsync("""{"type":"stream.read","id":"z","streams":{"s":"0"}}""")));
    }

    [Fact]
    public async Task A_stream_that_has_gone_is_a_gap_for_who_has_read_of_it()
    {
        Assert.Equal("""{"type":"error","id":"e","code":"GAP","message":"GAP entries behind 1-0 have been removed","stream":"s","requested":"1-0","first":null,"retry":false,"fatal":false}""",
            await _client.AskAsync("""{"type":"stream.read","id":"e","streams":{"s":"1-0"}}"""));
        Assert.Contains("caughtup", await _client.AskAsync("""{"type":"stream.read","id":"e","streams":{"s":"1-0"},"onGap":"skip"}"""));
    }

    [Fact]
    public async Task A_reader_without_credit_from_under_which_entries_are_trimmed_is_told_how_many()
    {
        await AddAsync("s", 1, 2);
        await _client.AskAsync("""{"type":"stream.read","id":"r","streams":{"s":"0"},"credit":2,"onGap":"skip"}""");
        await _client.ReceiveAsync();
        await AddAsync("s", 3, 4, 5, 6);
        await _server.Client().PostAsync("/", """["XTRIM","s","MAXLEN",1]""");

        Assert.Equal("""{"type":"gap","id":"r","stream":"s","requested":"2-0","first":"6-0","dropped":3}""",
            await _client.AskAsync("""{"type":"credit","id":"r","n":10}"""));
        Assert.Equal(["6-0"], IdsOf(await _client.ReceiveAsync()));
    }

    [Fact]
    public async Task A_stream_that_keeps_one_entry_has_no_gap_for_who_reads_along()
    {
        await AddAsync("s", 1);
        await _client.AskAsync("""{"type":"stream.read","id":"r","streams":{"s":"$"}}""");

        for (int i = 2; i < 20; i++)
        {
            await _server.Client().PostAsync("/", $"""["XADD","s","MAXLEN",1,"{i}-0","k","v"]""");
            Assert.Equal([$"{i}-0"], IdsOf(await _client.ReceiveAsync()));
        }
        Assert.Contains("\"remaining\":0", await _client.AskAsync("""{"type":"unsubscribe","id":"r"}"""));
    }

    [Fact]
    public async Task What_was_taken_out_at_the_end_keeps_nobody_from_waiting_there()
    {
        await AddAsync("s", 1, 2);
        await _client.AskAsync("""{"type":"stream.read","id":"a","streams":{"s":"0"}}""");
        await _client.ReceiveAsync();
        await _server.Client().PostAsync("/", """["XDEL","s","2-0"]""");

        Assert.Equal(["1-0"], IdsOf(await _client.AskAsync("""{"type":"stream.read","id":"b","streams":{"s":"0"}}""")));
        Assert.Equal("""{"type":"caughtup","id":"b","stream":"s","at":"2-0"}""", await _client.ReceiveAsync());
        await AddAsync("s", 3);
        Assert.Equal(["3-0", "3-0"], IdsOf(await _client.ReceiveAsync() + "\n" + await _client.ReceiveAsync()));
    }

    [Fact]
    public async Task A_stream_that_is_made_anew_is_read_by_who_comes_then()
    {
        await AddAsync("s", 10);
        await _client.AskAsync("""{"type":"stream.read","id":"a","streams":{"s":"$"}}""");
        await _server.Client().PostAsync("/", """["DEL","s"]""");
        await AddAsync("s", 3);

        Assert.Equal(["3-0"], IdsOf(await _client.AskAsync("""{"type":"stream.read","id":"b","streams":{"s":"0"}}""")));
        Assert.Equal("""{"type":"caughtup","id":"b","stream":"s","at":"3-0"}""", await _client.ReceiveAsync());
        await AddAsync("s", 4);
        Assert.StartsWith("""{"type":"entries","id":"b","stream":"s","entries":[{"id":"4-0",""", await _client.ReceiveAsync());
        await AddAsync("s", 11);
        Assert.Equal(["11-0", "11-0"], IdsOf(await _client.ReceiveAsync() + "\n" + await _client.ReceiveAsync()));
    }

    [Fact]
    public async Task Many_readers_of_one_stream_each_get_every_entry_once()
    {
        var readers = new List<SocketClient>();
        for (int i = 0; i < 50; i++)
        {
            SocketClient reader = await SocketClient.OpenReadyAsync(_server);
            await reader.AskAsync($$"""{"type":"stream.read","id":"r","streams":{"s":"$"},"credit":{{(i % 2 == 0 ? 1000 : 10)}}}""");
            readers.Add(reader);
        }

        for (int i = 1; i <= 100; i++) await AddAsync("s", i);

        string[] all = [.. Enumerable.Range(1, 100).Select(i => $"{i}-0")];
        foreach (SocketClient reader in readers)
        {
            var seen = new List<string>();
            while (seen.Count < 100)
            {
                string[] ids = IdsOf(await reader.ReceiveAsync());
                seen.AddRange(ids);
                if (ids.Length > 0) await reader.SendAsync($$"""{"type":"credit","id":"r","n":{{ids.Length}}}""");
            }
            Assert.Equal(all, seen);
            reader.Dispose();
        }
    }

    [Fact]
    public async Task A_slow_reader_gets_all_when_it_reads_again()
    {
        await using SocketServer server = await SocketServer.StartAsync(settings => settings.WsSendQueueBytes = 4096);
        using SocketClient client = await SocketClient.OpenReadyAsync(server);
        await client.AskAsync("""{"type":"stream.read","id":"r","streams":{"s":"$"},"credit":10000}""");
        string value = new('v', 20_000);

        for (int i = 1; i <= 300; i++) await server.Client().PostAsync("/", $"""["XADD","s","{i}-0","k","{value}"]""");

        var seen = new List<string>();
        while (seen.Count < 300) seen.AddRange(IdsOf(await client.ReceiveAsync()));
        Assert.Equal(Enumerable.Range(1, 300).Select(i => $"{i}-0"), seen);
    }

    [Fact]
    public async Task A_reader_of_the_database_that_the_socket_has_selected()
    {
        await _client.AskAsync("""{"type":"cmd","id":"x","batch":[["SELECT",3],["XADD","s","1-0","k","1"]]}""");

        Assert.Equal(["1-0"], IdsOf(await _client.AskAsync("""{"type":"stream.read","id":"r","streams":{"s":"0"}}""")));
        await _client.ReceiveAsync();
        await AddAsync("s", 9);
        await _client.AskAsync("""{"type":"cmd","id":"x","args":["XADD","s","2-0","k","2"]}""");
        Assert.Equal(["2-0"], IdsOf(await _client.ReceiveAsync()));
    }

    [Fact]
    public async Task A_closed_reader_hears_nothing_and_its_id_is_free()
    {
        await _client.AskAsync("""{"type":"stream.read","id":"r","streams":{"s":"$"}}""");
        Assert.Contains("DUPLICATE_ID", await _client.AskAsync("""{"type":"subscribe","id":"r","channels":["c"]}"""));
        Assert.Contains("DUPLICATE_ID", await _client.AskAsync("""{"type":"stream.read","id":"r","streams":{"t":"$"}}"""));

        Assert.Equal("""{"type":"unsubscribed","id":"r","remaining":0}""", await _client.AskAsync("""{"type":"unsubscribe","id":"r"}"""));
        await AddAsync("s", 1);

        Assert.Contains("subscribed", await _client.AskAsync("""{"type":"subscribe","id":"r","channels":["c"]}"""));
        // The tail has ended with its last reader.
        for (int i = 0; i < 500 && BlockedCount() > 0; i++) await Task.Delay(10);
        Assert.Equal(0, BlockedCount());
    }

    [Fact]
    public async Task A_stream_that_becomes_something_else_ends_its_readers()
    {
        await _server.Client().PostAsync("/set/k/v", "");
        Assert.Contains("\"id\":\"r\",\"code\":\"WRONGTYPE\"", await _client.AskAsync("""{"type":"stream.read","id":"r","streams":{"k":"$"}}"""));
        Assert.Contains("BADFRAME", await _client.AskAsync("""{"type":"credit","id":"r","n":1}"""));
    }

    [Fact]
    public async Task A_socket_has_so_many_readers_and_subscriptions_together()
    {
        _server.Settings.WsMaxSubscriptions = 2;
        await _client.AskAsync("""{"type":"subscribe","id":"1","channels":["c"]}""");
        await _client.AskAsync("""{"type":"stream.read","id":"2","streams":{"s":"$"}}""");

        Assert.Contains("LIMIT", await _client.AskAsync("""{"type":"stream.read","id":"3","streams":{"s":"$"}}"""));
        Assert.Contains("LIMIT", await _client.AskAsync("""{"type":"subscribe","id":"3","channels":["d"]}"""));
    }

    [Fact]
    public async Task A_read_only_token_reads_streams_and_works_for_no_group()
    {
        await using SocketServer server = await SocketServer.StartAsync(settings => (settings.HttpToken, settings.HttpReadOnlyToken) = ("all", "some"));
        using SocketClient owner = await SocketClient.OpenAsync(server, null, ("Authorization", "Bearer all"));
        await owner.ReceiveAsync();
        await owner.AskAsync("""{"type":"cmd","id":"x","args":["XGROUP","CREATE","s","g","$","MKSTREAM"]}""");
        using SocketClient client = await SocketClient.OpenAsync(server, null, ("Authorization", "Bearer some"));
        await client.ReceiveAsync();

        Assert.Contains("caughtup", await client.AskAsync("""{"type":"stream.read","id":"r","streams":{"s":"0"}}"""));
        Assert.Contains("\"id\":\"g\",\"code\":\"NOPERM\"", await client.AskAsync("""{"type":"group.read","id":"g","stream":"s","group":"g","consumer":"c"}"""));
        Assert.Contains("\"id\":\"g\",\"code\":\"NOPERM\"",
            await client.AskAsync("""{"type":"group.read","id":"g","stream":"s","group":"g","consumer":"c","create":{"at":"$","mkstream":true}}"""));
    }

    [Theory]
    [InlineData("""{"type":"stream.read","id":"r"}""", "streams must be")]
    [InlineData("""{"type":"stream.read","id":"r","streams":{}}""", "streams must be")]
    [InlineData("""{"type":"stream.read","id":"r","streams":["s"]}""", "streams must be")]
    [InlineData("""{"type":"stream.read","id":"r","streams":{"s":"0","s":"0"}}""", "a key twice")]
    [InlineData("""{"type":"stream.read","id":"r","streams":{"s":"x"}}""", "read behind $, 0")]
    [InlineData("""{"type":"stream.read","id":"r","streams":{"s":7}}""", "read behind $, 0")]
    [InlineData("""{"type":"stream.read","id":"r","streams":{"s":"99999999999999999999-0"}}""", "read behind $, 0")]
    [InlineData("""{"type":"stream.read","id":"r","streams":{"s":"$"},"credit":0}""", "credit must be")]
    [InlineData("""{"type":"stream.read","id":"r","streams":{"s":"$"},"credit":"9"}""", "credit must be")]
    [InlineData("""{"type":"stream.read","id":"r","streams":{"s":"$"},"onGap":"wait"}""", "onGap must be")]
    [InlineData("""{"type":"stream.read","id":"r","streams":{"s":"$"},"data":"xml"}""", "data must be")]
    [InlineData("""{"type":"group.read","id":"r","group":"g","consumer":"c"}""", "stream must be")]
    [InlineData("""{"type":"group.read","id":"r","stream":"s","consumer":"c"}""", "group must be")]
    [InlineData("""{"type":"group.read","id":"r","stream":"s","group":"g","consumer":""}""", "consumer must be")]
    [InlineData("""{"type":"group.read","id":"r","stream":"s","group":"g","consumer":"c","start":"x"}""", "start must be")]
    [InlineData("""{"type":"group.read","id":"r","stream":"s","group":"g","consumer":"c","create":1}""", "create must be")]
    [InlineData("""{"type":"group.read","id":"r","stream":"s","group":"g","consumer":"c","create":{"at":"x"}}""", "create must be")]
    [InlineData("""{"type":"group.read","id":"r","stream":"s","group":"g","consumer":"c","claimIdle":0}""", "claimIdle must be")]
    [InlineData("""{"type":"ack","id":"r","ids":[]}""", "ids must be")]
    [InlineData("""{"type":"ack","id":"r","ids":["x"]}""", "ids must be")]
    [InlineData("""{"type":"nack","id":"r","ids":["1-0"],"delay":-1}""", "delay must be")]
    [InlineData("""{"type":"ack","id":"r","ids":["1-0"]}""", "has this id")]
    [InlineData("""{"type":"claim","id":"r","start":"x"}""", "start must be")]
    [InlineData("""{"type":"claim","id":"r","count":0}""", "count must be")]
    [InlineData("""{"type":"credit","id":"r"}""", "n must be")]
    [InlineData("""{"type":"credit","id":"none","n":1}""", "has this id")]
    public async Task A_wrong_frame_is_answered_with_an_error(string frame, string message)
    {
        string error = await _client.AskAsync(frame);

        Assert.Contains("\"code\":\"BADFRAME\"", error);
        Assert.Contains(message, error);
        Assert.Contains("\"pong\"", await _client.AskAsync("""{"type":"ping"}"""));
    }

    internal static string[] IdsOf(string frames) => [.. frames.Split('\n', StringSplitOptions.RemoveEmptyEntries)
        .Select(frame => JsonDocument.Parse(frame).RootElement)
        .Where(frame => frame.GetProperty("type").GetString() == "entries")
        .SelectMany(frame => frame.GetProperty("entries").EnumerateArray().Select(entry => entry.GetProperty("id").GetString()!))];

    private int BlockedCount()
    {
        int count = 0;
        _server.Engine.InTurn(() => count = _server.Engine.Server.Blocking.Count);
        return count;
    }

    private async Task AddAsync(string stream, params int[] ids)
    {
        var rows = new StringBuilder();
        foreach (int id in ids) rows.Append(rows.Length == 0 ? "" : ",").Append($"""["XADD","{stream}","{id}-0","k","{id}"]""");
        await _server.Client().PostAsync("/pipeline", $"[{rows}]");
    }
}
