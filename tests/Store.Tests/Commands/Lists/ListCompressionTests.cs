using System.Globalization;
using System.Text;
using Galley.Resp.Protocol;
using Galley.Store.Keyspace;
using Galley.Store.Keyspace.Values;
using Galley.Store.Types;

namespace Galley.Store.Tests.Commands.Lists;

/// <summary>Lists with <c>list-compress-depth</c>, as commands see them.</summary>
public sealed class ListCompressionTests : IDisposable
{
    private const int Elements = 1200;

    private readonly EngineFixture _fixture = new(configure: settings => settings.EnableDebugCommand = Store.Configuration.Allowed.Yes);
    private readonly TestClient _client;

    public ListCompressionTests() => _client = _fixture.Connect();

    /// <summary>Of one length, which fills leaves as it fills redis-server's nodes; of any; long ones; ones that do not gain.</summary>
    [Theory]
    [InlineData("even")]
    [InlineData("uneven")]
    [InlineData("long")]
    [InlineData("numbers")]
    [InlineData("noise")]
    public void What_is_dumped_does_not_hang_on_what_is_compressed(string kind)
    {
        Fill("open", kind);
        _client.Run("CONFIG SET list-compress-depth 1");
        Fill("compressed", kind);
        Assert.Equal(_client.Run("DUMP open"), _client.Run("DUMP compressed"));
        foreach (string key in (string[])["open", "compressed"])
        {
            _client.Run("LSET", key, "600", "another");
            _client.Run("LTRIM", key, "300", "-200");
            _client.Run("LINSERT", key, "AFTER", "another", "one more");
            _client.Run("LREM", key, "-50", ValueOf(kind, 17));
        }
        string dump = _client.Run("DUMP compressed");
        Assert.Equal(_client.Run("DUMP open"), dump);
        Assert.Equal(_client.Run("LRANGE open 0 -1"), _client.Run("LRANGE compressed 0 -1"));
    }

    [Fact]
    public void Reading_does_not_make_a_list_larger_and_a_copy_is_as_small()
    {
        Fill("open", "even");
        _client.Run("CONFIG SET list-compress-depth 1");
        Fill("compressed", "even");
        long bytes = MemoryOf("compressed");
        Assert.InRange(bytes, 1, MemoryOf("open") / 3);
        _client.Run("LRANGE compressed 0 -1");
        _client.Run("LINDEX compressed 600");
        _client.Run("LPOS compressed nowhere");
        Assert.Equal(bytes, MemoryOf("compressed"));
        _client.Run("COPY compressed copy");
        Assert.InRange(MemoryOf("copy"), 1, bytes * 11 / 10);
        Assert.Equal(_client.Run("LRANGE open 0 -1"), _client.Run("LRANGE copy 0 -1"));
    }

    [Fact]
    public void A_dropped_list_leaves_nothing()
    {
        _client.Run("CONFIG SET list-compress-depth 1");
        Fill("l", "even");
        _client.Run("DEL l");
        for (int i = 0; i < 100; i++) _fixture.Pass(100);
        long before = _fixture.Server.Databases.Arena.UsedBytes;
        Fill("l", "uneven");
        _client.Run("LSET l 600 changed");
        _client.Run("COPY l m");
        _client.Run("DEL l m");
        for (int i = 0; i < 100; i++) _fixture.Pass(100);
        Assert.Equal(before, _fixture.Server.Databases.Arena.UsedBytes);
    }

    /// <summary>It is handed over when the command is about to change it, with what the command was given in hand.</summary>
    [Theory]
    [InlineData("LSET l 600 changed")]
    [InlineData("LMOVE l l LEFT RIGHT")]
    [InlineData("LREM l 0 000050")]
    [InlineData("LTRIM l 400 500")]
    public void A_snapshot_has_the_list_as_it_was(string command)
    {
        _client.Run("CONFIG SET list-compress-depth 1");
        Fill("l", "uneven");
        var taken = new Taking();
        SnapshotWalk walk = SnapshotWalk.Begin(_fixture.Server.Databases, taken);
        _client.Run(command);
        while (!walk.Step(100)) { }
        Assert.Equal(Enumerable.Range(0, Elements).Select(i => ValueOf("uneven", i)), taken.Elements);
        Fill("new", "uneven");
        _client.Run(command.Replace(" l", " new", StringComparison.Ordinal));
        Assert.Equal(_client.Run("LRANGE new 0 -1"), _client.Run("LRANGE l 0 -1"));
    }

    [Fact]
    public void Elements_of_many_leaves_are_removed_in_batches()
    {
        _client.Run("CONFIG SET list-compress-depth 1");
        for (int i = 0; i < 3000; i++) _client.Run("RPUSH", "l", i % 3 == 0 ? "here" : $"{i} there and not here, and long enough to fill some leaves");
        Assert.Equal(":700", _client.Run("LREM l 700 here"));
        Assert.Equal(":100", _client.Run("LREM l -100 here"));
        Assert.Equal("$4 here", _client.Run("LINDEX l 1400"));
        Assert.StartsWith("$60 2699 there", _client.Run("LINDEX l -201"), StringComparison.Ordinal);
        Assert.Equal(":200", _client.Run("LREM l 0 here"));
        Assert.Equal(":2000", _client.Run("LLEN l"));
        Assert.Equal("$-1", _client.Run("LPOS l here"));
    }

    [Theory]
    [InlineData("even", 0, "ql_nodes:16 ql_avg_node:75.00 ql_listpack_max:-2 ql_compressed:0 ql_uncompressed_size:123712")]
    [InlineData("even", 1, "ql_nodes:16 ql_avg_node:75.00 ql_listpack_max:-2 ql_compressed:1 ql_uncompressed_size:123712")]
    [InlineData("long", 1, "ql_nodes:1200 ql_avg_node:1.00 ql_listpack_max:-2 ql_compressed:1 ql_uncompressed_size:6016800")]
    public void Its_nodes_are_described_as_redis_describes_them(string kind, int depth, string expected)
    {
        _client.Run($"CONFIG SET list-compress-depth {depth}");
        Fill("l", kind);
        Assert.EndsWith(expected, _client.Run("DEBUG OBJECT l"), StringComparison.Ordinal);
    }

    public void Dispose() => _fixture.Dispose();

    private void Fill(string key, string kind)
    {
        for (int i = 0; i < Elements; i++) _client.Run("RPUSH", key, ValueOf(kind, i));
    }

    private static string ValueOf(string kind, int i) => kind switch
    {
        "even" => $"{i % 100:D6}".PadRight(100, 'x'),
        "uneven" => $"{i % 100:D6}".PadRight(10 + i * 7919 % 200, 'x'),
        "long" => $"{i % 100:D6}".PadRight(5000, 'x'),
        "numbers" => (i % 100 * 1_000_003L).ToString(CultureInfo.InvariantCulture),
        _ => string.Concat(Enumerable.Range(1, 60).Select(j => (char)(33 + (i % 100 + 7) * j * j * 31337 / 11 % 90))),
    };

    private long MemoryOf(string key) => long.Parse(_client.Run($"MEMORY USAGE {key} SAMPLES 0").AsSpan(1), CultureInfo.InvariantCulture);

    private sealed class Taking : ISnapshotSink
    {
        public List<string> Elements { get; } = [];

        public bool IsBusy => false;

        public void Take(int databaseId, SnapshotEntry entry)
        {
            Span<byte> digits = stackalloc byte[Numbers.IntegerBytesMax];
            ListWalk walk = ListValue.Walk(entry.View, 0);
            while (walk.TryNext(out ListPackElement element)) Elements.Add(Encoding.ASCII.GetString(element.TextIn(digits)));
        }
    }
}
