using System.Net;
using System.Net.Sockets;
using System.Text;
using Galley.Api.Tests.Rest;
using Xunit;

namespace Galley.Api.Tests.WebSockets.Protocol;

public sealed class HandshakeTests : IAsyncLifetime
{
    private const string Upgrade = "Connection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\n";

    private SocketServer _server = null!;

    public async ValueTask InitializeAsync() => _server = await SocketServer.StartAsync();

    public ValueTask DisposeAsync() => _server.DisposeAsync();

    [Fact]
    public async Task The_answer_is_that_of_the_RFC()
    {
        string answer = await AskAsync(Upgrade + "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n");

        Assert.StartsWith("HTTP/1.1 101 ", answer);
        Assert.Contains("Sec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=\r\n", answer);
        Assert.DoesNotContain("Sec-WebSocket-Protocol", answer);
    }

    [Fact]
    public async Task The_token_among_the_subprotocols_is_not_sent_back()
    {
        string answer = await AskAsync(Upgrade + "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n"
            + "Sec-WebSocket-Protocol: galley.bearer.c2VzYW1l, galley.v1.json\r\n");

        Assert.Contains("Sec-WebSocket-Protocol: galley.v1.json\r\n", answer);
        Assert.DoesNotContain("c2VzYW1l", answer);
    }

    [Theory]
    [InlineData("", "426", "send an upgrade")]
    [InlineData("Connection: Upgrade\r\nUpgrade: h2c\r\n", "426", "send an upgrade")]
    [InlineData("Connection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 8\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n", "426", "version of WebSocket must be 13")]
    [InlineData(Upgrade, "400", "Sec-WebSocket-Key must be 16 bytes")]
    [InlineData(Upgrade + "Sec-WebSocket-Key: c2hvcnQ=\r\n", "400", "Sec-WebSocket-Key must be 16 bytes")]
    [InlineData(Upgrade + "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Protocol: graphql-ws\r\n", "400", "the subprotocol is galley.v1.json")]
    public async Task A_wrong_handshake_is_answered_in_JSON(string headers, string status, string message)
    {
        string answer = await AskAsync(headers);

        Assert.StartsWith($"HTTP/1.1 {status} ", answer);
        Assert.Contains("{\"error\":\"ERR ", answer);
        Assert.Contains(message, answer);
    }

    [Fact]
    public async Task Another_method_is_no_handshake()
    {
        (HttpStatusCode status, _) = await _server.Client().SendAsync(HttpMethod.Delete, "/v1/ws");

        Assert.True(status is HttpStatusCode.MethodNotAllowed or HttpStatusCode.NotFound, status.ToString());
    }

    /// <summary>Sends a request for the socket's address, and gives what is answered at once.</summary>
    private async Task<string> AskAsync(string headers)
    {
        using var client = new TcpClient();
        await client.ConnectAsync(IPAddress.Loopback, _server.Address.Port);
        NetworkStream stream = client.GetStream();
        await stream.WriteAsync(Encoding.ASCII.GetBytes($"GET /v1/ws HTTP/1.1\r\nHost: 127.0.0.1\r\n{headers}\r\n"));
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(20));
        var answer = new StringBuilder();
        var buffer = new byte[4096];
        while (true)
        {
            int length = await stream.ReadAsync(buffer, patience.Token);
            if (length == 0) return answer.ToString();
            answer.Append(Encoding.Latin1.GetString(buffer, 0, length));
            string text = answer.ToString();
            bool isWhole = text.StartsWith("HTTP/1.1 101", StringComparison.Ordinal) ? text.Contains("\r\n\r\n", StringComparison.Ordinal) : text.EndsWith('}');
            if (isWhole) return text;
        }
    }
}
