using Galley.Store.Tests.Commands;

namespace Galley.Store.Tests.Keyspace;

/// <summary>The figures of INFO keysizes; the model test of Conformance recounts them after commands of every family.</summary>
public sealed class KeySizesTests
{
    public static TheoryData<int> PartitionCounts => EngineFixture.PartitionCounts;

    [Theory]
    [InlineData(0, "0=1")]
    [InlineData(1, "1=1")]
    [InlineData(3, "2=1")]
    [InlineData(4, "4=1")]
    [InlineData(1023, "512=1")]
    [InlineData(1024, "1K=1")]
    [InlineData(70_000, "64K=1")]
    [InlineData(3_000_000, "2M=1")]
    public void A_size_is_named_by_the_power_of_two_that_it_reaches(int bytes, string expected)
    {
        using var fixture = new EngineFixture();
        fixture.Connect().Run("SET", "a", new string('x', bytes));
        Assert.Equal($"strings_sizes:{expected}", Sizes(fixture));
    }

    [Theory]
    [MemberData(nameof(PartitionCounts))]
    public void A_collection_counts_by_its_elements_and_a_stream_not_at_all(int partitions)
    {
        using var fixture = new EngineFixture(partitions);
        TestClient client = fixture.Connect();
        client.Run("RPUSH l 1 2 3");
        client.Run("SADD s a b c d e");
        client.Run("ZADD z 1 a 2 b");
        client.Run("HSET h a 1");
        client.Run("XADD x * a 1");
        Assert.Equal("lists_items:2=1 sets_items:4=1 zsets_items:2=1 hashes_items:1=1", Sizes(fixture));
        client.Run("LTRIM l 0 0");
        client.Run("SPOP s 4");
        client.Run("ZREM z a b");
        client.Run("HSET h b 1 c 1");
        Assert.Equal("lists_items:1=1 sets_items:1=1 hashes_items:2=1", Sizes(fixture));
    }

    [Theory]
    [MemberData(nameof(PartitionCounts))]
    public void Large_collections_are_counted_while_they_grow_and_shrink(int partitions)
    {
        using var fixture = new EngineFixture(partitions);
        TestClient client = fixture.Connect();
        for (int i = 0; i < 3000; i++)
        {
            client.Run($"RPUSH l {i}");
            client.Run($"SADD s m{i}");
            client.Run($"ZADD z {i} m{i}");
            client.Run($"HSET h m{i} {i}");
        }
        Assert.Equal("lists_items:2K=1 sets_items:2K=1 zsets_items:2K=1 hashes_items:2K=1", Sizes(fixture));
        client.Run("SUNIONSTORE t s");
        client.Run("ZUNIONSTORE y 1 z");
        client.Run("COPY h g");
        client.Run("RENAME l k");
        Assert.Equal("lists_items:2K=1 sets_items:2K=2 zsets_items:2K=2 hashes_items:2K=2", Sizes(fixture));
        for (int i = 0; i < 2900; i++)
        {
            client.Run("LPOP k");
            client.Run($"SREM s m{i}");
            client.Run("ZPOPMIN z");
            client.Run($"HDEL h m{i}");
        }
        Assert.Equal("lists_items:64=1 sets_items:64=1,2K=1 zsets_items:64=1,2K=1 hashes_items:64=1,2K=1", Sizes(fixture));
        client.Run("UNLINK k s t z y h g");
        Assert.Equal("", Sizes(fixture));
    }

    [Fact]
    public void A_string_counts_by_its_bytes_however_it_is_written()
    {
        using var fixture = new EngineFixture();
        TestClient client = fixture.Connect();
        client.Run("SET a 12345678");
        client.Run("APPEND a 9");
        client.Run("SETRANGE b 99 x");
        client.Run("SETBIT c 16 1");
        client.Run("INCR d");
        Assert.Equal("strings_sizes:1=1,2=1,8=1,64=1", Sizes(fixture));
        client.Run("SETRANGE b 99999 x");
        client.Run("APPEND b y");
        client.Run("SET c x");
        client.Run("GETDEL d");
        Assert.Equal("strings_sizes:1=1,8=1,64K=1", Sizes(fixture));
        client.Run("RENAME b a");
        client.Run("COPY a e");
        Assert.Equal("strings_sizes:1=1,64K=2", Sizes(fixture));
        client.Run("SET e 1");
        client.Run("LPUSH list 1");
        client.Run("RENAME list a");
        Assert.Equal("strings_sizes:1=2 lists_items:1=1", Sizes(fixture));
    }

    [Fact]
    public void Databases_have_figures_of_their_own_that_go_with_their_keys()
    {
        using var fixture = new EngineFixture();
        TestClient client = fixture.Connect();
        client.Run("SET a 1");
        client.Run("SET b 1");
        client.Run("MOVE a 1");
        client.Run("COPY b c DB 1");
        Assert.Equal("strings_sizes:1=1", Sizes(fixture));
        Assert.Equal("strings_sizes:1=2", Sizes(fixture, 1));
        client.Run("SET b 22");
        client.Run("SWAPDB 0 1");
        Assert.Equal("strings_sizes:1=2", Sizes(fixture));
        Assert.Equal("strings_sizes:2=1", Sizes(fixture, 1));
        client.Run("SET a 22");
        client.Run("FLUSHDB");
        Assert.Equal("", Sizes(fixture));
        Assert.Equal("strings_sizes:2=1", Sizes(fixture, 1));
        client.Run("SET a 1");
        Assert.Equal("strings_sizes:1=1", Sizes(fixture));
        client.Run("FLUSHALL");
        Assert.Equal("", Sizes(fixture) + Sizes(fixture, 1));
    }

    [Fact]
    public void What_expires_is_counted_out()
    {
        using var fixture = new EngineFixture();
        TestClient client = fixture.Connect();
        client.Run("SET a 1 PX 1000");
        client.Run("SET b 1 PX 1000");
        client.Run("HSET h x 1 y 1");
        client.Run("HPEXPIRE h 1000 FIELDS 1 x");
        Assert.Equal("strings_sizes:1=2 hashes_items:2=1", Sizes(fixture));
        fixture.Time.Advance(1001);
        client.Run("GET a");
        Assert.Equal("strings_sizes:1=1 hashes_items:2=1", Sizes(fixture));
        fixture.Pass(100);
        Assert.Equal("hashes_items:1=1", Sizes(fixture));
    }

    [Fact]
    public void What_a_transaction_does_is_counted_and_what_fails_is_not()
    {
        using var fixture = new EngineFixture();
        TestClient client = fixture.Connect();
        foreach (string command in (string[])["MULTI", "SET a 1", "LPUSH l 1 2", "LPUSH a 1", "RPOPLPUSH l l", "LMOVE l m LEFT RIGHT", "EXEC"]) client.Run(command);
        client.Run("SETRANGE a 999999999999 x");
        Assert.Equal("strings_sizes:1=1 lists_items:1=2", Sizes(fixture));
    }

    private static string Sizes(EngineFixture fixture, int database = 0) =>
        string.Join(' ', fixture.Server.Databases[database].Sizes.Lines().Select(line => $"{line.Name}:{line.Sizes}"));
}
