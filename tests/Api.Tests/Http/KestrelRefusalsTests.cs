using System.Net.Sockets;
using System.Text;
using System.Text.Json;
using Xunit;

namespace Galley.Api.Tests.Http;

/// <summary>What the host refuses before there is a request has a JSON body as everything else.</summary>
public sealed class KestrelRefusalsTests : IAsyncLifetime
{
    private ApiServer _server = null!;

    public async ValueTask InitializeAsync() => _server = await ApiServer.StartOnPortAsync();

    public ValueTask DisposeAsync() => _server.DisposeAsync();

    [Theory]
    [InlineData("garbage\r\n\r\n", 400, "ERR malformed HTTP request")]
    [InlineData("GET / HTTP/1.1\r\n\r\n", 400, "ERR malformed HTTP request")]
    [InlineData("GET / HTTP/1.1\r\nHost: a\r\nno colon\r\n\r\n", 400, "ERR malformed HTTP request")]
    [InlineData("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: x\r\n\r\n", 400, "ERR malformed HTTP request")]
    [InlineData("GET / HTTP/9.1\r\nHost: a\r\n\r\n", 505, "ERR the HTTP version must be 1.0, 1.1 or 2")]
    public async Task A_malformed_request_is_refused_in_JSON(string request, int status, string error) =>
        Assert.Equal((status, error), await AskAsync(request));

    [Fact]
    public async Task Too_many_headers_are_431_in_JSON()
    {
        const string Error = "ERR the request has more than 100 headers or 32768 bytes of them";

        Assert.Equal((431, Error), await AskAsync("GET / HTTP/1.1\r\nHost: a\r\n" + string.Concat(Enumerable.Repeat("a: b\r\n", 101)) + "\r\n"));
        Assert.Equal((431, Error), await AskAsync($"GET / HTTP/1.1\r\nHost: a\r\na: {new string('a', 40_000)}\r\n\r\n"));
    }

    [Fact]
    public async Task An_address_beyond_the_limit_is_414_in_JSON_whoever_finds_it()
    {
        foreach (int length in (int[])[1024 * 1024 + 1, 2 * 1024 * 1024 + 1])
        {
            (int status, string error) = await AskAsync($"GET /{new string('a', length)} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n");

            Assert.Equal(414, status);
            Assert.StartsWith("ERR the address is longer than 1048576 bytes.", error);
        }
    }

    [Fact]
    public async Task A_body_that_is_announced_too_large_is_413_in_JSON()
    {
        (int status, string error) = await AskAsync("POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 99999999\r\n\r\n[");

        Assert.Equal(413, status);
        Assert.NotEmpty(error);
    }

    [Fact]
    public async Task The_door_goes_on_serving_after_refusals()
    {
        await AskAsync("garbage\r\n\r\n");
        using var client = new HttpClient { BaseAddress = _server.Address };

        Assert.Equal("""{"result":"PONG"}""", await client.GetStringAsync("/ping", TestContext.Current.CancellationToken));
    }

    /// <summary>Sends bytes and reads to the end of the connection.</summary>
    private async Task<(int Status, string Error)> AskAsync(string request)
    {
        using var client = new TcpClient();
        await client.ConnectAsync(_server.Address.Host, _server.Address.Port, TestContext.Current.CancellationToken);
        NetworkStream stream = client.GetStream();
        var answer = new MemoryStream();
        try
        {
            await stream.WriteAsync(Encoding.ASCII.GetBytes(request), TestContext.Current.CancellationToken);
            await stream.CopyToAsync(answer, TestContext.Current.CancellationToken);
        }
        catch (IOException)
        {
            // The server hung up on what it had not read: what it said first has arrived.
            await ReadRestAsync(stream, answer);
        }
        string[] parts = Encoding.UTF8.GetString(answer.ToArray()).Split("\r\n\r\n", 2);
        Assert.Contains("application/json", parts[0], StringComparison.Ordinal);
        return (int.Parse(parts[0].AsSpan("HTTP/1.1 ".Length, 3)), JsonDocument.Parse(parts[1]).RootElement.GetProperty("error").GetString()!);
    }

    private static async Task ReadRestAsync(NetworkStream stream, MemoryStream answer)
    {
        try
        {
            await stream.CopyToAsync(answer, TestContext.Current.CancellationToken);
        }
        catch (IOException)
        {
            // That was all.
        }
    }
}
