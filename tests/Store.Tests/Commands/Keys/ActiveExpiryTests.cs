using System.Globalization;
using Galley.Store.Tests.Commands.Eviction;

namespace Galley.Store.Tests.Commands.Keys;

/// <summary>What goes by itself when its time comes, with nobody asking for it.</summary>
public sealed class ActiveExpiryTests
{
    [Fact]
    public void A_hash_and_its_fields_each_go_in_their_time()
    {
        using var fixture = new EngineFixture();
        TestClient client = fixture.Connect();
        // Both lie in one slot of the wheel for a while, and then not.
        for (int first = 0; first < 40; first++)
        {
            string key = $"h:{first}";
            client.Run("HSET", key, "a", "1", "b", "2");
            client.Run("HPEXPIRE", key, $"{80_000 + (first * 1000)}", "FIELDS", "1", "a");
            client.Run("PEXPIRE", key, $"{100_000 + (first * 1500)}");
        }
        for (int passed = 0; passed < 200_000; passed += 500) fixture.Pass(500);
        Assert.Equal(0, fixture.Database.Count);
        Assert.InRange(fixture.Server.Stats.ExpiredFields, 1, 40);
    }

    [Fact]
    public void A_field_that_is_due_soon_after_another_is_not_forgotten_however_late_the_turn()
    {
        using var fixture = new EngineFixture();
        TestClient client = fixture.Connect();
        for (int gap = 1; gap < 40; gap += 3)
        {
            for (int late = 0; late < 40; late++)
            {
                long before = fixture.Server.Stats.ExpiredFields;
                client.Run("HSET h a 1 b 2 c 3");
                client.Run("HPEXPIRE h 100 FIELDS 1 a");
                client.Run("HPEXPIRE", "h", (100 + gap).ToString(CultureInfo.InvariantCulture), "FIELDS", "1", "b");
                fixture.Pass(100 + late);
                fixture.Pass(40);
                fixture.Pass(40);
                Assert.Equal(2, fixture.Server.Stats.ExpiredFields - before);
                client.Run("DEL h");
                fixture.Pass(7);
            }
        }
    }

    [Fact]
    public void A_clock_that_is_set_back_keeps_nobody_alive()
    {
        using var fixture = new EngineFixture();
        TestClient client = fixture.Connect();
        client.Run("SET", "stays", "1", "PX", "100000000");
        for (int i = 0; i < 3000; i++) client.Run("SET", $"key:{i}", "1", "PX", "40000000");
        // An hour ahead by mistake, and corrected.
        fixture.Pass(3_600_000);
        fixture.Time.Advance(-3_600_000);
        client.Run("SET", "soon", "1", "PX", "10000");
        for (int i = 0; i < 10; i++) fixture.Pass(1);
        for (int i = 0; i < 100; i++) fixture.Pass(110);
        Assert.Equal(3001, fixture.Database.Count);
        for (int i = 0; i < 1100; i++) fixture.Pass(40_000);
        Assert.Equal(1, fixture.Database.Count);
        Assert.Equal(1, fixture.Database.Partitions[0].Expiry.ItemCount);
    }

    [Theory]
    [InlineData("SET", "EXPIRE")]
    [InlineData("DEL", "SET")]
    public void To_write_a_key_and_its_time_again_and_again_leaves_no_items_behind(string first, string second)
    {
        using var fixture = new EngineFixture();
        TestClient client = fixture.Connect();
        for (int round = 0; round < 40; round++)
        {
            for (int i = 0; i < 2000; i++)
            {
                string key = $"key:{i}";
                if (first == "SET") client.Run("SET", key, "v");
                else client.Run("DEL", key);
                if (second == "EXPIRE") client.Run("EXPIRE", key, "86400");
                else client.Run("SET", key, "v", "EX", "86400");
            }
            fixture.Pass(100);
        }
        Assert.InRange(fixture.Database.Partitions[0].Expiry.ItemCount, 2000, 4000);
        fixture.Pass(90_000_000);
        for (int i = 0; i < 100; i++) fixture.Pass(1);
        Assert.Equal(0, fixture.Database.Count);
    }

    [Fact]
    public void What_goes_at_the_end_of_time_can_be_spared_like_any_other()
    {
        using var fixture = new EvictionFixture("volatile-ttl");
        for (int i = 0; i < 100; i++)
        {
            fixture.Run("SET", $"key:{i}", new string('v', 100));
            Assert.Equal(":1", fixture.Run("PEXPIREAT", $"key:{i}", long.MaxValue.ToString(CultureInfo.InvariantCulture)));
        }
        fixture.BoundBy(-3000);
        Assert.Equal("+OK", fixture.Run("SET more value"));
        Assert.InRange(fixture.EvictedKeys, 5, 50);
    }
}
