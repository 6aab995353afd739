using Galley.Store.Commands;
using Galley.Store.Configuration;
using Galley.Store.Engine;
using Galley.Store.Keyspace;
using Galley.Store.Tests.Keyspace;

namespace Galley.Store.Tests.Commands;

/// <summary>An engine without doors: its clock is the test's, and its log is read back as commands.</summary>
internal sealed class EngineFixture : IDisposable
{
    private readonly LogReader _log = new();

    public EngineFixture(int partitions = 1, Action<Settings>? configure = null)
    {
        var settings = new Settings { Partitions = partitions };
        configure?.Invoke(settings);
        Engine = new GalleyEngine(settings, CommandTable.Shared.Renamed(settings.RenamedCommands), Time);
        Engine.Attach(_log, null);
    }

    /// <summary>How many partitions the tests of the keyspace run with.</summary>
    public static TheoryData<int> PartitionCounts => [1, 4, 16384];

    public ManualTime Time { get; } = new();

    public GalleyEngine Engine { get; }

    public ServerContext Server => Engine.Server;

    public Database Database => Server.Databases[0];

    public TestClient Connect(TestConnection? connection = null) => new(Engine, connection);

    /// <summary>What the log was told since it was last asked, one command after another: <c>SELECT 0; SET a 1</c>.</summary>
    public string TakeLog() => _log.Take();

    public void Dispose() => Engine.Dispose();

    private sealed class LogReader : IEffectSink
    {
        private readonly List<byte> _bytes = [];

        public event Action? Released
        {
            add { }
            remove { }
        }

        public long ReleasedOffset { get; private set; }

        public string? Failure => null;

        public void Accept(ReadOnlySpan<byte> commands, long endOffset)
        {
            _bytes.AddRange(commands);
            ReleasedOffset = endOffset;
        }

        public void Commit() { }

        public string Take()
        {
            string text = RespText.Commands([.. _bytes]);
            _bytes.Clear();
            return text;
        }
    }
}
