using System.Net;
using Galley.Api.Tests.Rest;
using Xunit;

namespace Galley.Api.Tests.WebSockets;

public sealed class ClientFilesTests
{
    [Theory]
    [InlineData("/galley.js", "text/javascript", "export const connect")]
    [InlineData("/galley.d.ts", "text/plain", "export function connect")]
    public async Task The_client_is_served_to_any_page_and_not_again_until_it_changes(string path, string contentType, string text)
    {
        await using ApiServer server = await ApiServer.StartAsync(settings => settings.HttpToken = "s3cret");

        using HttpResponseMessage file = await server.Client().GetAsync(path);
        Assert.Equal(HttpStatusCode.OK, file.StatusCode);
        Assert.Equal(contentType, file.Content.Headers.ContentType!.MediaType);
        Assert.Equal("*", file.Headers.GetValues("Access-Control-Allow-Origin").Single());
        Assert.Contains(text, await file.Content.ReadAsStringAsync());

        string tag = file.Headers.ETag!.ToString();
        using HttpResponseMessage again = await server.Client().RequestAsync(HttpMethod.Get, path, null, ("If-None-Match", tag));
        Assert.Equal(HttpStatusCode.NotModified, again.StatusCode);
        Assert.Empty(await again.Content.ReadAsByteArrayAsync());
    }

    [Fact]
    public async Task The_script_is_small()
    {
        await using ApiServer server = await ApiServer.StartAsync();

        Assert.InRange((await server.Client().GetByteArrayAsync("/galley.js")).Length, 1, 20 * 1024);
    }
}
