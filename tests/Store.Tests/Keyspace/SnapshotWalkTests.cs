using System.Text;
using Galley.Store.Keyspace;

namespace Galley.Store.Tests.Keyspace;

public sealed class SnapshotWalkTests
{
    [Theory]
    [MemberData(nameof(KeyspaceFixture.PartitionCounts), MemberType = typeof(KeyspaceFixture))]
    public void The_picture_is_of_one_moment_whatever_is_written_meanwhile(int partitions)
    {
        using var space = new KeyspaceFixture(partitions);
        var random = new Random(partitions);
        for (int i = 0; i < 5000; i++) Write(space, random);
        for (int round = 0; round < 3; round++)
        {
            Dictionary<string, string> expected = ContentOf(space);
            var taken = new Taking();
            SnapshotWalk walk = SnapshotWalk.Begin(space.Space, taken);
            while (!walk.Step(10))
            {
                for (int i = 0; i < 20; i++) Write(space, random);
                if (round == 1 && random.Next(50) == 0) space.Space[random.Next(2)].Clear();
                if (round == 2 && random.Next(50) == 0) space.Space.Swap(0, 1);
                space.Space.Arena.EndTurn();
            }
            Assert.Equal(expected.Count, taken.Count);
            Assert.Equal(expected.OrderBy(pair => pair.Key), taken.Content.OrderBy(pair => pair.Key));
        }
    }

    [Fact]
    public void After_an_aborted_walk_the_next_one_is_whole()
    {
        using var space = new KeyspaceFixture();
        for (int i = 0; i < 1000; i++) space.Put("key:" + i, "value");
        SnapshotWalk aborted = SnapshotWalk.Begin(space.Space, new Taking());
        aborted.Step(100);
        aborted.Abort();
        while (!aborted.Step(100)) { }
        var taken = new Taking();
        SnapshotWalk walk = SnapshotWalk.Begin(space.Space, taken);
        while (!walk.Step(100)) { }
        Assert.Equal(1000, taken.Count);
    }

    [Theory]
    [InlineData(100, 60, 70)]
    [InlineData(10_000, 1, 8)]
    public void A_turn_hands_over_fewer_of_what_is_heavy(int bytes, int takenMin, int takenMax)
    {
        using var space = new KeyspaceFixture();
        for (int i = 0; i < 500; i++) space.Put("key:" + i, new string('v', bytes));
        var taken = new Counting();
        SnapshotWalk walk = SnapshotWalk.Begin(space.Space, taken);
        walk.Step(64);
        Assert.InRange(taken.Count, takenMin, takenMax);
        while (!walk.Step(64)) { }
        Assert.Equal(500, taken.Count);
    }

    private static void Write(KeyspaceFixture space, Random random)
    {
        int database = random.Next(2);
        string name = "key:" + random.Next(4000);
        switch (random.Next(5))
        {
            case 0:
                space.Open(name, database).Delete();
                break;
            case 1:
                Key key = space.Open(name, database);
                if (key.Exists) key.SetExpiry(random.Next(2) == 0 ? -1 : space.Time.NowMs + 1_000_000);
                break;
            case 2:
                key = space.Open(name, database);
                key.EditString(key.String.Length + 1)[^1] = (byte)'+';
                break;
            default:
                space.Put(name, "value" + random.Next(), database: database);
                break;
        }
    }

    private static Dictionary<string, string> ContentOf(KeyspaceFixture space)
    {
        var content = new Dictionary<string, string>();
        for (int database = 0; database < 2; database++)
        {
            for (int i = 0; i < 4000; i++)
            {
                Key key = space.Open("key:" + i, database);
                if (key.Exists) content[$"{database}/key:{i}"] = $"{Encoding.UTF8.GetString(key.String)} {key.ExpiresAtMs}";
            }
        }
        return content;
    }

    private sealed class Taking : ISnapshotSink
    {
        private bool _isBusy;

        public Dictionary<string, string> Content { get; } = [];

        public int Count { get; private set; }

        public bool IsBusy => Count % 7 == 6 && (_isBusy = !_isBusy);

        public void Take(int databaseId, SnapshotEntry entry)
        {
            Count++;
            Content[$"{databaseId}/{Encoding.UTF8.GetString(entry.Key)}"] =
                $"{Encoding.UTF8.GetString(entry.String)} {entry.ExpiresAtMs}";
        }
    }

    private sealed class Counting : ISnapshotSink
    {
        public int Count { get; private set; }

        public bool IsBusy => false;

        public void Take(int databaseId, SnapshotEntry entry) => Count++;
    }
}
