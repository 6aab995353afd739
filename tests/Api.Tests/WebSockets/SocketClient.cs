using System.Net.WebSockets;
using System.Text;
using Microsoft.AspNetCore.TestHost;

namespace Galley.Api.Tests.WebSockets;

/// <summary>A WebSocket of a test: text in, text out.</summary>
internal sealed class SocketClient(WebSocket socket) : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    private readonly byte[] _buffer = new byte[4 * 1024 * 1024];

    public WebSocket Socket { get; } = socket;

    public static async Task<SocketClient> OpenAsync(ApiServer server, string[]? protocols = null, params (string Name, string Value)[] headers)
    {
        WebSocketClient client = server.Server.CreateWebSocketClient();
        foreach (string protocol in protocols ?? ["galley.v1.json"]) client.SubProtocols.Add(protocol);
        client.ConfigureRequest = request =>
        {
            foreach ((string name, string value) in headers) request.Headers[name] = value;
        };
        return new SocketClient(await client.ConnectAsync(new Uri("ws://localhost/v1/ws"), CancellationToken.None));
    }

    /// <summary>Opens, and takes the hello.</summary>
    public static async Task<SocketClient> OpenReadyAsync(ApiServer server)
    {
        SocketClient client = await OpenAsync(server);
        await client.ReceiveAsync();
        return client;
    }

    public Task SendAsync(string frame, WebSocketMessageType type = WebSocketMessageType.Text) =>
        Socket.SendAsync(Encoding.UTF8.GetBytes(frame), type, endOfMessage: true, CancellationToken.None);

    /// <summary>The next frame; of a close, its code.</summary>
    public async Task<string> ReceiveAsync()
    {
        using var patience = new CancellationTokenSource(Patience);
        int length = 0;
        while (true)
        {
            WebSocketReceiveResult result = await Socket.ReceiveAsync(new ArraySegment<byte>(_buffer, length, _buffer.Length - length), patience.Token);
            if (result.MessageType == WebSocketMessageType.Close) return $"close {(int?)result.CloseStatus}";
            length += result.Count;
            if (result.EndOfMessage) return Encoding.UTF8.GetString(_buffer, 0, length);
        }
    }

    public async Task<string> AskAsync(string frame)
    {
        await SendAsync(frame);
        return await ReceiveAsync();
    }

    public void Dispose() => Socket.Dispose();
}
