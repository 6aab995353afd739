using System.Globalization;
using System.Text;
using Galley.Store.Configuration;
using Galley.Store.Keyspace;
using Galley.Store.Keyspace.Compaction;
using Galley.Store.Keyspace.Rdb;
using Galley.Store.Tests.Commands;

namespace Galley.Store.Tests.Keyspace.Compaction;

/// <summary>What is promised across turns is kept while blocks move between them: cursors, snapshots, lent replies, WATCH.</summary>
public sealed class CompactionGuaranteeTests : IDisposable
{
    private const int Keys = 3000;

    private readonly EngineFixture _server = new();
    private readonly TestClient _client;
    private readonly CompactionPass _pass;
    private readonly Random _random = new(3);

    public CompactionGuaranteeTests()
    {
        _client = _server.Connect();
        _pass = new CompactionPass(_server.Server.Databases, []);
    }

    public void Dispose() => _server.Dispose();

    [Fact]
    public void Scan_meets_every_key_that_stays()
    {
        for (int i = 0; i < Keys; i++) _client.Run($"SET stays:{i} {i}");
        for (int round = 0; round < 5; round++)
        {
            HashSet<string> met = Scan("SCAN {0} COUNT 7");
            Assert.Equal(Keys, met.Count(key => key.StartsWith("stays:", StringComparison.Ordinal)));
        }
    }

    [Theory]
    [InlineData("HSET", "HSCAN big {0} COUNT 9", true)]
    [InlineData("SADD", "SSCAN big {0} COUNT 9", false)]
    [InlineData("ZADD", "ZSCAN big {0} COUNT 9", true)]
    public void Scans_of_a_collection_meet_every_element_that_stays(string adding, string scanning, bool hasNumber)
    {
        for (int i = 0; i < Keys; i++)
        {
            string[] words = adding == "ZADD" ? ["big", $"{i}", $"stays:{i}"] : hasNumber ? ["big", $"stays:{i}", $"{i}"] : ["big", $"stays:{i}"];
            _client.Run([adding, .. words]);
        }
        HashSet<string> met = Scan(scanning);
        Assert.Equal(Keys, met.Count(member => member.StartsWith("stays:", StringComparison.Ordinal)));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_snapshot_is_the_same_file(bool isWrittenTo)
    {
        var commands = new RandomCommands(11);
        for (int i = 0; i < 3000; i++) _client.Run(commands.Next());
        Databases space = _server.Server.Databases;
        var expected = new Taking();
        _server.Engine.InTurn(() => SnapshotWalk.VisitAll(space, expected));

        var taken = new Taking();
        SnapshotWalk? walk = null;
        _server.Engine.InTurn(() => walk = SnapshotWalk.Begin(space, taken));
        bool isDone = false;
        while (!isDone)
        {
            _server.Engine.InTurn(() => isDone = walk!.Step(3));
            StepPass();
            if (isWrittenTo) _client.Run(commands.Next());
        }

        Assert.True(_pass.Mover.Moved > 100, $"{_pass.Mover.Moved} blocks moved");
        Assert.Equal(expected.Content, taken.Content);
    }

    [Fact]
    public void A_watched_key_that_is_moved_has_not_changed_and_a_lent_reply_stays()
    {
        string large = new('x', 200_000);
        _client.Run("SET", "large", large);
        _client.Run("SET watched 1");
        _client.Run("WATCH watched");
        TestClient slow = _server.Connect();
        Assert.True(slow.Start("GET large").IsCompletedSuccessfully);
        for (int i = 0; i < 100; i++) StepPass();
        Assert.True(_pass.Mover.Moved > 0);
        _client.Run("MULTI");
        _client.Run("GET watched");
        Assert.Equal("*1 $1 1", _client.Run("EXEC"));
        _client.Run("DEL large");
        Assert.Equal($"$200000 {large}", slow.TakeReply());
    }

    [Fact]
    public void A_client_that_waits_for_a_stream_is_served_though_the_stream_has_moved()
    {
        for (int i = 1; i < 3000; i++) _client.Run($"XADD s {i}-1 f v");
        _client.Run("XGROUP CREATE s g $");
        TestClient waiting = _server.Connect();
        _ = waiting.Start("XREADGROUP GROUP g c BLOCK 0 STREAMS s >");
        Assert.True(waiting.Session.IsBlocked);
        for (int i = 0; i < 200; i++) StepPass();
        Assert.True(_pass.Mover.Moved > 100);
        _client.Run("XADD s 5000-1 f v");
        Assert.Contains("5000-1", waiting.TakeReply(), StringComparison.Ordinal);
        Assert.False(waiting.Session.IsBlocked);
    }

    /// <summary>Follows a cursor to its end, while blocks move and others come and go.</summary>
    private HashSet<string> Scan(string command)
    {
        var met = new HashSet<string>();
        string cursor = "0";
        do
        {
            string[] reply = _client.Run(string.Format(CultureInfo.InvariantCulture, command, cursor)).Split(' ');
            cursor = reply[2];
            met.UnionWith(reply);
            StepPass();
            for (int i = 0; i < 10; i++)
            {
                _client.Run($"SET comes:{_random.Next(3000)} {i}");
                _client.Run($"DEL comes:{_random.Next(3000)}");
            }
        }
        while (cursor != "0");
        return met;
    }

    private void StepPass() => _server.Engine.InTurn(() =>
    {
        if (_pass.Phase == CompactionPhase.Done) _pass.BeginWithAll();
        _pass.Step(_random.Next(1, 200));
    });

    /// <summary>Keeps what a file would have of each key.</summary>
    private sealed class Taking : ISnapshotSink
    {
        public SortedDictionary<string, string> Content { get; } = new(StringComparer.Ordinal);

        public bool IsBusy => false;

        public void Take(int databaseId, SnapshotEntry entry)
        {
            var writer = new RdbWriter(new Settings());
            DumpPayload.Write(writer, in entry);
            Content.Add($"{databaseId}/{Encoding.Latin1.GetString(entry.Key)}", $"{entry.ExpiresAtMs} {Convert.ToHexString(writer.Written)}");
        }
    }
}
