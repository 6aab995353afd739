using System.Net.Http.Json;
using System.Net.WebSockets;
using System.Text;
using System.Text.Json;
using Galley.Conformance.Servers;
using Galley.Conformance.Wire;

namespace Galley.Conformance.Clients;

/// <summary>One keyspace behind three doors: what one writes or says, the other two see at once.</summary>
public sealed class CrossDoorTests : IDisposable
{
    private readonly ServerProcess _galley;
    private readonly HttpClient _http;

    public CrossDoorTests()
    {
        Oracle.DemandGalley();
        _galley = ServerProcess.StartGalleyWithHttp(isAwaited: true);
        _http = new HttpClient { BaseAddress = new Uri($"http://127.0.0.1:{_galley.HttpPort}") };
    }

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    public void Dispose()
    {
        _http.Dispose();
        _galley.Dispose();
    }

    [Fact]
    public async Task Monitor_shows_what_comes_through_the_other_doors_and_from_where()
    {
        using RespConnection monitor = _galley.Connect();
        using ClientWebSocket socket = await OpenAsync();
        monitor.Ask("MONITOR");
        await CommandAsync("SET", "by-http", "2");
        await SendAsync(socket, new { type = "cmd", id = "w", args = (string[])["SET", "by-socket", "3"] });
        await ReceiveAsync(socket, "reply");
        Assert.Matches("""^\d+\.\d{6} \[0 127\.0\.0\.1:\d+\] "SET" "by-http" "2"$""", monitor.Read().Text);
        Assert.Matches("""^\d+\.\d{6} \[0 127\.0\.0\.1:\d+\] "SET" "by-socket" "3"$""", monitor.Read().Text);
    }

    [Fact]
    public async Task Each_door_reads_what_each_other_wrote()
    {
        using RespConnection resp = _galley.Connect();
        using ClientWebSocket socket = await OpenAsync();
        resp.Ask("SET", "by-resp", "1");
        await CommandAsync("SET", "by-http", "2");
        await SendAsync(socket, new { type = "cmd", id = "w", args = (string[])["SET", "by-socket", "3"] });
        Assert.Equal("OK", (await ReceiveAsync(socket, "reply")).GetProperty("result").GetString());

        string[] keys = ["MGET", "by-resp", "by-http", "by-socket"];
        Assert.Equal("*3\r\n$1\r\n1\r\n$1\r\n2\r\n$1\r\n3\r\n", Encoding.ASCII.GetString(resp.Ask(keys).Bytes));
        Assert.Equal(["1", "2", "3"], Strings((await CommandAsync(keys)).GetProperty("result")));
        await SendAsync(socket, new { type = "cmd", id = "r", args = keys });
        Assert.Equal(["1", "2", "3"], Strings((await ReceiveAsync(socket, "reply")).GetProperty("result")));
    }

    [Fact]
    public async Task A_message_from_each_door_reaches_subscribers_at_each()
    {
        using RespConnection publisher = _galley.Connect();
        using RespConnection subscriber = _galley.Connect();
        subscriber.Ask("SUBSCRIBE", "c");
        using ClientWebSocket socket = await OpenAsync();
        await SendAsync(socket, new { type = "subscribe", id = "s", channels = (string[])["c"] });
        await ReceiveAsync(socket, "subscribed");

        Assert.Equal(":2\r\n", Encoding.ASCII.GetString(publisher.Ask("PUBLISH", "c", "by resp").Bytes));
        Assert.Equal(2, (await CommandAsync("PUBLISH", "c", "by http")).GetProperty("result").GetInt32());
        await SendAsync(socket, new { type = "cmd", id = "p", args = (string[])["PUBLISH", "c", "by socket"] });
        foreach (string said in (string[])["by resp", "by http", "by socket"])
        {
            Assert.Equal(said, subscriber.Read().Items[2].Text);
            Assert.Equal(said, (await ReceiveAsync(socket, "message")).GetProperty("data").GetString());
        }
    }

    [Fact]
    public async Task A_write_over_HTTP_breaks_a_WATCH_over_RESP()
    {
        using RespConnection resp = _galley.Connect();
        resp.Ask("WATCH", "k");
        await CommandAsync("SET", "k", "v");
        resp.Ask("MULTI");
        resp.Ask("GET", "k");
        Assert.Equal("*-1\r\n", Encoding.ASCII.GetString(resp.Ask("EXEC").Bytes));
    }

    [Fact]
    public async Task Multi_exec_over_HTTP_is_seen_whole_or_not_at_all()
    {
        using RespConnection resp = _galley.Connect();
        using var ended = CancellationTokenSource.CreateLinkedTokenSource(Cancelled);
        Task writer = WritePairsAsync(ended.Token);
        for (int i = 0; i < 2000; i++)
        {
            Reply pair = resp.Ask("MGET", "left", "right");
            Assert.Equal(pair.Items[0].Text, pair.Items[1].Text);
        }
        await ended.CancelAsync();
        await writer;
    }

    [Fact]
    public async Task Who_waits_at_one_door_is_served_from_another_first_come_first_served()
    {
        using RespConnection resp = _galley.Connect();
        using RespConnection other = _galley.Connect();
        using ClientWebSocket socket = await OpenAsync();
        await SendAsync(socket, new { type = "cmd", id = "b", args = (string[])["BLMOVE", "jobs", "taken", "LEFT", "RIGHT", "0"] });
        while (!other.Ask("INFO", "clients").Text.Contains("blocked_clients:1", StringComparison.Ordinal)) await Task.Delay(5, Cancelled);
        resp.Send(CommandLine.Encode("BLPOP", "jobs", "taken", "0"));
        while (!other.Ask("INFO", "clients").Text.Contains("blocked_clients:2", StringComparison.Ordinal)) await Task.Delay(5, Cancelled);

        Assert.Equal(1, (await CommandAsync("RPUSH", "jobs", "one")).GetProperty("result").GetInt32());
        Assert.Equal("one", (await ReceiveAsync(socket, "reply")).GetProperty("result").GetString());
        Assert.Equal("*2\r\n$5\r\ntaken\r\n$3\r\none\r\n", Encoding.ASCII.GetString(resp.Read().Bytes));
        JsonElement refused = await CommandAsync("BLMOVEM", "jobs", "taken", "LEFT", "RIGHT", "0");
        Assert.StartsWith("ERR Command is not available: 'BLMOVEM'", refused.GetProperty("error").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Expiry_is_one_for_all_doors()
    {
        using RespConnection resp = _galley.Connect();
        resp.Ask("SET", "k", "v", "PX", "50");
        await Task.Delay(100, Cancelled);
        Assert.Equal(JsonValueKind.Null, (await CommandAsync("GET", "k")).GetProperty("result").ValueKind);
    }

    private async Task WritePairsAsync(CancellationToken ended)
    {
        try
        {
            for (int i = 0; ; i++)
            {
                string[][] pair = [["SET", "left", $"{i}"], ["SET", "right", $"{i}"]];
                using HttpResponseMessage answer = await _http.PostAsJsonAsync("/multi-exec", pair, ended);
                answer.EnsureSuccessStatusCode();
            }
        }
        catch (OperationCanceledException)
        {
            // The reader has seen enough.
        }
    }

    private async Task<JsonElement> CommandAsync(params string[] words)
    {
        using HttpResponseMessage answer = await _http.PostAsJsonAsync("/", words, Cancelled);
        return await answer.Content.ReadFromJsonAsync<JsonElement>(Cancelled);
    }

    private async Task<ClientWebSocket> OpenAsync()
    {
        var socket = new ClientWebSocket();
        socket.Options.AddSubProtocol("galley.v1.json");
        await socket.ConnectAsync(new Uri($"ws://127.0.0.1:{_galley.HttpPort}/v1/ws"), Cancelled);
        return socket;
    }

    private static Task SendAsync(ClientWebSocket socket, object frame) =>
        socket.SendAsync(JsonSerializer.SerializeToUtf8Bytes(frame), WebSocketMessageType.Text, true, Cancelled);

    /// <summary>The next frame of that type; others pass by.</summary>
    private static async Task<JsonElement> ReceiveAsync(ClientWebSocket socket, string type)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(Cancelled);
        limit.CancelAfter(TimeSpan.FromSeconds(10));
        byte[] buffer = new byte[64 * 1024];
        while (true)
        {
            WebSocketReceiveResult got = await socket.ReceiveAsync(buffer, limit.Token);
            Assert.True(got.EndOfMessage && got.MessageType == WebSocketMessageType.Text, $"{got.MessageType} {got.CloseStatusDescription}");
            JsonElement frame = JsonDocument.Parse(buffer.AsMemory(0, got.Count)).RootElement.Clone();
            if (frame.GetProperty("type").GetString() == type) return frame;
        }
    }

    private static IEnumerable<string?> Strings(JsonElement array) => array.EnumerateArray().Select(e => e.GetString());
}
