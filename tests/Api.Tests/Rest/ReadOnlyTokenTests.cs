using System.Net;
using Xunit;

namespace Galley.Api.Tests.Rest;

/// <summary>The bearer of <c>http-readonly-token</c> reads, and no more.</summary>
public sealed class ReadOnlyTokenTests : IAsyncLifetime
{
    private static readonly (string, string) Writer = ("Authorization", "Bearer writer");
    private static readonly (string, string) Reader = ("Authorization", "Bearer reader");

    private ApiServer _server = null!;
    private HttpClient _client = null!;

    public async ValueTask InitializeAsync()
    {
        _server = await ApiServer.StartAsync(settings =>
        {
            settings.HttpToken = "writer";
            settings.HttpReadOnlyToken = "reader";
        });
        _client = _server.Client();
        await _client.PostAsync("/", """["SET","k","v"]""", Writer);
    }

    public ValueTask DisposeAsync() => _server.DisposeAsync();

    [Theory]
    [InlineData("""["GET","k"]""", "\"v\"")]
    [InlineData("""["MGET","k","no"]""", "[\"v\",null]")]
    [InlineData("""["TTL","k"]""", "-1")]
    [InlineData("""["EXISTS","k"]""", "1")]
    [InlineData("""["DBSIZE"]""", "1")]
    public async Task It_reads(string command, string result) =>
        Assert.Equal((HttpStatusCode.OK, $$"""{"result":{{result}}}"""), await _client.SendAsync(HttpMethod.Post, "/", command, Reader));

    [Theory]
    [InlineData("""["SET","k","w"]""", "set")]
    [InlineData("""["GETDEL","k"]""", "getdel")]
    [InlineData("""["SCAN","0"]""", "scan")]
    [InlineData("""["KEYS","*"]""", "keys")]
    [InlineData("""["FLUSHALL"]""", "flushall")]
    [InlineData("""["CONFIG","GET","http-token"]""", "config|get")]
    [InlineData("""["PUBLISH","c","m"]""", "publish")]
    public async Task It_does_nothing_else(string command, string name)
    {
        string error = $$"""{"error":"NOPERM this user has no permissions to run the '{{name}}' command or its subcommand"}""";

        Assert.Equal((HttpStatusCode.BadRequest, error), await _client.SendAsync(HttpMethod.Post, "/", command, Reader));
        Assert.Equal($$"""[{"result":"v"},{{error}}]""", await _client.PostAsync("/pipeline", $"""[["GET","k"],{command}]""", Reader));
        Assert.Equal("""{"result":"v"}""", await _client.PostAsync("/", """["GET","k"]""", Reader));
    }

    [Fact]
    public async Task A_transaction_of_reads_runs_and_one_that_writes_is_discarded()
    {
        Assert.Equal("""[{"result":"v"},{"result":1}]""", await _client.PostAsync("/multi-exec", """[["GET","k"],["EXISTS","k"]]""", Reader));
        Assert.Equal((HttpStatusCode.BadRequest, """{"error":"EXECABORT Transaction discarded because of previous errors."}"""),
            await _client.SendAsync(HttpMethod.Post, "/multi-exec", """[["GET","k"],["SET","k","w"]]""", Reader));
        Assert.Equal("""{"result":"v"}""", await _client.PostAsync("/", """["GET","k"]""", Writer));
    }

    [Fact]
    public async Task A_session_that_served_a_reader_serves_a_writer_again()
    {
        await _client.PostAsync("/", """["SET","k","w"]""", Reader);

        Assert.Equal("""{"result":"OK"}""", await _client.PostAsync("/set/k/w", "", Writer));
    }
}
