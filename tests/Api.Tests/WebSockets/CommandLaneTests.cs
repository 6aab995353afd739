using System.Net;
using System.Text;
using System.Text.Json;
using System.Threading.Channels;
using Galley.Api.Doors;
using Xunit;

namespace Galley.Api.Tests.WebSockets;

/// <summary>The order of a socket's commands, with an engine that answers when the test lets it.</summary>
public sealed class CommandLaneTests
{
    [Fact]
    public async Task Commands_are_answered_in_order_and_those_that_wait_go_together()
    {
        var engine = new HeldEngine();
        await using SocketServer server = await SocketServer.StartAsync(door: _ => engine);
        using SocketClient client = await SocketClient.OpenReadyAsync(server);

        for (int i = 1; i <= 5; i++) await client.SendAsync($$"""{"type":"cmd","id":"{{i}}","args":["ECHO","{{i}}"]}""");
        Assert.Equal("ECHO 1", await engine.NextAsync());
        // The others have come when a frame after them is answered beside them.
        Assert.Equal("""{"type":"pong","t":1}""", await client.AskAsync("""{"type":"ping","t":1}"""));
        engine.Let();
        Assert.Equal("ECHO 2;ECHO 3;ECHO 4;ECHO 5", await engine.NextAsync());
        engine.Let();

        for (int i = 1; i <= 5; i++) Assert.Equal($$"""{"type":"reply","id":"{{i}}","result":"{{i}}"}""", await client.ReceiveAsync());
    }

    [Fact]
    public async Task A_transaction_runs_alone_and_batches_keep_their_rows()
    {
        var engine = new HeldEngine();
        await using SocketServer server = await SocketServer.StartAsync(door: _ => engine);
        using SocketClient client = await SocketClient.OpenReadyAsync(server);

        await client.SendAsync("""{"type":"cmd","id":"1","args":["ECHO","1"]}""");
        await client.SendAsync("""{"type":"cmd","id":"2","batch":[["ECHO","2"],["ECHO","3"]]}""");
        await client.SendAsync("""{"type":"cmd","id":"3","args":["ECHO","4"]}""");
        await client.SendAsync("""{"type":"cmd","id":"4","atomic":true,"batch":[["ECHO","5"]]}""");
        await client.AskAsync("""{"type":"ping"}""");
        foreach (string commands in new[] { "ECHO 1", "ECHO 2;ECHO 3;ECHO 4", "atomic ECHO 5" })
        {
            Assert.Equal(commands, await engine.NextAsync());
            engine.Let();
        }

        Assert.Equal("""{"type":"reply","id":"1","result":"1"}""", await client.ReceiveAsync());
        Assert.Equal("""{"type":"reply","id":"2","result":[{"result":"2"},{"result":"3"}]}""", await client.ReceiveAsync());
        Assert.Equal("""{"type":"reply","id":"3","result":"4"}""", await client.ReceiveAsync());
        Assert.Equal("""{"type":"reply","id":"4","result":[{"result":"5"}]}""", await client.ReceiveAsync());
    }

    [Theory]
    [InlineData("BLPOP k 0")]
    [InlineData("XREAD BLOCK 0 STREAMS s $")]
    [InlineData("xreadgroup GROUP BLOCK STREAMS block 0 STREAMS s >")]
    public async Task A_command_that_blocks_waits_for_those_before_it_and_nobody_for_it(string command)
    {
        var engine = new HeldEngine();
        await using SocketServer server = await SocketServer.StartAsync(door: _ => engine);
        using SocketClient client = await SocketClient.OpenReadyAsync(server);

        await SendAsync(client, "ECHO 1", command, "ECHO 2");
        Assert.Equal("ECHO 1", await engine.NextAsync());
        Assert.Equal("""{"type":"pong"}""", await client.AskAsync("""{"type":"ping"}"""));
        Assert.False(engine.Holds);
        engine.Let();

        Assert.Equal(string.Join(' ', command.Split(' ')[..2]), await engine.NextAsync());
        Assert.Equal("ECHO 2", await engine.NextAsync());
        engine.Let();
        Assert.Equal("""{"type":"reply","id":"ECHO 1","result":"1"}""", await client.ReceiveAsync());
        Assert.Equal("""{"type":"reply","id":"ECHO 2","result":"2"}""", await client.ReceiveAsync());
    }

    [Theory]
    [InlineData("XREAD STREAMS s BLOCK 0 0")]
    [InlineData("XREADGROUP GROUP block BLOCK COUNT 1 STREAMS s >")]
    public async Task A_reader_that_does_not_block_runs_in_its_turn(string command)
    {
        var engine = new HeldEngine();
        await using SocketServer server = await SocketServer.StartAsync(door: _ => engine);
        using SocketClient client = await SocketClient.OpenReadyAsync(server);

        await SendAsync(client, "ECHO 1", command, "ECHO 2");
        Assert.Equal("ECHO 1", await engine.NextAsync());
        Assert.Equal("""{"type":"pong"}""", await client.AskAsync("""{"type":"ping"}"""));
        engine.Let();

        Assert.Equal(string.Join(' ', command.Split(' ')[..2]) + ";ECHO 2", await engine.NextAsync());
    }

    [Fact]
    public async Task Too_many_commands_under_way_are_not_read()
    {
        var engine = new HeldEngine();
        await using SocketServer server = await SocketServer.StartAsync(settings => settings.WsMaxInFlight = 2, _ => engine);
        using SocketClient client = await SocketClient.OpenReadyAsync(server);

        for (int i = 1; i <= 4; i++) await client.SendAsync($$"""{"type":"cmd","id":"{{i}}","args":["ECHO","{{i}}"]}""");
        await client.SendAsync("""{"type":"ping"}""");
        Assert.Equal("ECHO 1", await engine.NextAsync());
        engine.Let();
        Assert.StartsWith("ECHO 2", await engine.NextAsync());
        engine.Let();

        // The pong stands behind the fourth command, which was read when the second was answered at the earliest.
        Assert.Contains("\"id\":\"1\"", await client.ReceiveAsync());
        Assert.Contains("\"id\":\"2\"", await client.ReceiveAsync());
        Task letting = engine.LetAllAsync();
        string[] rest = [await client.ReceiveAsync(), await client.ReceiveAsync(), await client.ReceiveAsync()];
        Assert.Contains(rest, frame => frame.Contains("\"pong\"", StringComparison.Ordinal));
        Assert.False(letting.IsCompleted);
    }

    [Fact]
    public async Task A_stop_lets_what_is_under_way_be_answered_first()
    {
        var engine = new HeldEngine();
        await using SocketServer server = await SocketServer.StartAsync(door: _ => engine);
        using SocketClient client = await SocketClient.OpenReadyAsync(server);
        await client.SendAsync("""{"type":"cmd","id":"1","args":["ECHO","1"]}""");
        await engine.NextAsync();

        Task stop = server.StopAsync();
        await client.SendAsync("""{"type":"cmd","id":"2","args":["ECHO","2"]}""");
        engine.Let();

        Assert.Equal(["""{"type":"reply","id":"1","result":"1"}""", "close 1001"], await client.ReceiveAllAsync());
        await stop;
    }

    [Fact]
    public async Task A_kill_closes_the_socket_and_one_of_itself_after_the_reply()
    {
        var engine = new HeldEngine();
        await using SocketServer server = await SocketServer.StartAsync(door: _ => engine);
        using SocketClient other = await SocketClient.OpenReadyAsync(server);
        engine.Clients[0].Kill(afterReply: false);
        Assert.Equal("close 4506", await other.ReceiveAsync());

        using SocketClient self = await SocketClient.OpenReadyAsync(server);
        await self.SendAsync("""{"type":"cmd","id":"1","args":["ECHO","1"]}""");
        await engine.NextAsync();
        engine.Clients[1].Kill(afterReply: true);
        engine.Let();
        Assert.Equal(["""{"type":"reply","id":"1","result":"1"}""", "close 4506"], await self.ReceiveAllAsync());
    }

    [Fact]
    public async Task A_mistake_of_ours_costs_one_socket()
    {
        var engine = new HeldEngine { Fails = true };
        await using SocketServer server = await SocketServer.StartAsync(door: _ => engine);
        using SocketClient client = await SocketClient.OpenReadyAsync(server);

        Assert.Equal("close 1011", await client.AskAsync("""{"type":"cmd","id":"1","args":["ECHO","1"]}"""));
        using SocketClient next = await SocketClient.OpenReadyAsync(server);
        Assert.Equal("""{"type":"pong"}""", await next.AskAsync("""{"type":"ping"}"""));
    }

    private static async Task SendAsync(SocketClient client, params string[] commands)
    {
        foreach (string command in commands) await client.SendAsync(JsonSerializer.Serialize(new { type = "cmd", id = command, args = command.Split(' ') }));
    }

    /// <summary>Answers each command with its argument, one batch at a time, when it is let.</summary>
    private sealed class HeldEngine : IEngineDoor
    {
        private readonly Channel<(string Commands, TaskCompletionSource Let)> _held = Channel.CreateUnbounded<(string, TaskCompletionSource)>();
        private TaskCompletionSource? _current;

        public bool Fails { get; init; }

        public List<IPushTarget> Clients { get; } = [];

        /// <summary>A batch waits to be told of.</summary>
        public bool Holds => _held.Reader.Count > 0;

        public string? Failure => null;

        public IDoorSession Open(DoorKind kind, string remoteAddress, IPushTarget? push = null)
        {
            if (push is not null) Clients.Add(push);
            return new Session(this);
        }

        /// <summary>Waits for the next batch; gives its commands.</summary>
        public async Task<string> NextAsync()
        {
            using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(20));
            (string commands, _current) = await _held.Reader.ReadAsync(patience.Token);
            return commands;
        }

        /// <summary>Lets the batch go that was told of last.</summary>
        public void Let() => _current!.SetResult();

        /// <summary>Holds nobody any more.</summary>
        public async Task LetAllAsync()
        {
            await foreach ((_, TaskCompletionSource let) in _held.Reader.ReadAllAsync()) let.SetResult();
        }

        private Task HoldAsync(string commands)
        {
            var let = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            _held.Writer.TryWrite((commands, let));
            return let.Task;
        }

        private sealed class Session(HeldEngine engine) : IDoorSession
        {
            public long Id => 7;

            public DoorClient Client { get; set; }

            public void ServeFor(IPAddress? address, int port)
            {
                // Its client is always the same.
            }

            public async ValueTask<DoorReply> ExecuteAsync(CommandBatch batch, bool isAtomic)
            {
                if (engine.Fails) throw new InvalidOperationException("A mistake.");
                var commands = new List<string>();
                var reply = new StringBuilder(isAtomic ? $"*{batch.Count}\r\n" : "");
                for (int i = 0; i < batch.Count; i++)
                {
                    string argument = Encoding.ASCII.GetString(batch[i][1]);
                    commands.Add($"{Encoding.ASCII.GetString(batch[i][0])} {argument}");
                    reply.Append($"${argument.Length}\r\n{argument}\r\n");
                }
                await engine.HoldAsync((isAtomic ? "atomic " : "") + string.Join(';', commands));
                return new DoorReply(Encoding.ASCII.GetBytes(reply.ToString()), 0);
            }

            public void Dispose()
            {
            }
        }
    }
}
