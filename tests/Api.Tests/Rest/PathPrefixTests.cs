using System.Net;
using Xunit;

namespace Galley.Api.Tests.Rest;

/// <summary>A proxy may hand requests on with the prefix that it knows them by.</summary>
public sealed class PathPrefixTests : IAsyncLifetime
{
    private ApiServer _server = null!;
    private HttpClient _client = null!;

    public async ValueTask InitializeAsync()
    {
        _server = await ApiServer.StartAsync(settings => settings.HttpPathPrefix = "/team/cache");
        _client = _server.Client();
    }

    public ValueTask DisposeAsync() => _server.DisposeAsync();

    [Fact]
    public async Task Every_form_is_served_behind_the_prefix()
    {
        Assert.Equal("""{"result":"OK"}""", await _client.PostAsync("/team/cache", """["SET","k","v"]"""));
        Assert.Equal("""{"result":"v"}""", await _client.PostAsync("/team/cache/", """["GET","k"]"""));
        Assert.Equal("""[{"result":"v"}]""", await _client.PostAsync("/team/cache/pipeline", """[["GET","k"]]"""));
        Assert.Equal("""{"result":"v"}""", (await _client.SendAsync(HttpMethod.Get, "/team/cache/get/k")).Body);
        Assert.Equal("""{"result":null}""", (await _client.SendAsync(HttpMethod.Get, "/team/cache/db/1/get/k")).Body);
    }

    [Fact]
    public async Task The_hosts_own_addresses_answer_with_it_and_without()
    {
        Assert.Equal(HttpStatusCode.OK, (await _client.SendAsync(HttpMethod.Get, "/team/cache/livez")).Status);
        Assert.Equal(HttpStatusCode.OK, (await _client.SendAsync(HttpMethod.Get, "/livez")).Status);
    }
}
