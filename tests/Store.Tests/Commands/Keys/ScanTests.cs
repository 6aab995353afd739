using System.Globalization;

namespace Galley.Store.Tests.Commands.Keys;

public sealed class ScanTests
{
    public static TheoryData<int> PartitionCounts => EngineFixture.PartitionCounts;

    [Theory, MemberData(nameof(PartitionCounts))]
    public void Scan_returns_every_key_that_stays_while_others_come_and_go(int partitions)
    {
        using var fixture = new EngineFixture(partitions);
        TestClient client = fixture.Connect();
        var random = new Random(partitions);
        HashSet<string> staying = [];
        for (int i = 0; i < 3000; i++)
        {
            client.Run("SET", "stays:" + i, "1");
            staying.Add("stays:" + i);
        }
        HashSet<string> seen = [];
        string cursor = "0";
        int calls = 0;
        do
        {
            // A wave of new keys grows the tables, its end shrinks them again.
            for (int i = 0; i < 150; i++)
            {
                string passing = "passes:" + random.Next(20_000);
                if (calls / 20 % 2 == 0) client.Run("SET", passing, "1");
                else client.Run("DEL", passing);
            }
            (cursor, string[] keys) = RespText.Scan(client.Run("SCAN", cursor, "COUNT", random.Next(1, 60).ToString(CultureInfo.InvariantCulture)));
            seen.UnionWith(keys);
            calls++;
        }
        while (cursor != "0" && calls < 20_000);
        Assert.Equal("0", cursor);
        Assert.Subset(seen, staying);
    }

    [Theory, MemberData(nameof(PartitionCounts))]
    public void Scan_of_keys_that_stay_returns_each_of_them_once(int partitions)
    {
        using var fixture = new EngineFixture(partitions);
        TestClient client = fixture.Connect();
        client.Run("SELECT 3");
        fixture.Engine.InTurn(() => Populate(fixture, 3, 1000));
        List<string> seen = [];
        string cursor = "0";
        do
        {
            (cursor, string[] keys) = RespText.Scan(client.Run("SCAN", cursor));
            seen.AddRange(keys);
        }
        while (cursor != "0");
        Assert.Equal(Enumerable.Range(0, 1000).Select(i => "key:" + i).Order(), seen.Order());
    }

    /// <summary>Beyond it a cursor loses bits in clients that keep it in a double, and its sign in those that keep it in a long.</summary>
    [Theory, MemberData(nameof(PartitionCounts))]
    public void Cursors_are_below_two_to_the_53rd(int partitions)
    {
        using var fixture = new EngineFixture(partitions);
        TestClient client = fixture.Connect();
        fixture.Engine.InTurn(() => Populate(fixture, 0, 3000));
        for (int i = 0; i < 2000; i++)
        {
            client.Run("HSET", "hash", "f" + i, "1");
            client.Run("SADD", "set", "m" + i);
            client.Run("ZADD", "sorted", "1", "m" + i);
        }
        foreach (string scan in (string[])["SCAN", "HSCAN hash", "SSCAN set", "ZSCAN sorted"])
        {
            ulong largest = 0;
            string cursor = "0";
            do
            {
                (cursor, _) = RespText.Scan(client.Run([.. scan.Split(' '), cursor, "COUNT", "5"]));
                largest = Math.Max(largest, ulong.Parse(cursor, CultureInfo.InvariantCulture));
            }
            while (cursor != "0");
            Assert.InRange(largest, 1UL, (1UL << 53) - 1);
        }
    }

    [Theory, MemberData(nameof(PartitionCounts))]
    public void The_largest_count_returns_all_keys_at_once(int partitions)
    {
        using var fixture = new EngineFixture(partitions);
        fixture.Engine.InTurn(() => Populate(fixture, 0, 500));
        (string cursor, string[] keys) = RespText.Scan(fixture.Connect().Run("SCAN 0 COUNT 9223372036854775807"));
        Assert.Equal("0", cursor);
        Assert.Equal(500, keys.Distinct().Count());
    }

    [Theory, MemberData(nameof(PartitionCounts))]
    public void A_cursor_that_no_scan_gave_leads_to_keys_or_to_the_end(int partitions)
    {
        using var fixture = new EngineFixture(partitions);
        fixture.Engine.InTurn(() => Populate(fixture, 0, 200));
        TestClient client = fixture.Connect();
        var random = new Random(7);
        for (int i = 0; i < 500; i++)
        {
            ulong cursor = (ulong)random.NextInt64(long.MinValue, long.MaxValue) >> random.Next(64);
            (_, string[] keys) = RespText.Scan(client.Run("SCAN", cursor.ToString(CultureInfo.InvariantCulture)));
            Assert.All(keys, key => Assert.StartsWith("key:", key, StringComparison.Ordinal));
        }
    }

    [Theory, MemberData(nameof(PartitionCounts))]
    public void Keys_whose_time_has_passed_are_not_shown(int partitions)
    {
        using var fixture = new EngineFixture(partitions);
        TestClient client = fixture.Connect();
        client.Run("SET lasts 1");
        client.Run("SET later 1 PX 200");
        client.Run("SET gone 1 PX 100");
        fixture.Time.Advance(100);
        (_, string[] scanned) = RespText.Scan(client.Run("SCAN 0"));
        Assert.Equal(["lasts", "later"], scanned.Order());
        Assert.StartsWith("*2 ", client.Run("KEYS *"), StringComparison.Ordinal);
    }

    [Theory, MemberData(nameof(PartitionCounts))]
    public void Filters_choose_by_name_and_by_type(int partitions)
    {
        using var fixture = new EngineFixture(partitions);
        TestClient client = fixture.Connect();
        client.Run("MSET user:1 a user:2 b other c");
        (_, string[] users) = RespText.Scan(client.Run("SCAN 0 MATCH user:* COUNT 100"));
        Assert.Equal(["user:1", "user:2"], users.Order());
        Assert.Equal(3, RespText.Scan(client.Run("SCAN 0 TYPE String COUNT 100")).Keys.Length);
        Assert.Empty(RespText.Scan(client.Run("SCAN 0 TYPE list COUNT 100")).Keys);
        Assert.Empty(RespText.Scan(client.Run("SCAN", "0", "TYPE", "", "COUNT", "100")).Keys);
        Assert.Equal("*1 $5 other", client.Run("KEYS o*"));
    }

    [Theory]
    [InlineData("", "0")]
    [InlineData("+7", "14336")]
    [InlineData("007", "14336")]
    [InlineData("18446744073709551615", "18446744073709549568")]
    [InlineData("-1", "18446744073709549568")]
    [InlineData("18446744073709551616", null)]
    [InlineData("-", null)]
    [InlineData(" 1", null)]
    [InlineData("1x", null)]
    public void A_cursor_is_read_as_c_reads_an_unsigned_long(string text, string? expected)
    {
        bool isCursor = Store.Commands.ScanCursor.TryParse(System.Text.Encoding.ASCII.GetBytes(text), out ulong cursor);
        Assert.Equal(expected, isCursor ? cursor.ToString(CultureInfo.InvariantCulture) : null);
    }

    private static void Populate(EngineFixture fixture, int database, int count)
    {
        for (int i = 0; i < count; i++)
        {
            Store.Keyspace.Key key = fixture.Server.Databases[database].Open(System.Text.Encoding.ASCII.GetBytes("key:" + i));
            key.PutString("v"u8, -1);
        }
    }
}
