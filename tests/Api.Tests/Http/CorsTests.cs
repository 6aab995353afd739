using System.Net;
using Galley.Api.Tests.Rest;
using Xunit;

namespace Galley.Api.Tests.Http;

public sealed class CorsTests
{
    private static readonly (string, string) Page = ("Origin", "https://app.example");

    [Theory]
    [InlineData("/")]
    [InlineData("/pipeline")]
    [InlineData("/get/foo")]
    [InlineData("/v1/commands/get")]
    public async Task A_preflight_of_an_allowed_page_names_what_it_may_send(string address)
    {
        await using ApiServer server = await ApiServer.StartAsync(settings => settings.HttpToken = "token");
        using HttpResponseMessage response = await server.Client().RequestAsync(HttpMethod.Options, address, null, Page,
            ("Access-Control-Request-Method", "POST"), ("Access-Control-Request-Headers", "authorization,content-type,upstash-encoding,upstash-some-day"));

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal("https://app.example", One(response, "Access-Control-Allow-Origin"));
        Assert.Equal("true", One(response, "Access-Control-Allow-Credentials"));
        Assert.Contains("POST", One(response, "Access-Control-Allow-Methods"));
        Assert.Equal("authorization,content-type,upstash-encoding,upstash-some-day", One(response, "Access-Control-Allow-Headers"));
        Assert.Equal("Origin", One(response, "Vary"));
    }

    [Fact]
    public async Task A_response_can_be_read_with_its_headers()
    {
        await using ApiServer server = await ApiServer.StartAsync(settings => settings.HttpToken = "token");
        using HttpResponseMessage response = await server.Client().RequestAsync(
            HttpMethod.Post, "/", """["PING"]""", Page, ("Authorization", "Bearer token"));

        Assert.Equal("https://app.example", One(response, "Access-Control-Allow-Origin"));
        Assert.Equal("upstash-sync-token, X-Request-Id", One(response, "Access-Control-Expose-Headers"));
    }

    [Fact]
    public async Task A_refusal_can_be_read_too_or_the_page_would_not_learn_why()
    {
        await using ApiServer server = await ApiServer.StartAsync(settings => settings.HttpToken = "token");
        using HttpResponseMessage response = await server.Client().RequestAsync(HttpMethod.Post, "/", """["PING"]""", Page);

        Assert.Equal(HttpStatusCode.Unauthorized, response.StatusCode);
        Assert.Equal("https://app.example", One(response, "Access-Control-Allow-Origin"));
    }

    [Fact]
    public async Task A_page_that_is_not_allowed_gets_no_permission()
    {
        await using ApiServer server = await ApiServer.StartAsync(settings =>
        {
            settings.HttpToken = "token";
            settings.HttpOrigins = "https://other.example";
        });
        using HttpResponseMessage response = await server.Client().RequestAsync(HttpMethod.Options, "/", null, Page);

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.DoesNotContain(response.Headers, header => header.Key.StartsWith("Access-Control", StringComparison.OrdinalIgnoreCase));
    }

    [Fact]
    public async Task Without_credentials_only_this_machines_pages_may_read()
    {
        await using ApiServer server = await ApiServer.StartAsync();
        using HttpResponseMessage near = await server.Client().RequestAsync(HttpMethod.Options, "/", null, ("Origin", "http://localhost:3000"));
        using HttpResponseMessage far = await server.Client().RequestAsync(HttpMethod.Options, "/", null, Page);

        Assert.Equal("http://localhost:3000", One(near, "Access-Control-Allow-Origin"));
        Assert.False(far.Headers.Contains("Access-Control-Allow-Origin"));
    }

    private static string One(HttpResponseMessage response, string name) => Assert.Single(response.Headers.GetValues(name));
}
