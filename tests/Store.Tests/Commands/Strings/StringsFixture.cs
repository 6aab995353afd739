using System.Buffers;
using System.Text;
using Galley.Resp.Protocol;
using Galley.Store.Commands;
using Galley.Store.Configuration;
using Galley.Store.Engine;
using Galley.Store.Tests.Keyspace;

namespace Galley.Store.Tests.Commands.Strings;

/// <summary>An engine of its own, one client of it, and the log of effects as text.</summary>
internal sealed class StringsFixture : IDisposable
{
    private readonly GalleyEngine _engine;
    private readonly Session _session;
    private readonly Log _log = new();

    public StringsFixture()
    {
        _engine = new GalleyEngine(new Settings(), CommandTable.Shared, Time);
        _engine.Attach(_log, null);
        _session = _engine.OpenSession(SessionKind.Http, "test");
        _session.IsAuthenticated = true;
    }

    public ManualTime Time { get; } = new();

    public RespVersion Version { set => _session.Reply.Version = value; }

    /// <summary>Runs a command, its words separated by spaces (<c>""</c> is empty), and returns the reply with its lines separated by spaces.</summary>
    public string Run(string command)
    {
        var request = new DoorRequest { Session = _session };
        Arguments words = Arguments.Of(Array.ConvertAll(command.Split(' '), w => Encoding.Latin1.GetBytes(w == "\"\"" ? "" : w)));
        request.Add(in words);
        Assert.True(_engine.ExecuteAsync(request).AsTask().Wait(TimeSpan.FromSeconds(10)));
        return Encoding.Latin1.GetString(_session.Reply.Output.Drain().ToArray()).TrimEnd().Replace("\r\n", " ");
    }

    /// <summary>What the command has logged, commands separated by semicolons; the choice of the database is left out.</summary>
    public string EffectsOf(string command)
    {
        _log.Take();
        Run(command);
        return string.Join("; ", _log.Take().Where(effect => !effect.StartsWith("SELECT", StringComparison.Ordinal)));
    }

    public void Dispose() => _engine.Dispose();

    private sealed class Log : IEffectSink
    {
        public bool TryCopy(long from, long to, out byte[] commands)
        {
            commands = [];
            return false;
        }

        private readonly List<byte> _bytes = [];

        public event Action? Released
        {
            add { }
            remove { }
        }

        public long DurableOffset => ReleasedOffset;

        public long ReleasedOffset { get; private set; }

        public string? Failure => null;

        public void Accept(ReadOnlySpan<byte> commands, long endOffset)
        {
            _bytes.AddRange(commands);
            ReleasedOffset = endOffset;
        }

        public void Commit(bool mayFlush)
        {
        }

        public List<string> Take()
        {
            string[] lines = Encoding.Latin1.GetString([.. _bytes]).Split("\r\n");
            _bytes.Clear();
            var commands = new List<string>();
            for (int at = 0; at < lines.Length - 1;)
            {
                int words = int.Parse(lines[at++].AsSpan(1));
                commands.Add(string.Join(' ', Enumerable.Range(0, words).Select(i => lines[at + (i * 2) + 1])));
                at += words * 2;
            }
            return commands;
        }
    }
}
