using Galley.Store.Keyspace;
using Galley.Store.Persistence.Rdb;
using Galley.Store.Tests.Commands;
using Galley.Store.Tests.Keyspace.Snapshots;

namespace Galley.Store.Tests.Persistence.Rdb;

/// <summary>What is composed of parts on another thread is, byte by byte, what is written where the entries are met.</summary>
public sealed class RdbPartsTests
{
    [Theory]
    [InlineData("rdbcompression yes", true)]
    [InlineData("rdbcompression no", true)]
    [InlineData("rdbcompression yes", false)]
    [InlineData("maxmemory-policy allkeys-lfu", true)]
    [InlineData("maxmemory-policy allkeys-lru list-max-listpack-size 3", true)]
    public void The_bytes_are_the_same_wherever_the_parts_are_cut(string settings, bool hasChecksum)
    {
        using var fixture = new EngineFixture();
        fixture.Server.Settings.RdbChecksum = hasChecksum;
        TestClient client = fixture.Connect();
        Assert.Equal("+OK", client.Run($"CONFIG SET {settings}"));
        var random = new Random(settings.Length);
        foreach (string type in (string[])["set", "hash", "zset", "list", "stream", "string"])
        {
            new RandomWrites(client, type, random).Fill();
            for (int i = 0; i < 5; i++) client.Run($"RENAME big:{i} {type}:{i}");
        }
        FillSmall(client, random);

        var direct = new MemoryStream();
        Write(fixture, new ChecksummedFile(new AppendingOutput(direct.Write), fixture.Server.Settings.RdbChecksum));
        var parts = new MemoryStream();
        Write(fixture, new RdbParts(parts.Write));

        Assert.True(direct.Length > 4 * RdbParts.PartBytesMax);
        Assert.Equal(direct.ToArray(), Compose(fixture, parts.ToArray(), () => random.Next(1, 40)));
        Assert.Equal(direct.ToArray(), Compose(fixture, parts.ToArray(), () => random.Next(1, 300_000)));
        Assert.Equal(direct.ToArray(), Compose(fixture, parts.ToArray(), () => int.MaxValue));
    }

    /// <summary>All that is packed into its entry, at every length up to what is never a part of its own.</summary>
    private static void FillSmall(TestClient client, Random random)
    {
        for (int i = 0; i < 400; i++)
        {
            string word = Word(random, random.Next(60));
            client.Run($"SET s:{i} x{word}{i} PX {random.Next(100_000, 200_000)}");
            client.Run($"SET n:{i} {random.NextInt64() >> random.Next(64)}");
            client.Run($"HSET h:{i} f {i} g{word} {i}");
            client.Run($"HSET e:{i} f {i} g 2 h 3");
            client.Run($"HPEXPIRE e:{i} {random.Next(100_000, 200_000)} FIELDS 2 f h");
            client.Run($"SADD m:{i} 1 {i} x{word}");
            client.Run($"SADD i:{i} 1 {random.Next()} {random.NextInt64()}");
            client.Run($"ZADD z:{i} {i} a {random.NextDouble()} b inf c{word}");
            client.Run($"RPUSH l:{i} 1 x{word} {i}");
        }
        for (int length = 65_000; length < 66_000; length += 100) client.Run($"SET long:{length} {Word(random, length)}");
    }

    private static string Word(Random random, int length) => random.GetString("0123456789abcdef", length);

    private static void Write(EngineFixture fixture, IRdbFile file)
    {
        var writer = new RdbFileWriter(fixture.Server, file);
        writer.Begin(isLogBase: false);
        SnapshotWalk.VisitAll(fixture.Server.Databases, new Sink(writer));
        writer.End();
    }

    private static byte[] Compose(EngineFixture fixture, byte[] parts, Func<int> cut)
    {
        var composer = new RdbComposer(fixture.Server.Settings);
        var file = new MemoryStream();
        for (int at = 0; at < parts.Length;)
        {
            int length = Math.Min(cut(), parts.Length - at);
            file.Write(composer.Compose(parts.AsSpan(at, length)));
            at += length;
        }
        return file.ToArray();
    }

    private sealed class Sink(RdbFileWriter writer) : ISnapshotSink
    {
        public bool IsBusy => false;

        public void Take(int databaseId, SnapshotEntry entry) => writer.Write(databaseId, in entry);
    }
}
