using System.Net;
using Xunit;

namespace Galley.Api.Tests.Rest;

public sealed class RestDoorTests : IAsyncLifetime
{
    private ApiServer _server = null!;
    private HttpClient _client = null!;

    public async ValueTask InitializeAsync()
    {
        _server = await ApiServer.StartAsync();
        _client = _server.Client();
    }

    public ValueTask DisposeAsync() => _server.DisposeAsync();

    [Fact]
    public async Task A_command_is_a_JSON_array_in_the_body()
    {
        Assert.Equal("""{"result":"OK"}""", await _client.PostAsync("/", """["SET","foo","bar","EX",100]"""));
        Assert.Equal("""{"result":"bar"}""", await _client.PostAsync("/", """["GET","foo"]"""));
        Assert.Equal("""{"result":100}""", await _client.PostAsync("/", """["TTL","foo"]"""));
        Assert.Equal("""{"result":null}""", await _client.PostAsync("/", """["GET","nothing"]"""));
    }

    [Fact]
    public async Task Numbers_and_booleans_are_arguments_as_they_are_written()
    {
        await _client.PostAsync("/", """["MSET","a",1.50,"b",true,"c",-12345678901234567890,"d",1E5]""");

        Assert.Equal("""{"result":["1.50","true","-12345678901234567890","1E5"]}""", await _client.PostAsync("/", """["MGET","a","b","c","d"]"""));
    }

    [Theory]
    [InlineData("GET")]
    [InlineData("POST")]
    [InlineData("PUT")]
    public async Task A_command_may_stand_in_the_address(string method)
    {
        await _client.PostAsync("/", """["SET","foo","bar"]""");

        Assert.Equal((HttpStatusCode.OK, """{"result":"bar"}"""), await _client.SendAsync(new HttpMethod(method), "/gEt/foo"));
    }

    [Fact]
    public async Task A_body_is_the_last_argument_and_the_query_follows_it()
    {
        Assert.Equal("""{"result":"OK"}""", await _client.PostAsync("/set/foo?EX=100&NX", "a \0 body"));

        Assert.Equal("""{"result":"a \u0000 body"}""", await _client.PostAsync("/", """["GET","foo"]"""));
        Assert.Equal("""{"result":100}""", await _client.PostAsync("/ttl/foo", ""));
    }

    [Fact]
    public async Task Path_segments_are_decoded_once_and_a_slash_in_them_stays()
    {
        await _client.PostAsync("/", """["MSET","a/b","1","ä","3"]""");

        Assert.Equal("""{"result":"1"}""", (await _client.SendAsync(HttpMethod.Get, "/get/a%2Fb")).Body);
        Assert.Equal("""{"result":"3"}""", (await _client.SendAsync(HttpMethod.Get, "/get/%C3%A4")).Body);
    }

    [Fact]
    public async Task A_pipeline_has_a_row_for_each_command_with_a_result_or_an_error()
    {
        string body = await _client.PostAsync("/pipeline",
            """[["SET","k","1"],["INCR","k"],["HELLO"],["GET"],["SUBSCRIBE","c"],["GET","k"]]""");

        Assert.Equal("""[{"result":"OK"},{"result":2},"""
            + """{"error":"ERR Command is not available: 'HELLO'. See docs/http-doors.md: it needs a connection of its own; use RESP, or for channels /subscribe or the WebSocket at /v1/ws"},"""
            + """{"error":"ERR wrong number of arguments for 'get' command"},"""
            + """{"error":"ERR Command is not available: 'SUBSCRIBE'. See docs/http-doors.md: it needs a connection of its own; use RESP, or for channels /subscribe or the WebSocket at /v1/ws"},"""
            + """{"result":"2"}]""", body);
    }

    [Fact]
    public async Task A_long_pipeline_keeps_its_order()
    {
        const int Count = 1000;
        string body = await _client.PostAsync("/pipeline", "[" + string.Join(',', Enumerable.Repeat("""["INCR","n"]""", Count)) + "]");

        Assert.Equal("[" + string.Join(',', Enumerable.Range(1, Count).Select(n => $$"""{"result":{{n}}}""")) + "]", body);
    }

    [Fact]
    public async Task A_transaction_runs_whole_and_one_bad_row_does_not_stop_it()
    {
        await _client.PostAsync("/", """["SET","text","a"]""");

        Assert.Equal("""[{"result":"OK"},{"error":"ERR value is not an integer or out of range"},{"result":1}]""",
            await _client.PostAsync("/multi-exec", """[["SET","k","v"],["INCR","text"],["INCR","n"]]"""));
    }

    [Fact]
    public async Task A_transaction_that_cannot_be_queued_is_discarded()
    {
        Assert.Equal((HttpStatusCode.BadRequest, """{"error":"EXECABORT Transaction discarded because of previous errors."}"""),
            await _client.SendAsync(HttpMethod.Post, "/multi-exec", """[["SET","k","v"],["NOSUCH"]]"""));
        Assert.Equal("""{"result":null}""", await _client.PostAsync("/", """["GET","k"]"""));
        Assert.Equal(HttpStatusCode.BadRequest, (await _client.SendAsync(HttpMethod.Post, "/multi-exec", """[["MULTI"]]""")).Status);
    }

    [Theory]
    [InlineData("/", "", "ERR failed to parse request: EOF")]
    [InlineData("/", "[]", "ERR empty command")]
    [InlineData("/", "{}", "ERR failed to parse request: expected JSON array")]
    [InlineData("/", "\"GET\"", "ERR failed to parse request: expected JSON array")]
    [InlineData("/", "[\"GET\",null]", "ERR null args are not supported")]
    [InlineData("/", "[\"GET\",[\"a\"]]", "ERR unsupported arg type: \\\"[\\\": json.Delim")]
    [InlineData("/", "[\"GET\",{\"a\":1}]", "ERR unsupported arg type: \\\"{\\\": json.Delim")]
    [InlineData("/", "[\"GET\"", "ERR failed to parse request: malformed JSON at line 1, byte 7")]
    [InlineData("/", "[\"GET\"] x", "ERR failed to parse request: malformed JSON at line 1, byte 9")]
    [InlineData("/", "[\"GET\",\"\\ud800\"]", "ERR failed to parse request: a string is not valid UTF-8 or has half of a surrogate pair")]
    [InlineData("/", "[[[[[[[[[[[[", "ERR unsupported arg type: \\\"[\\\": json.Delim")]
    [InlineData("/pipeline", "[]", "ERR empty pipeline")]
    [InlineData("/pipeline", "[[]]", "ERR empty command")]
    [InlineData("/pipeline", "[\"GET\",\"a\"]", "ERR failed to parse request: expected JSON array")]
    [InlineData("/", "[\"BLPOP\",\"a\",0]", "ERR Command is not available: 'BLPOP'. See docs/http-doors.md: it needs a connection of its own; use RESP, or for channels /subscribe or the WebSocket at /v1/ws")]
    [InlineData("/", "[\"xread\",\"block\",0,\"streams\",\"s\",\"$\"]", "ERR Command is not available: 'xread'. See docs/http-doors.md: it needs a connection of its own; use RESP, or for channels /subscribe or the WebSocket at /v1/ws")]
    [InlineData("/", "[\"GET\"]", "ERR wrong number of arguments for 'get' command")]
    [InlineData("/xyzzy/a", "", "ERR unknown command 'xyzzy', with args beginning with: 'a' All commands are listed at /swagger")]
    [InlineData("/", "[\"GTE\",\"a\"]", "ERR unknown command 'GTE', with args beginning with: 'a' Did you mean 'GET'? All commands are listed at /swagger")]
    public async Task What_is_wrong_is_400_with_a_JSON_body(string address, string body, string error) =>
        Assert.Equal((HttpStatusCode.BadRequest, $$"""{"error":"{{error}}"}"""), await _client.SendAsync(HttpMethod.Post, address, body));

    [Fact]
    public async Task Bytes_that_are_no_UTF8_are_refused_in_a_body_and_mended_in_a_reply()
    {
        using var body = new ByteArrayContent([(byte)'[', (byte)'"', 0xff, (byte)'"', (byte)']']);
        using HttpResponseMessage refused = await _client.PostAsync("/", body);
        Assert.Equal(HttpStatusCode.BadRequest, refused.StatusCode);

        using var value = new ByteArrayContent([(byte)'a', 0xff, (byte)'b']);
        await _client.PostAsync("/set/raw", value);
        Assert.Equal("{\"result\":\"a\uFFFDb\"}", await _client.PostAsync("/get/raw", ""));
        Assert.Equal("""{"result":"Yf9i"}""", await _client.PostAsync("/get/raw", "", ("Upstash-Encoding", "base64")));
    }

    [Fact]
    public async Task Base64_encodes_every_string_but_the_status_OK()
    {
        (string, string) base64 = ("Upstash-Encoding", "base64");

        Assert.Equal("""{"result":"OK"}""", await _client.PostAsync("/", """["SET","foo","OK"]""", base64));
        Assert.Equal("""{"result":"T0s="}""", await _client.PostAsync("/", """["GET","foo"]""", base64));
        Assert.Equal("""{"result":["T0s=",null]}""", await _client.PostAsync("/", """["MGET","foo","no"]""", base64));
        Assert.Equal("""{"result":"UE9ORw=="}""", await _client.PostAsync("/", """["PING"]""", base64));
        Assert.Equal("""{"error":"ERR wrong number of arguments for 'get' command"}""", await _client.PostAsync("/", """["GET"]""", base64));
    }

    [Fact]
    public async Task RESP2_may_be_asked_for()
    {
        (string, string) resp2 = ("Upstash-Response-Format", "resp2");
        await _client.PostAsync("/", """["SET","foo","bar"]""");

        Assert.Equal("$3\r\nbar\r\n", await _client.PostAsync("/", """["GET","foo"]""", resp2));
        Assert.Equal("$3\r\nbar\r\n*2\r\n$3\r\nbar\r\n$-1\r\n-ERR Command is not available: 'AUTH'. See docs/http-doors.md: "
            + "it needs a connection of its own; use RESP, or for channels /subscribe or the WebSocket at /v1/ws\r\n+PONG\r\n",
            await _client.PostAsync("/pipeline", """[["GET","foo"],["MGET","foo","no"],["AUTH","x"],["PING"]]""", resp2));
        Assert.Equal(HttpStatusCode.BadRequest, (await _client.SendAsync(HttpMethod.Post, "/", """["PING"]""", resp2, ("Upstash-Encoding", "base64"))).Status);
        Assert.Equal(HttpStatusCode.BadRequest, (await _client.SendAsync(HttpMethod.Post, "/", """["PING"]""", ("Upstash-Response-Format", "xml"))).Status);
    }

    [Fact]
    public async Task The_sync_token_changes_with_every_write_and_any_token_is_welcome()
    {
        string first = await TokenAsync("/", """["SET","a","1"]""");
        string second = await TokenAsync("/pipeline", """[["SET","a","2"]]""");
        string third = await TokenAsync("/multi-exec", """[["SET","a","3"]]""");

        Assert.Equal(3, new HashSet<string> { first, second, third }.Count);
        Assert.NotEqual("", first);
    }

    [Theory]
    [InlineData("DELETE", "/")]
    [InlineData("PATCH", "/get/a")]
    [InlineData("GET", "/pipeline")]
    [InlineData("GET", "/multi-exec")]
    public async Task A_wrong_method_is_405_with_a_JSON_body(string method, string address)
    {
        using HttpResponseMessage response = await _client.RequestAsync(new HttpMethod(method), address);

        Assert.Equal(HttpStatusCode.MethodNotAllowed, response.StatusCode);
        Assert.StartsWith("{\"error\":\"ERR method not allowed.", await response.Content.ReadAsStringAsync());
        Assert.NotEmpty(response.Content.Headers.Allow);
    }

    [Fact]
    public async Task HEAD_runs_nothing()
    {
        Assert.Equal((HttpStatusCode.OK, ""), await _client.SendAsync(HttpMethod.Head, "/incr/n"));
        Assert.Equal("""{"result":1}""", await _client.PostAsync("/incr/n", ""));
    }

    [Fact]
    public async Task A_body_over_10_MB_is_413_with_a_JSON_body()
    {
        (HttpStatusCode status, string body) = await _client.SendAsync(HttpMethod.Post, "/set/big", new string('a', 10 * 1024 * 1024 + 1));

        Assert.Equal(HttpStatusCode.RequestEntityTooLarge, status);
        Assert.Equal("""{"error":"ERR max request size exceeded. Limit: 10485760 bytes. Send less at once, or raise http-max-body-size"}""", body);
    }

    [Fact]
    public async Task A_large_value_goes_in_and_comes_out()
    {
        string value = string.Concat(Enumerable.Repeat("0123456789\"\\\n", 50_000));

        Assert.Equal("""{"result":"OK"}""", await _client.PostAsync("/set/big", value));

        string body = await _client.PostAsync("/get/big", "");
        Assert.Equal(value, System.Text.Json.JsonDocument.Parse(body).RootElement.GetProperty("result").GetString());
        string encoded = await _client.PostAsync("/get/big", "", ("Upstash-Encoding", "base64"));
        Assert.Equal(value, System.Text.Encoding.UTF8.GetString(
            System.Text.Json.JsonDocument.Parse(encoded).RootElement.GetProperty("result").GetBytesFromBase64()));
    }

    [Fact]
    public async Task Health_answers_and_unknown_addresses_of_the_host_are_404()
    {
        Assert.Equal(HttpStatusCode.OK, (await _client.SendAsync(HttpMethod.Get, "/livez")).Status);
        Assert.Equal(HttpStatusCode.OK, (await _client.SendAsync(HttpMethod.Get, "/readyz")).Status);
        (HttpStatusCode status, string body) = await _client.SendAsync(HttpMethod.Get, "/v1/nosuch");
        Assert.Equal(HttpStatusCode.NotFound, status);
        Assert.StartsWith("{\"error\":\"ERR no such address.", body);
        Assert.Contains("swagger", (await _client.SendAsync(HttpMethod.Get, "/swagger/index.html")).Body);
    }

    [Fact]
    public async Task Ready_is_503_while_the_data_is_loaded()
    {
        _server.Engine.Server.IsLoading = true;

        Assert.Equal((HttpStatusCode.ServiceUnavailable, """{"error":"LOADING Redis is loading the dataset in memory"}"""),
            await _client.SendAsync(HttpMethod.Get, "/readyz"));
        Assert.Equal(HttpStatusCode.OK, (await _client.SendAsync(HttpMethod.Get, "/livez")).Status);
    }

    [Fact]
    public async Task Many_requests_at_once_get_their_own_answers()
    {
        await Parallel.ForEachAsync(Enumerable.Range(0, 500), TestContext.Current.CancellationToken, async (i, _) =>
            Assert.Equal($$"""[{"result":"OK"},{"result":"{{i}}"}]""",
                await _client.PostAsync("/pipeline", $$"""[["SET","key:{{i}}","{{i}}"],["GET","key:{{i}}"]]""")));
    }

    private async Task<string> TokenAsync(string address, string body)
    {
        using HttpResponseMessage response = await _client.RequestAsync(HttpMethod.Post, address, body, ("upstash-sync-token", "my-own-token"));
        return Assert.Single(response.Headers.GetValues("upstash-sync-token"));
    }
}
