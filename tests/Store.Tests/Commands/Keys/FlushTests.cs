namespace Galley.Store.Tests.Commands.Keys;

/// <summary>FLUSHDB, FLUSHALL and SWAPDB: what changes whole databases.</summary>
public sealed class FlushTests
{
    public static TheoryData<int> PartitionCounts => EngineFixture.PartitionCounts;

    [Theory, MemberData(nameof(PartitionCounts))]
    public void A_flushed_database_is_empty_and_its_memory_comes_back_in_turns(int partitions)
    {
        using var fixture = new EngineFixture(partitions);
        TestClient client = fixture.Connect();
        long before = fixture.Server.Databases.Arena.UsedBytes;
        for (int i = 0; i < 500; i++) client.Run("SET", "k" + i, new string('v', 300), "EX", "100");
        client.Run("SET", "large", new string('v', 200_000));
        Assert.Equal("+OK", client.Run("FLUSHALL"));
        Assert.Equal(":0", client.Run("DBSIZE"));
        Assert.Equal("$-1", client.Run("GET k7"));
        fixture.Engine.InTurn(() =>
        {
            while (!fixture.Server.Databases.Graveyard.Dig(64)) { }
        });
        Assert.Equal(before, fixture.Server.Databases.Arena.UsedBytes);
    }

    [Theory]
    [InlineData("FLUSHDB")]
    [InlineData("FLUSHALL")]
    public void Who_watches_a_key_that_was_there_is_told_and_who_watches_an_absent_one_is_not(string command)
    {
        using var fixture = new EngineFixture();
        TestClient present = fixture.Connect(), absent = fixture.Connect();
        present.Run("SET a 1");
        present.Run("WATCH a");
        absent.Run("WATCH b");
        fixture.Connect().Run(command);
        present.Run("MULTI");
        absent.Run("MULTI");
        Assert.Equal("*-1", present.Run("EXEC"));
        Assert.Equal("*0", absent.Run("EXEC"));
    }

    [Theory, MemberData(nameof(PartitionCounts))]
    public void Swapped_databases_show_each_other_s_keys_and_expiries(int partitions)
    {
        using var fixture = new EngineFixture(partitions);
        TestClient client = fixture.Connect(), other = fixture.Connect();
        other.Run("SELECT 1");
        client.Run("MSET a 1 b 2");
        other.Run("SET a 3 PX 100");
        Assert.Equal("+OK", client.Run("SWAPDB 0 1"));
        Assert.Equal("$1 3", client.Run("GET a"));
        Assert.Equal(":1", client.Run("DBSIZE"));
        Assert.Equal(":2", other.Run("DBSIZE"));
        fixture.Time.Advance(100);
        Assert.Equal("$-1", client.Run("GET a"));
        Assert.Equal("$1 1", other.Run("GET a"));
    }

    [Fact]
    public void Who_watches_a_key_of_either_database_is_told_of_a_swap()
    {
        using var fixture = new EngineFixture();
        TestClient writer = fixture.Connect(), here = fixture.Connect(), there = fixture.Connect(), neither = fixture.Connect();
        writer.Run("SET a 1");
        here.Run("WATCH a");
        there.Run("SELECT 1");
        there.Run("WATCH a");
        neither.Run("WATCH b");
        writer.Run("SWAPDB 0 1");
        foreach (TestClient client in (TestClient[])[here, there, neither]) client.Run("MULTI");
        Assert.Equal("*-1", here.Run("EXEC"));
        Assert.Equal("*-1", there.Run("EXEC"));
        Assert.Equal("*0", neither.Run("EXEC"));
    }

    [Theory]
    [InlineData("FLUSHDB ASYNC")]
    [InlineData("FLUSHALL")]
    [InlineData("SWAPDB 0 1")]
    [InlineData("SWAPDB 2 2")]
    public void The_log_holds_the_command_as_it_came(string command)
    {
        using var fixture = new EngineFixture();
        Assert.Equal("+OK", fixture.Connect().Run(command));
        Assert.Equal("SELECT 0; " + command, fixture.TakeLog());
    }
}
