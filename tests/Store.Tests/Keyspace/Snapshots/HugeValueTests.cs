using Galley.Store.Keyspace;
using Galley.Store.Keyspace.Snapshots;
using Galley.Store.Persistence.Aof;
using Galley.Store.Persistence.Rdb;
using Galley.Store.Tests.Commands;

namespace Galley.Store.Tests.Keyspace.Snapshots;

/// <summary>Large values that are written to a file in turns, while commands go on changing them.</summary>
public sealed class HugeValueTests
{
    private const int Rounds = 4;

    public static TheoryData<string, int> Cases
    {
        get
        {
            var cases = new TheoryData<string, int>();
            foreach (string type in (string[])["set", "hash", "zset", "list", "stream", "string"])
                foreach (int partitions in (int[])[1, 4]) cases.Add(type, partitions);
            return cases;
        }
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void The_file_is_of_one_moment_whatever_is_written_meanwhile(string type, int partitions) =>
        SaveUnderWrites(type, partitions, asCommands: false);

    [Theory]
    [InlineData("set")]
    [InlineData("hash")]
    [InlineData("zset")]
    [InlineData("list")]
    [InlineData("stream")]
    [InlineData("string")]
    public void So_are_the_commands_that_make_the_data_again(string type) => SaveUnderWrites(type, partitions: 1, asCommands: true);

    private static void SaveUnderWrites(string type, int partitions, bool asCommands)
    {
        using var fixture = new EngineFixture(partitions);
        TestClient client = fixture.Connect();
        Databases space = fixture.Server.Databases;
        for (int round = 0; round < Rounds; round++)
        {
            var random = new Random(round * 100 + partitions);
            (space.Huge.CountMin, space.Huge.TextBytesMin) = (130, 33_000);
            client.Run($"CONFIG SET list-compress-depth {round / 2} stream-node-max-entries {Picture.StreamNodeEntries}");
            space.Huge.HeldBytesMax = round == 1 ? 20_000 : 64 << 20;
            var writes = new RandomWrites(client, type, random);
            writes.Fill();
            SortedDictionary<string, string> expected = Picture.Of(client);
            var file = new MemoryStream();
            RdbSnapshot snapshot = Picture.File(fixture.Engine, asCommands ? new MemoryStream() : file);
            var commands = new SnapshotCommands(space.Arena, file.Write, static () => 0);
            SnapshotWalk walk = SnapshotWalk.Begin(space, asCommands ? commands : snapshot);
            while (!walk.Step(1))
            {
                for (int i = random.Next(CommandsPerStep(type) * (round == 0 ? 2 : 1)); i > 0; i--) writes.Write(maySweep: round == 2);
                if (round == 3) space.Graveyard.Dig(3);
                if (round == 1) fixture.Time.Advance(random.Next(2));
                space.Arena.EndTurn();
            }
            if (!asCommands) snapshot.End();
            Assert.True(space.Huge.IsEmpty);
            Assert.Equal(0, space.Huge.Bytes);
            Assert.Equal(0, snapshot.HeldBytes);
            space.Arena.Verify();
            Compare(expected, asCommands ? Picture.OfCommands(file.ToArray()) : Picture.OfFile(file.ToArray()));
            DemandNothingLeft(fixture, client);
        }
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void A_snapshot_that_is_given_up_leaves_nothing_behind(string type, int partitions)
    {
        using var fixture = new EngineFixture(partitions);
        TestClient client = fixture.Connect();
        Databases space = fixture.Server.Databases;
        (space.Huge.CountMin, space.Huge.TextBytesMin) = (130, 33_000);
        var random = new Random(partitions);
        var writes = new RandomWrites(client, type, random);
        writes.Fill();
        SnapshotWalk given = SnapshotWalk.Begin(space, Picture.File(fixture.Engine, new MemoryStream()));
        for (int i = 0; i < 1000; i++)
        {
            if (i % CommandsPerStep(type) == 0) given.Step(1);
            writes.Write(maySweep: false);
        }
        Assert.False(given.IsDone);
        given.Abort();
        while (!given.Step(10)) writes.Write(maySweep: false);

        SortedDictionary<string, string> expected = Picture.Of(client);
        var file = new MemoryStream();
        RdbSnapshot snapshot = Picture.File(fixture.Engine, file);
        SnapshotWalk walk = SnapshotWalk.Begin(space, snapshot);
        while (!walk.Step(1)) writes.Write(maySweep: false);
        snapshot.End();
        Compare(expected, Picture.OfFile(file.ToArray()));
        DemandNothingLeft(fixture, client);
    }

    /// <summary>A command that changes one element hands over that one, and a step a few.</summary>
    [Theory]
    [InlineData("HSET h field:7 changed", "hash")]
    [InlineData("SREM h field:7", "set")]
    [InlineData("ZADD h 12345.5 field:7", "zset")]
    public void Who_changes_a_large_value_does_not_write_it_whole(string command, string type)
    {
        using var fixture = new EngineFixture();
        TestClient client = fixture.Connect();
        for (int i = 0; i < 20_000; i++)
            client.Run(type switch { "hash" => $"HSET h field:{i} value:{i}", "set" => $"SADD h field:{i}", _ => $"ZADD h {i} field:{i}" });
        SortedDictionary<string, string> expected = Picture.Of(client);
        var file = new MemoryStream();
        var direct = new ChecksummedFile(new AppendingOutput(file.Write), isOn: true);
        var snapshot = new RdbSnapshot(fixture.Server, direct, static () => 0, isLogBase: false);
        SnapshotWalk walk = SnapshotWalk.Begin(fixture.Server.Databases, snapshot);
        client.Run(command);
        Assert.InRange(snapshot.HeldBytes + file.Length, 0, 2000);
        long before = 0;
        while (!walk.Step(64))
        {
            snapshot.Flush();
            Assert.InRange(file.Length - before, 0, 4000);
            before = file.Length;
        }
        snapshot.End();
        Compare(expected, Picture.OfFile(file.ToArray()));
    }

    /// <summary>A step is an element, or a leaf of them.</summary>
    private static int CommandsPerStep(string type) => type switch { "list" or "stream" => 30, "string" => 10, _ => 4 };

    /// <summary>What is shown changes with the first command, in whose midst the value is handed over.</summary>
    [Theory]
    [InlineData("hash", "HSET h new value", "HDEL h field:7")]
    [InlineData("set", "SADD h new", "SREM h field:7")]
    [InlineData("zset", "ZADD h 1 new", "ZREM h field:7")]
    public void A_value_whose_encoding_changes_meanwhile_is_still_saved_so(string type, string first, string second)
    {
        using var fixture = new EngineFixture();
        TestClient client = fixture.Connect();
        client.Run("CONFIG SET hash-max-listpack-entries 5000 set-max-listpack-entries 5000 zset-max-listpack-entries 5000");
        for (int i = 0; i < 5000; i++)
            client.Run(type switch { "hash" => $"HSET h field:{i} value:{i}", "set" => $"SADD h field:{i}", _ => $"ZADD h {i} field:{i}" });
        Assert.Equal("$8 listpack", client.Run("OBJECT ENCODING h"));
        SortedDictionary<string, string> expected = Picture.Of(client);
        var file = new MemoryStream();
        RdbSnapshot snapshot = Picture.File(fixture.Engine, file);
        SnapshotWalk walk = SnapshotWalk.Begin(fixture.Server.Databases, snapshot);
        client.Run(first);
        Assert.NotEqual("$8 listpack", client.Run("OBJECT ENCODING h"));
        client.Run(second);
        while (!walk.Step(64)) { }
        snapshot.End();
        Compare(expected, Picture.OfFile(file.ToArray()));
    }

    private static void Compare(SortedDictionary<string, string> expected, SortedDictionary<string, string> actual)
    {
        Assert.Equal(expected.Keys, actual.Keys);
        foreach (string key in expected.Keys) Assert.Equal(expected[key], actual[key]);
    }

    private static void DemandNothingLeft(EngineFixture fixture, TestClient client)
    {
        client.Run("FLUSHALL SYNC");
        for (int turns = 0; turns < 100; turns++) fixture.Engine.RunCron();
        fixture.Server.Databases.Arena.Verify();
        Assert.Equal(0, fixture.Server.Databases.Arena.UsedBytes);
    }
}
