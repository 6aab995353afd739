using System.Net;
using Xunit;

namespace Galley.Api.Tests.Rest;

/// <summary>Requests run in database 0, or in n under /db/{n}.</summary>
public sealed class DatabaseTests : IAsyncLifetime
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
    public async Task Each_form_runs_in_the_database_of_its_address()
    {
        Assert.Equal("""{"result":"OK"}""", await _client.PostAsync("/db/3", """["SET","k","three"]"""));
        Assert.Equal("""[{"result":"three"}]""", await _client.PostAsync("/db/3/pipeline", """[["GET","k"]]"""));
        Assert.Equal("""[{"result":"three"},{"result":1}]""", await _client.PostAsync("/db/3/multi-exec", """[["GET","k"],["DBSIZE"]]"""));
        Assert.Equal("""{"result":"three"}""", (await _client.SendAsync(HttpMethod.Get, "/db/3/get/k")).Body);
    }

    [Fact]
    public async Task A_request_without_a_number_is_in_database_0_whoever_was_served_before()
    {
        await _client.PostAsync("/db/15", """["SET","k","v"]""");

        Assert.Equal("""{"result":null}""", await _client.PostAsync("/", """["GET","k"]"""));
        Assert.Equal("""{"result":0}""", await _client.PostAsync("/db/0", """["DBSIZE"]"""));
    }

    [Fact]
    public async Task A_database_that_is_not_there_is_400()
    {
        (HttpStatusCode status, string body) = await _client.SendAsync(HttpMethod.Post, "/db/16", """["GET","k"]""");

        Assert.Equal(HttpStatusCode.BadRequest, status);
        Assert.Equal("""{"error":"ERR DB index is out of range. The server has 16 databases, from /db/0 on"}""", body);
    }
}
