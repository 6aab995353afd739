using System.Net.WebSockets;
using System.Text;

namespace Galley.Api.Tests.WebSockets;

/// <summary>A WebSocket of a test: text in, text out.</summary>
internal sealed class SocketClient(ClientWebSocket socket) : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    private byte[] _buffer = new byte[64 * 1024];

    public ClientWebSocket Socket { get; } = socket;

    public static Task<SocketClient> OpenAsync(SocketServer server, string[]? protocols = null, params (string Name, string Value)[] headers) =>
        OpenAtAsync(server, "/v1/ws", protocols, headers);

    public static async Task<SocketClient> OpenAtAsync(
        SocketServer server, string address, string[]? protocols = null, params (string Name, string Value)[] headers)
    {
        var socket = new ClientWebSocket();
        // What stays open is told to close, but nobody waits for its answer.
        socket.Options.KeepAliveInterval = TimeSpan.Zero;
        socket.Options.CollectHttpResponseDetails = true;
        foreach (string protocol in protocols ?? ["galley.v1.json"]) socket.Options.AddSubProtocol(protocol);
        foreach ((string name, string value) in headers) socket.Options.SetRequestHeader(name, value);
        using var patience = new CancellationTokenSource(Patience);
        await socket.ConnectAsync(new UriBuilder(new Uri(server.Address, address)) { Scheme = "ws" }.Uri, patience.Token);
        return new SocketClient(socket);
    }

    /// <summary>Opens, and takes the hello.</summary>
    public static async Task<SocketClient> OpenReadyAsync(SocketServer server)
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
            if (length == _buffer.Length) Array.Resize(ref _buffer, 2 * length);
            WebSocketReceiveResult result = await Socket.ReceiveAsync(new ArraySegment<byte>(_buffer, length, _buffer.Length - length), patience.Token);
            if (result.MessageType == WebSocketMessageType.Close) return $"close {(int?)result.CloseStatus}";
            length += result.Count;
            if (result.EndOfMessage) return Encoding.UTF8.GetString(_buffer, 0, length);
        }
    }

    /// <summary>The frames up to the close, and the close; or <c>cut</c>, where the server did not wait for it to be read.</summary>
    public async Task<List<string>> ReceiveAllAsync()
    {
        var frames = new List<string>();
        do
        {
            try
            {
                frames.Add(await ReceiveAsync());
            }
            catch (WebSocketException error) when (error.WebSocketErrorCode == WebSocketError.ConnectionClosedPrematurely)
            {
                frames.Add("cut");
                return frames;
            }
        }
        while (!frames[^1].StartsWith("close ", StringComparison.Ordinal));
        return frames;
    }

    public async Task<string> AskAsync(string frame)
    {
        await SendAsync(frame);
        return await ReceiveAsync();
    }

    public void Dispose() => Socket.Dispose();
}
