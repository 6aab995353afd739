using System.Net;
using System.Security.Cryptography;
using System.Text;
using System.Text.RegularExpressions;
using Galley.Api.Tests.Rest;
using Xunit;

namespace Galley.Api.Tests.Pages;

public sealed class FrontPagesTests : IAsyncLifetime
{
    private const string Browser = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8";

    private ApiServer _server = null!;

    public async ValueTask InitializeAsync() => _server = await ApiServer.StartAsync(settings => settings.HttpToken = "sesame");

    public ValueTask DisposeAsync() => _server.DisposeAsync();

    [Theory]
    [InlineData("/", "What runs here")]
    [InlineData("/tour", "A tour of Galley")]
    public async Task A_browser_gets_a_page_without_credentials_and_without_secrets(string address, string text)
    {
        using HttpResponseMessage response = await GetAsync(address, Browser);

        string html = await response.Content.ReadAsStringAsync();
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal("text/html", response.Content.Headers.ContentType!.MediaType);
        Assert.Contains(text, html);
        Assert.DoesNotContain("sesame", html);
        Assert.DoesNotMatch("(src|href)=\"(https?:)?//", html);
    }

    [Theory]
    [InlineData("/")]
    [InlineData("/tour")]
    public async Task Its_policy_allows_its_own_script_and_style_and_no_other(string address)
    {
        using HttpResponseMessage response = await GetAsync(address, Browser);

        string html = await response.Content.ReadAsStringAsync();
        string policy = response.Headers.GetValues("Content-Security-Policy").Single();
        Assert.StartsWith("default-src 'none'", policy, StringComparison.Ordinal);
        Assert.DoesNotContain("unsafe", policy);
        foreach (string element in (string[])["script", "style"])
        {
            string content = Regex.Match(html, $"<{element}>(.*?)</{element}>", RegexOptions.Singleline).Groups[1].Value;
            Assert.Contains($"{element}-src 'sha256-{Convert.ToBase64String(SHA256.HashData(Encoding.UTF8.GetBytes(content)))}'", policy);
        }
        Assert.DoesNotMatch("<[^>]+ (on\\w+|style)=", html);
    }

    [Theory]
    [InlineData("*/*")]
    [InlineData("application/json")]
    [InlineData("")]
    public async Task Who_does_not_ask_for_HTML_finds_the_REST_door(string accept)
    {
        using HttpResponseMessage response = await GetAsync("/", accept, ("Authorization", "Bearer sesame"));

        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
        Assert.StartsWith("""{"error":"ERR empty command.""", await response.Content.ReadAsStringAsync());
    }

    [Fact]
    public async Task A_browser_that_posts_finds_the_REST_door()
    {
        using HttpClient client = _server.Client();

        Assert.Equal("""{"result":"PONG"}""", await client.PostAsync("/", """["PING"]""", ("Accept", Browser), ("Authorization", "Bearer sesame")));
    }

    [Fact]
    public async Task A_HEAD_has_the_head_alone()
    {
        using HttpClient client = _server.Client();

        using HttpResponseMessage response = await client.RequestAsync(HttpMethod.Head, "/", null, ("Accept", Browser));

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Empty(await response.Content.ReadAsByteArrayAsync());
    }

    [Fact]
    public async Task The_description_is_there_as_a_file()
    {
        using HttpResponseMessage response = await GetAsync("/openapi.yaml", "*/*");

        Assert.Equal("application/yaml", response.Content.Headers.ContentType!.MediaType);
        Assert.StartsWith("openapi: 3.", await response.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    private Task<HttpResponseMessage> GetAsync(string address, string accept, params (string, string)[] headers) =>
        _server.Client().RequestAsync(HttpMethod.Get, address, null, [("Accept", accept), .. headers]);
}
