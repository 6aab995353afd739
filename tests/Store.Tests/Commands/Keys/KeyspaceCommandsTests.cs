using System.Diagnostics;
using System.Globalization;
using Galley.Store.Keyspace;

namespace Galley.Store.Tests.Commands.Keys;

public sealed class KeyspaceCommandsTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    public static TheoryData<int> PartitionCounts => EngineFixture.PartitionCounts;

    [Theory]
    [MemberData(nameof(PartitionCounts))]
    public void Keys_bytes_and_operations_are_told_by_prefix(int partitions)
    {
        using var fixture = new EngineFixture(partitions);
        TestClient client = fixture.Connect();
        for (int i = 0; i < 10; i++) client.Run(string.Create(CultureInfo.InvariantCulture, $"SET user:{i} ada"));
        client.Run("HSET order:1 a 1");
        client.Run("SET plain 1");
        for (int i = 0; i < 5; i++) client.Run("HGET order:1 a");
        Assert.Equal([("user:", 10, 10), ("", 1, 1), ("order:", 1, 6)], Figures(fixture));
        foreach (PrefixSlot slot in fixture.Database.Prefixes.Slots)
        {
            if (slot.Keys > 0) Assert.Equal(Bytes(client, slot.Prefix.Length == 0 ? ["plain"] : slot.Keys == 1 ? ["order:1"] : [.. Enumerable.Range(0, 10).Select(i => $"user:{i}")]), slot.Bytes);
        }
        client.Run("DEL user:1 user:2 plain");
        Assert.Equal([("user:", 8, 22), ("order:", 1, 7), ("", 0, 3)], Figures(fixture));
    }

    [Fact]
    public void The_order_is_asked_for_and_the_rest_comes_last()
    {
        using var fixture = new EngineFixture(configure: settings => settings.KeyspacePrefixesMax = 2);
        TestClient client = fixture.Connect();
        client.Run("MSET a:1 1 a:2 1 a:3 1");
        client.Run("SET", "b:1", new string('x', 1000));
        for (int i = 0; i < 9; i++) client.Run($"SET c{i}:1 1");
        Assert.Equal("b: a: *", Names(client.Run("KEYSPACE PREFIXES")));
        Assert.Equal("a: b: *", Names(client.Run("KEYSPACE PREFIXES BY KEYS")));
        Assert.Equal("a:", Names(client.Run("KEYSPACE PREFIXES BY operations COUNT 1")));
        client.Run("HELLO 3");
        string time = fixture.Time.NowMs.ToString(CultureInfo.InvariantCulture);
        Assert.StartsWith($"%3 $9 separator $1 : $18 weighed-at-unix-ms :{time} $8 prefixes *1 %4 $6 prefix $2 b: $4 keys :1 $5 bytes :",
            client.Run("KEYSPACE PREFIXES COUNT 1"), StringComparison.Ordinal);
    }

    [Fact]
    public void A_large_database_is_weighed_in_turns_and_a_database_has_its_own()
    {
        using var fixture = new EngineFixture();
        TestClient client = fixture.Connect();
        for (int i = 0; i < 10_001; i++) client.Run($"SET k{i % 3}:{i} 1");
        client.Run("SELECT 1");
        client.Run("SET other:1 1");
        Assert.Equal([("other:", 1, 1)], Figures(fixture, 1));
        client.Run("SELECT 0");
        Assert.StartsWith("*6 $9 separator $1 : $18 weighed-at-unix-ms :-1 ", client.Run("KEYSPACE PREFIXES"), StringComparison.Ordinal);
        var clock = Stopwatch.StartNew();
        while (fixture.Database.Prefixes.WeighedMs < 0 && clock.Elapsed < Patience)
        {
            fixture.Pass(100);
            Thread.Sleep(1);
        }
        Assert.Equal([("k0:", 3334, 3334), ("k1:", 3334, 3334), ("k2:", 3333, 3333)], Figures(fixture));
        client.Run("SWAPDB 0 1");
        Assert.Equal([("other:", 1, 1)], Figures(fixture));
        client.Run("CONFIG RESETSTAT");
        Assert.Equal([("other:", 1, 0)], Figures(fixture));
        client.Run("FLUSHDB");
        Assert.Empty(Figures(fixture));
        client.Run("CONFIG SET keyspace-prefix-separator /");
        client.Run("SET a/b 1");
        Assert.Equal([("a/", 1, 1)], Figures(fixture));
        Assert.StartsWith("-ERR CONFIG SET failed", client.Run("CONFIG SET keyspace-prefix-separator ::"), StringComparison.Ordinal);
    }

    private static (string Prefix, long Keys, long Operations)[] Figures(EngineFixture fixture, int database = 0)
    {
        TestClient client = fixture.Connect();
        client.Run($"SELECT {database}");
        client.Run("KEYSPACE PREFIXES");
        return [.. fixture.Server.Databases[database].Prefixes.Slots.ToArray().Where(slot => slot.Keys > 0 || slot.Operations > 0)
            .OrderByDescending(slot => slot.Keys).ThenBy(slot => slot.Prefix, BytesComparer.Instance)
            .Select(slot => (System.Text.Encoding.ASCII.GetString(slot.Prefix), slot.Keys, slot.Operations))];
    }

    private static long Bytes(TestClient client, string[] keys)
    {
        long total = 0;
        foreach (string key in keys) total += long.Parse(client.Run($"MEMORY USAGE {key}")[1..], CultureInfo.InvariantCulture);
        return total;
    }

    private static string Names(string reply) =>
        string.Join(' ', System.Text.RegularExpressions.Regex.Matches(reply, @"\$6 prefix \$\d+ (\S+)").Select(match => match.Groups[1].Value));
}
