using System.Net;
using System.Net.Sockets;
using System.Text;
using Galley.Api.Tests.Rest;
using Xunit;

namespace Galley.Api.Tests.Http;

/// <summary>HTTP/1.1 and HTTP/2 on one port without TLS.</summary>
public sealed class Http2CarrierTests : IAsyncLifetime
{
    private ApiServer _server = null!;

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => _server = await ApiServer.StartOnPortAsync();

    public ValueTask DisposeAsync() => _server.DisposeAsync();

    [Theory]
    [InlineData("1.1")]
    [InlineData("2.0")]
    public async Task Each_version_is_served_on_the_same_port(string version)
    {
        using HttpClient client = Client(version);

        Assert.Equal("""{"result":"OK"}""", await client.PostAsync("/", """["SET","k","v"]"""));
        using HttpResponseMessage response = await client.GetAsync("/get/k", Cancelled);

        Assert.Equal(new Version(version), response.Version);
        Assert.Equal("""{"result":"v"}""", await response.Content.ReadAsStringAsync(Cancelled));
        Assert.Equal(HttpStatusCode.BadRequest, (await client.SendAsync(HttpMethod.Post, "/", "[]")).Status);
    }

    [Fact]
    public async Task Many_requests_share_a_connection_of_HTTP_2()
    {
        using HttpClient client = Client("2.0");

        await Parallel.ForEachAsync(Enumerable.Range(0, 300), Cancelled, async (i, _) =>
            Assert.Equal($$"""[{"result":"OK"},{"result":"{{i}}"}]""",
                await client.PostAsync("/pipeline", $$"""[["SET","key:{{i}}","{{i}}"],["GET","key:{{i}}"]]""")));
    }

    [Fact]
    public async Task A_large_body_goes_both_ways_over_HTTP_2()
    {
        using HttpClient client = Client("2.0");
        string value = new('v', 3_000_000);

        Assert.Equal("""{"result":"OK"}""", await client.PostAsync("/set/k", value));
        Assert.Equal($$"""{"result":"{{value}}"}""", await client.PostAsync("/get/k", ""));
    }

    [Fact]
    public async Task A_beginning_that_comes_byte_by_byte_is_told_apart()
    {
        using var client = new TcpClient();
        await client.ConnectAsync(_server.Address.Host, _server.Address.Port, Cancelled);
        NetworkStream stream = client.GetStream();
        foreach (char letter in "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n")
        {
            stream.WriteByte((byte)letter);
            await stream.FlushAsync(Cancelled);
        }
        var settings = new byte[9];
        await stream.ReadExactlyAsync(settings, Cancelled);

        Assert.Equal(4, settings[3]); // The server's first frame is SETTINGS.
    }

    [Fact]
    public async Task What_begins_like_HTTP_2_and_is_not_is_refused_as_HTTP_1()
    {
        using var client = new TcpClient();
        await client.ConnectAsync(_server.Address.Host, _server.Address.Port, Cancelled);
        NetworkStream stream = client.GetStream();
        await stream.WriteAsync("PRI * HTTP/9.0\r\n\r\n"u8.ToArray(), Cancelled);
        using var reader = new StreamReader(stream, Encoding.ASCII);

        Assert.StartsWith("HTTP/1.1 ", await reader.ReadLineAsync(Cancelled));
    }

    [Fact]
    public async Task Connections_of_HTTP_2_end_with_the_server()
    {
        using HttpClient client = Client("2.0");
        await client.GetAsync("/ping", Cancelled);

        await _server.StopAsync().WaitAsync(TimeSpan.FromSeconds(30), Cancelled);

        await Assert.ThrowsAnyAsync<HttpRequestException>(() => client.GetAsync("/ping", Cancelled));
    }

    private HttpClient Client(string version) => new()
    {
        BaseAddress = _server.Address,
        DefaultRequestVersion = new Version(version),
        DefaultVersionPolicy = HttpVersionPolicy.RequestVersionExact,
    };
}
