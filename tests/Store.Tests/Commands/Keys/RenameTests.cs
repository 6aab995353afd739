namespace Galley.Store.Tests.Commands.Keys;

/// <summary>RENAME, MOVE and COPY: what gives a value another place.</summary>
public sealed class RenameTests
{
    public static TheoryData<int> PartitionCounts => EngineFixture.PartitionCounts;

    /// <summary>Partitions, and values that lie in the entry or outside it.</summary>
    public static TheoryData<int, int> PartitionsAndLengths
    {
        get
        {
            TheoryData<int, int> data = [];
            foreach (int partitions in (int[])[1, 4, 16384])
                foreach (int length in (int[])[0, 20, 400, 100_000]) data.Add(partitions, length);
            return data;
        }
    }

    [Theory, MemberData(nameof(PartitionsAndLengths))]
    public void A_renamed_key_keeps_its_value_and_expiry_and_replaces_the_other(int partitions, int length)
    {
        using var fixture = new EngineFixture(partitions);
        TestClient client = fixture.Connect();
        string value = new('v', length);
        for (int i = 0; i < 30; i++)
        {
            client.Run("SET", "from" + i, value, "PX", "5000");
            client.Run("SET", "to" + i, new string('o', 200_000 / (i + 1)));
            Assert.Equal("+OK", client.Run($"RENAME from{i} to{i}"));
        }
        Assert.Equal(":30", client.Run("DBSIZE"));
        for (int i = 0; i < 30; i++)
        {
            Assert.Equal($"${length} {value}".TrimEnd(), client.Run("GET to" + i));
            Assert.Equal(":5000", client.Run("PTTL to" + i));
            Assert.Equal("$-1", client.Run("GET from" + i));
        }
    }

    [Theory, MemberData(nameof(PartitionsAndLengths))]
    public void A_copy_and_its_source_change_apart(int partitions, int length)
    {
        using var fixture = new EngineFixture(partitions);
        TestClient client = fixture.Connect();
        client.Run("SET", "source", new string('v', length), "PX", "5000");
        Assert.Equal(":1", client.Run("COPY source copy"));
        Assert.Equal(":1", client.Run("COPY source copy DB 2"));
        client.Run("APPEND copy !");
        client.Run("DEL source");
        Assert.Equal($"${length + 1} {new string('v', length)}!", client.Run("GET copy"));
        Assert.Equal(":5000", client.Run("PTTL copy"));
        client.Run("SELECT 2");
        Assert.Equal(":" + length, client.Run("STRLEN copy"));
    }

    [Theory, MemberData(nameof(PartitionsAndLengths))]
    public void What_is_given_back_is_what_was_taken(int partitions, int length)
    {
        using var fixture = new EngineFixture(partitions);
        TestClient client = fixture.Connect();
        string value = new('v', length);
        client.Run("SET", "warms up", value);
        client.Run("DEL", "warms up");
        long before = fixture.Server.Databases.Arena.UsedBytes;
        client.Run("SET", "a", value, "EX", "100");
        client.Run("SET", "b", value);
        client.Run("COPY a c");
        client.Run("COPY b c REPLACE");
        client.Run("RENAME a b");
        client.Run("MOVE c 1");
        client.Run("DEL b");
        client.Run("SELECT 1");
        client.Run("PERSIST c");
        client.Run("DEL c");
        // Tables and the index of expiries may keep a block each for what comes next.
        Assert.InRange(fixture.Server.Databases.Arena.UsedBytes - before, 0, 20_000);
    }

    [Theory, MemberData(nameof(PartitionCounts))]
    public void An_expired_key_is_no_obstacle_and_its_end_is_logged_before_the_command(int partitions)
    {
        using var fixture = new EngineFixture(partitions);
        TestClient client = fixture.Connect();
        client.Run("SET b 1 PX 10");
        client.Run("SET a 2");
        fixture.Time.Advance(10);
        fixture.TakeLog();
        Assert.Equal(":1", client.Run("RENAMENX a b"));
        Assert.Equal("MULTI; DEL b; RENAMENX a b; EXEC", fixture.TakeLog());

        client.Run("SELECT 1");
        client.Run("SET b 3 PX 10");
        client.Run("SELECT 0");
        fixture.Time.Advance(10);
        fixture.TakeLog();
        Assert.Equal(":1", client.Run("MOVE b 1"));
        Assert.Equal("MULTI; DEL b; SELECT 0; MOVE b 1; EXEC", fixture.TakeLog());
        client.Run("SELECT 1");
        Assert.Equal("$1 2", client.Run("GET b"));
    }

    [Theory]
    [InlineData("RENAME b b")]
    [InlineData("RENAMENX a b")]
    [InlineData("RENAME none b")]
    [InlineData("COPY a b")]
    [InlineData("MOVE a 1")]
    [InlineData("MOVE none 1")]
    public void What_changes_nothing_leaves_no_trace_in_the_log(string command)
    {
        using var fixture = new EngineFixture();
        TestClient client = fixture.Connect();
        client.Run("SELECT 1");
        client.Run("SET a 1");
        client.Run("SELECT 0");
        client.Run("MSET a 1 b 2");
        fixture.TakeLog();
        client.Run(command);
        Assert.Equal("", fixture.TakeLog());
    }
}
