using System.Buffers;
using System.Text;
using Galley.Resp.Protocol;
using Galley.Store.Commands;
using Galley.Store.Engine;

namespace Galley.Store.Tests.Commands;

/// <summary>A client of an engine, without a door between: it sends words and reads the reply as RESP.</summary>
internal sealed class TestClient
{
    private readonly GalleyEngine _engine;
    private readonly Pushes _pushes = new();

    public TestClient(GalleyEngine engine, TestConnection? connection = null)
    {
        _engine = engine;
        long nowMs = engine.Server.Databases.Clock.NowMs;
        Session = new Session(engine.Server.Sessions.NextId(), SessionKind.Resp, new OutputBuffer(), _pushes)
        {
            Connection = connection,
            RemoteAddress = connection?.RemoteAddress ?? "test",
            CreatedMs = nowMs,
            LastActiveMs = nowMs,
            IsAuthenticated = true,
        };
        engine.Server.Sessions.Add(Session);
    }

    public Session Session { get; }

    /// <summary>Runs a command given as words with single spaces between; the reply with a space for each line end.</summary>
    public string Run(string command) => Run(command.Split(' '));

    public string Run(params ReadOnlySpan<string> words) => Run(_engine, Session, words);

    /// <summary>Runs a command, given as words with single spaces between, for a session of the test's own.</summary>
    public static string Run(GalleyEngine engine, Session session, string command) => Run(engine, session, command.Split(' '));

    /// <summary>Sends a command that may have to wait; <see cref="TakeReply()"/> has its reply when the task completes.</summary>
    public Task Start(string command) => Start(command.Split(' '));

    public Task Start(params ReadOnlySpan<string> words) => Post(_engine, Session, words);

    /// <summary>What was replied since it was last asked, with a space for each line end.</summary>
    public string TakeReply() => TakeReply(Session);

    private static string Run(GalleyEngine engine, Session session, ReadOnlySpan<string> words)
    {
        Assert.True(Post(engine, session, words).IsCompletedSuccessfully, "Nobody else holds the gate, so that the command has run.");
        return TakeReply(session);
    }

    private static string TakeReply(Session session) =>
        Encoding.Latin1.GetString(session.Reply.Output.Drain().ToArray()).TrimEnd().Replace("\r\n", " ", StringComparison.Ordinal);

    private static Task Post(GalleyEngine engine, Session session, ReadOnlySpan<string> words)
    {
        var bytes = new byte[words.Length][];
        for (int i = 0; i < bytes.Length; i++) bytes[i] = Encoding.Latin1.GetBytes(words[i]);
        var request = new DoorRequest { Session = session };
        Arguments arguments = Arguments.Of(bytes);
        request.Add(in arguments);
        return engine.ExecuteAsync(request).AsTask();
    }

    /// <summary>Messages since it was last asked, each with a space for a line end.</summary>
    public List<string> TakePushes()
    {
        List<string> taken = [.. _pushes.Received];
        _pushes.Received.Clear();
        return taken;
    }

    /// <summary>The bytes of the newest message.</summary>
    public ReadOnlyMemory<byte> LastPush => _pushes.Last;

    /// <summary>What its door says that waits to be sent.</summary>
    public long PendingBytes { set => _pushes.PendingBytes = value; }

    private sealed class Pushes : ISessionOutput
    {
        public List<string> Received { get; } = [];

        public ReadOnlyMemory<byte> Last { get; private set; }

        public long PendingBytes { get; set; }

        public void Kill(bool afterReply) => Received.Add(afterReply ? "killed after the reply" : "killed");

        public void Push(ReadOnlyMemory<byte> respPush, long logOffset)
        {
            Last = respPush;
            Received.Add(Encoding.Latin1.GetString(respPush.Span).TrimEnd().Replace("\r\n", " ", StringComparison.Ordinal));
        }
    }
}
