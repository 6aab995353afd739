using System.Text;
using System.Text.Json;
using Xunit;

namespace Galley.Api.Tests.Rest;

/// <summary>Answers that go out in pieces are the same as if they had been whole.</summary>
public sealed class LongAnswerTests : IAsyncLifetime
{
    private static readonly (string, string) Base64 = ("Upstash-Encoding", "base64");
    private static readonly (string, string) Resp2 = ("Upstash-Response-Format", "resp2");

    private ApiServer _server = null!;
    private HttpClient _client = null!;

    public async ValueTask InitializeAsync()
    {
        _server = await ApiServer.StartAsync();
        _client = _server.Client();
    }

    public ValueTask DisposeAsync() => _server.DisposeAsync();

    [Theory]
    [InlineData("a", 1_000_000)]
    [InlineData("ä", 300_000)]
    [InlineData("x🚢", 200_000)]
    [InlineData("\"\\\n\u0001é", 100_000)]
    public async Task A_long_string_is_cut_between_characters(string piece, int count)
    {
        string value = "." + string.Concat(Enumerable.Repeat(piece, count));
        await _client.PostAsync("/set/k", value);

        Assert.Equal(value, Result(await _client.PostAsync("/get/k", "")).GetString());
        Assert.Equal(value, Encoding.UTF8.GetString(Result(await _client.PostAsync("/get/k", "", Base64)).GetBytesFromBase64()));
        Assert.Equal($"${Encoding.UTF8.GetByteCount(value)}\r\n{value}\r\n", await _client.PostAsync("/get/k", "", Resp2));
    }

    [Fact]
    public async Task Bytes_that_are_no_UTF8_are_mended_alike_in_pieces()
    {
        var value = new byte[200_000];
        new Random(7).NextBytes(value);
        using (var body = new ByteArrayContent(value)) await _client.PostAsync("/set/k", body, TestContext.Current.CancellationToken);

        Assert.Equal(Encoding.UTF8.GetString(value), Result(await _client.PostAsync("/get/k", "")).GetString());
        Assert.Equal(value, Result(await _client.PostAsync("/get/k", "", Base64)).GetBytesFromBase64());
    }

    [Fact]
    public async Task Arrays_pipelines_and_transactions_are_whole()
    {
        string value = new('v', 20_000);
        await _client.PostAsync("/", JsonSerializer.Serialize((string[])["MSET", "a", value, "b", "OK", "c", value]));
        string mget = $$"""{"result":["{{value}}",null,"OK","{{value}}"]}""";

        Assert.Equal(mget, await _client.PostAsync("/", """["MGET","a","no","b","c"]"""));
        Assert.Contains("\"T0s=\"", await _client.PostAsync("/", """["MGET","a","no","b","c"]""", Base64));
        Assert.Equal($$"""[{{mget}},{"error":"ERR Command is not available: 'AUTH'. See docs/http-doors.md: it needs a connection of its own; use RESP, or for channels /subscribe or the WebSocket at /v1/ws"},{"error":"ERR value is not an integer or out of range"},{"result":"OK"}]""",
            await _client.PostAsync("/pipeline", """[["MGET","a","no","b","c"],["AUTH","x"],["INCR","a"],["SET","k","v"]]"""));
        Assert.Equal($$"""[{{mget}},{"result":null},{"error":"ERR value is not an integer or out of range"}]""",
            await _client.PostAsync("/multi-exec", """[["MGET","a","no","b","c"],["GET","no"],["INCR","a"]]"""));
    }

    private static JsonElement Result(string body) => JsonDocument.Parse(body).RootElement.GetProperty("result");
}
