using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using Xunit;

namespace Galley.Api.Tests.Rest;

/// <summary>
/// What users of webdis and serverless-redis-http have complained of, and no other test here shows to be well:
/// docs/http-doors.md has the whole list.
/// </summary>
public sealed class RivalTests : IAsyncLifetime
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
    public async Task Transactions_at_once_do_not_mix()
    {
        await Parallel.ForEachAsync(Enumerable.Range(0, 200), TestContext.Current.CancellationToken, async (i, _) =>
            Assert.Equal($$"""[{"result":"OK"},{"result":"{{i}}"},{"result":1}]""",
                await _client.PostAsync("/multi-exec", $$"""[["SET","shared","{{i}}"],["GET","shared"],["DEL","shared"]]""")));
    }

    [Theory]
    [InlineData("application/json; charset=utf-8")]
    [InlineData("text/plain")]
    [InlineData("application/x-www-form-urlencoded")]
    [InlineData(null)]
    public async Task The_type_of_a_body_is_not_asked_for(string? type)
    {
        using var body = new ByteArrayContent(Encoding.UTF8.GetBytes("""["PING"]"""));
        if (type is not null) body.Headers.ContentType = MediaTypeHeaderValue.Parse(type);
        using HttpResponseMessage response = await _client.PostAsync("/", body, TestContext.Current.CancellationToken);

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
    }

    [Fact]
    public async Task Every_byte_goes_in_and_comes_out()
    {
        byte[] bytes = [.. Enumerable.Range(0, 256).Select(value => (byte)value)];
        using (var body = new ByteArrayContent(bytes)) await _client.PostAsync("/set/raw", body, TestContext.Current.CancellationToken);

        string answer = await _client.PostAsync("/get/raw", "", ("Upstash-Encoding", "base64"));

        Assert.Equal(bytes, JsonDocument.Parse(answer).RootElement.GetProperty("result").GetBytesFromBase64());
    }

    [Fact]
    public async Task Every_write_of_many_at_once_has_a_sync_token_of_its_own()
    {
        const int Count = 200;
        var tokens = new System.Collections.Concurrent.ConcurrentDictionary<string, bool>();
        await Parallel.ForEachAsync(Enumerable.Range(0, Count), TestContext.Current.CancellationToken, async (i, _) =>
        {
            using HttpResponseMessage response = await _client.RequestAsync(HttpMethod.Post, "/pipeline", $$"""[["SET","k","{{i}}"]]""");
            tokens[Assert.Single(response.Headers.GetValues("upstash-sync-token"))] = true;
        });

        Assert.Equal(Count, tokens.Count);
    }

    [Fact]
    public async Task Sessions_are_used_again_and_not_heaped_up()
    {
        for (int i = 0; i < 500; i++) await _client.PostAsync("/", i % 3 == 0 ? """["INCR","n"]""" : "[");

        Assert.InRange(_server.Engine.Server.Sessions.Count, 1, 4);
    }
}
