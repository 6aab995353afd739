using System.Globalization;
using Galley.Store.Keyspace;

namespace Galley.Store.Tests.Commands.Streams;

/// <summary>Whatever is done to streams and their groups, every block is given back in the end.</summary>
public sealed class StreamMemoryTests : IDisposable
{
    private readonly EngineFixture _fixture = new();
    private readonly TestClient _client;
    private int _clock = 1;

    public StreamMemoryTests() => _client = _fixture.Connect();

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void Nothing_is_left_of_streams_that_are_gone(int seed)
    {
        var random = new Random(seed);
        long before = _fixture.Server.Databases.Arena.UsedBytes;
        int succeeded = 0;
        for (int step = 0; step < 6000; step++)
            if (!_client.Run(Command(random)).StartsWith('-')) succeeded++;
        Assert.True(succeeded > 3000, $"Only {succeeded} commands succeeded.");
        _fixture.Server.Databases.Arena.Verify();
        foreach (string key in (string[])["a", "b", "c"]) _client.Run($"DEL {key}");
        while (!_fixture.Server.Databases.Graveyard.Dig(100)) { }
        _client.Run("PING");
        Assert.Equal(before, _fixture.Server.Databases.Arena.UsedBytes);
    }

    [Fact]
    public void A_stream_of_many_entries_and_pending_ones_is_dropped_in_parts()
    {
        for (int i = 1; i <= 20_000; i++) _client.Run($"XADD a {i} f v");
        _client.Run("XGROUP CREATE a g 0");
        _client.Run("XREADGROUP GROUP g c STREAMS a >");
        _client.Run("DEL a");
        Graveyard graveyard = _fixture.Server.Databases.Graveyard;
        Assert.Equal(1, graveyard.PendingCount);
        int parts = 0;
        while (!graveyard.Dig(50)) parts++;
        Assert.InRange(parts, 20, 5000);
        Assert.Equal(0, graveyard.PendingCount);
    }

    [Fact]
    public void An_entry_longer_than_a_block_lies_apart()
    {
        string value = new('x', 300_000);
        _client.Run("XADD", "a", "1", "f", value);
        _client.Run("XADD", "a", "2", "f", value + "y");
        Assert.Contains(value + "y", _client.Run("XRANGE a 2 2"), StringComparison.Ordinal);
        _client.Run("COPY a b");
        Assert.Equal(":1", _client.Run("XDEL a 1"));
        Assert.Contains(value, _client.Run("XRANGE b 1 1"), StringComparison.Ordinal);
        _client.Run("DEL a b");
    }

    public void Dispose() => _fixture.Dispose();

    private string Command(Random random)
    {
        string key = Pick(random, "a", "b", "c");
        string group = Pick(random, "g", "h");
        string consumer = Pick(random, "x", "y", "z");
        string id = Text(_clock - random.Next(60));
        return random.Next(14) switch
        {
            < 4 => $"XADD {key} {Text(_clock++)} f {new string('v', random.Next(300))}w",
            4 => $"XADD {key} IDMP {consumer} {random.Next(50)} * f v",
            5 => $"XGROUP CREATE {key} {group} 0 MKSTREAM",
            6 or 7 => $"XREADGROUP GROUP {group} {consumer} COUNT {random.Next(1, 30)} STREAMS {key} >",
            8 => $"XACK {key} {group} {id} {Text(_clock - random.Next(60))}",
            9 => $"XAUTOCLAIM {key} {group} {consumer} 0 0 COUNT {random.Next(1, 9)}",
            10 => $"XDELEX {key} {Pick(random, "KEEPREF", "DELREF", "ACKED")} IDS 1 {id}",
            11 => $"XNACK {key} {group} FAIL IDS 1 {id}",
            12 => Pick(random, $"XTRIM {key} MAXLEN ~ {random.Next(200)}", $"XGROUP DELCONSUMER {key} {group} {consumer}", $"XGROUP DESTROY {key} {group}"),
            _ => Pick(random, $"COPY {key} {Pick(random, "a", "b", "c")} REPLACE", $"DEL {key}", $"XCFGSET {key} IDMP-MAXSIZE {random.Next(1, 20)}"),
        };
    }

    private static string Pick(Random random, params ReadOnlySpan<string> words) => words[random.Next(words.Length)];

    private static string Text(int number) => Math.Max(1, number).ToString(CultureInfo.InvariantCulture);
}
