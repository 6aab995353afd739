using System.Net;
using System.Text.Json;
using Galley.Api.Tests.Rest;
using Xunit;

namespace Galley.Api.Tests.Typed;

public sealed class TypedDoorTests : IAsyncLifetime
{
    private ApiServer _server = null!;

    public async ValueTask InitializeAsync() => _server = await ApiServer.StartAsync();

    public ValueTask DisposeAsync() => _server.DisposeAsync();

    [Fact]
    public async Task A_command_runs_on_the_one_keyspace()
    {
        using HttpClient client = _server.Client();

        Assert.Equal("""{"result":"OK"}""", await client.PostAsync("/v1/commands/set", """{"key":"k","value":"v","ex":60}"""));
        Assert.Equal("""{"result":"v"}""", await client.PostAsync("/v1/commands/get", """{"key":"k"}"""));
        Assert.Equal("""{"result":60}""", await client.PostAsync("/", """["TTL","k"]"""));
        Assert.Equal("""{"result":null}""", await client.PostAsync("/v1/commands/get", """{"key":"absent"}"""));
        Assert.Equal("""{"result":1}""", await client.PostAsync("/v1/commands/DBSIZE", ""));
    }

    [Fact]
    public async Task A_subcommand_has_its_own_segment_and_maps_are_objects()
    {
        using HttpClient client = _server.Client();

        Assert.Equal("""{"result":{"maxmemory":"0"}}""", await client.PostAsync("/v1/commands/config/get", """{"parameters":["maxmemory"]}"""));
    }

    [Fact]
    public async Task Bytes_that_are_no_text_go_in_and_out_as_base64()
    {
        using HttpClient client = _server.Client();

        await client.PostAsync("/v1/commands/set", """{"key":{"b64":"/wA="},"value":{"b64":"gA=="}}""");

        Assert.Equal("""{"result":{"b64":"gA=="}}""", await client.PostAsync("/v1/commands/get", """{"key":{"b64":"/wA="}}"""));
    }

    [Fact]
    public async Task A_long_reply_arrives_whole()
    {
        using HttpClient client = _server.Client();
        string value = new('x', 300_000);
        await client.PostAsync("/v1/commands/set", $$"""{"key":"k","value":"{{value}}"}""");

        Assert.Equal($$"""{"result":"{{value}}"}""", await client.PostAsync("/v1/commands/get", """{"key":"k"}"""));
    }

    [Theory]
    [InlineData("set", """{"key":"k"}""", 422, "INVALID", "/value is required. The command is SET key value")]
    [InlineData("set", "[1", 400, "ERR", "ERR failed to parse request: malformed JSON at line 1")]
    [InlineData("set", """{"key":"a","key":"b","value":"v"}""", 400, "ERR", "ERR failed to parse request: a field is given twice")]
    [InlineData("set", """{"\ud800":1}""", 400, "ERR", "ERR failed to parse request: a string is not valid UTF-8")]
    [InlineData("incr", """{"key":"text"}""", 400, "ERR", "ERR value is not an integer or out of range")]
    [InlineData("rename", """{"key":"absent","newkey":"k"}""", 400, "ERR", "ERR no such key")]
    [InlineData("sett", """{"key":"k"}""", 404, "UNKNOWN", "ERR unknown command 'sett'. Did you mean /v1/commands/set?")]
    [InlineData("config", "", 404, "UNKNOWN", "ERR unknown command 'config'")]
    [InlineData("subscribe", """{"channels":["c"]}""", 400, "ERR", "ERR Command is not available: 'subscribe'")]
    [InlineData("client/list", "", 400, "ERR", "ERR Command is not available: 'client'")]
    public async Task A_failure_is_a_problem(string name, string body, int status, string code, string detail)
    {
        using HttpClient client = _server.Client();
        await client.PostAsync("/", """["SET","text","abc"]""");

        using HttpResponseMessage response = await client.RequestAsync(HttpMethod.Post, "/v1/commands/" + name, body);

        using JsonDocument problem = JsonDocument.Parse(await response.Content.ReadAsStringAsync());
        JsonElement root = problem.RootElement;
        Assert.Equal(status, (int)response.StatusCode);
        Assert.Equal("application/problem+json", response.Content.Headers.ContentType!.MediaType);
        Assert.Equal(status, root.GetProperty("status").GetInt32());
        Assert.Equal(code, root.GetProperty("code").GetString());
        Assert.StartsWith(detail, root.GetProperty("detail").GetString(), StringComparison.OrdinalIgnoreCase);
        Assert.NotEmpty(root.GetProperty("requestId").GetString()!);
        Assert.Equal(HttpStatusCode.OK, (await client.SendAsync(HttpMethod.Get, root.GetProperty("type").GetString()!)).Status);
    }

    [Fact]
    public async Task Each_flaw_of_a_body_has_its_pointer()
    {
        using HttpClient client = _server.Client();

        using JsonDocument problem = JsonDocument.Parse(await client.PostAsync("/v1/commands/mset", """{"pairs":[{"key":"a","value":1},{"key":2,"value":"b"}]}"""));

        Assert.Equal(["/pairs/0/value", "/pairs/1/key"],
            problem.RootElement.GetProperty("errors").EnumerateArray().Select(error => error.GetProperty("pointer").GetString()!));
    }

    [Fact]
    public async Task Out_of_memory_is_a_status_of_its_own()
    {
        using HttpClient client = _server.Client();
        await client.PostAsync("/pipeline", """[["SET","some","bytes"],["CONFIG","SET","maxmemory","1"]]""");

        (HttpStatusCode status, string body) = await client.SendAsync(HttpMethod.Post, "/v1/commands/set", """{"key":"k","value":"v"}""");

        Assert.Equal(HttpStatusCode.InsufficientStorage, status);
        Assert.Contains("\"code\":\"OOM\"", body);
    }

    [Fact]
    public async Task Only_POST_runs_a_command()
    {
        using HttpClient client = _server.Client();

        using HttpResponseMessage response = await client.RequestAsync(HttpMethod.Get, "/v1/commands/dbsize");

        Assert.Equal(HttpStatusCode.MethodNotAllowed, response.StatusCode);
        Assert.Equal("POST", response.Content.Headers.Allow.Single());
    }

    [Fact]
    public async Task A_body_beyond_the_limit_is_refused()
    {
        using HttpClient client = _server.Client();

        (HttpStatusCode status, string body) = await client.SendAsync(HttpMethod.Post, "/v1/commands/echo", new string(' ', 11 * 1024 * 1024));

        Assert.Equal(HttpStatusCode.RequestEntityTooLarge, status);
        Assert.Contains("max request size exceeded", body);
    }

    [Fact]
    public async Task It_asks_for_the_same_token_as_REST()
    {
        await using ApiServer guarded = await ApiServer.StartAsync(settings => settings.HttpToken = "sesame");
        using HttpClient client = guarded.Client();

        using HttpResponseMessage refused = await client.RequestAsync(HttpMethod.Post, "/v1/commands/dbsize");

        Assert.Equal(HttpStatusCode.Unauthorized, refused.StatusCode);
        Assert.Equal("application/problem+json", refused.Content.Headers.ContentType!.MediaType);
        Assert.Equal("""{"result":0}""", await client.PostAsync("/v1/commands/dbsize", "", ("Authorization", "Bearer sesame")));
    }
}
