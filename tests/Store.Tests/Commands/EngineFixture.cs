using Galley.Store.Commands;
using Galley.Store.Configuration;
using Galley.Store.Engine;
using Galley.Store.Keyspace;
using Galley.Store.Tests.Keyspace;

namespace Galley.Store.Tests.Commands;

/// <summary>An engine without doors: its clock is the test's, and its log is read back as commands.</summary>
internal sealed class EngineFixture : IDisposable
{
    /// <param name="commands">Galley's own, where a test needs no others.</param>
    public EngineFixture(int partitions = 1, Action<Settings>? configure = null, CommandTable? commands = null)
    {
        var settings = new Settings { Partitions = partitions };
        configure?.Invoke(settings);
        Engine = new GalleyEngine(settings, commands ?? CommandTable.Shared.Renamed(settings.RenamedCommands), Time);
        Engine.Attach(Log, null);
    }

    public LogReader Log { get; } = new();

    /// <summary>How many partitions the tests of the keyspace run with.</summary>
    public static TheoryData<int> PartitionCounts => [1, 4, 16384];

    public ManualTime Time { get; } = new();

    public GalleyEngine Engine { get; }

    public ServerContext Server => Engine.Server;

    public Database Database => Server.Databases[0];

    public TestClient Connect(TestConnection? connection = null) => new(Engine, connection);

    /// <summary>Lets time pass, and Galley do what is due.</summary>
    public void Pass(long milliseconds)
    {
        Time.Advance(milliseconds);
        Engine.RunCron();
    }

    /// <summary>What the log was told since it was last asked, one command after another: <c>SELECT 0; SET a 1</c>.</summary>
    public string TakeLog() => Log.Take();

    public void Dispose() => Engine.Dispose();

    /// <summary>A reader of the log that keeps it in memory.</summary>
    internal sealed class LogReader : IEffectSink
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

        /// <summary>What is told is durable at once.</summary>
        public bool IsDurable
        {
            get;
            set
            {
                field = value;
                DurableOffset = ReleasedOffset;
            }
        } = true;

        public long DurableOffset { get; private set; }

        public long ReleasedOffset { get; private set; }

        public string? Failure => null;

        public void Accept(ReadOnlySpan<byte> commands, long endOffset)
        {
            _bytes.AddRange(commands);
            ReleasedOffset = endOffset;
            if (IsDurable) DurableOffset = endOffset;
        }

        public void Commit(bool mayFlush) { }

        public string Take()
        {
            string text = RespText.Commands([.. _bytes]);
            _bytes.Clear();
            return text;
        }
    }
}
