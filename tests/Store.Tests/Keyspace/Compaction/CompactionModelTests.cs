using Galley.Store.Keyspace.Compaction;
using Galley.Store.Memory;
using Galley.Store.Tests.Commands;

namespace Galley.Store.Tests.Keyspace.Compaction;

/// <summary>A server whose blocks are moved all the time, beside one whose blocks stay: nobody can tell them apart.</summary>
public sealed class CompactionModelTests
{
    private const int Rounds = 8;
    private const int CommandsPerRound = 500;

    /// <summary>A small collection moved whole, and its last block.</summary>
    private const int OverspentMax = 2600;

    [Theory]
    [MemberData(nameof(EngineFixture.PartitionCounts), MemberType = typeof(EngineFixture))]
    public void Commands_find_everything_while_all_blocks_are_moved_between_them(int partitions)
    {
        using var moved = new EngineFixture(partitions);
        using var control = new EngineFixture();
        TestClient client = moved.Connect(), asked = control.Connect();
        client.Run("CLIENT TRACKING ON");
        var commands = new RandomCommands(partitions);
        var random = new Random(partitions);
        var pass = new CompactionPass(moved.Server.Databases, [moved.Server.Tracking.Memory]);
        long passes = 0;
        for (int round = 0; round < Rounds; round++)
        {
            for (int i = 0; i < CommandsPerRound; i++)
            {
                string[] words = random.Next(200) == 0 ? commands.Rare() : commands.Next();
                Assert.Equal(asked.Run(words), client.Run(words));
                if (random.Next(4) == 0) client.Run("GET", $"string:{random.Next(300)}");
                if (random.Next(20) == 0) Pass(random.Next(2000), moved, control);
                for (int step = random.Next(4); step > 0; step--) Step(moved, pass, random, ref passes);
            }
            Assert.Equal(Picture.Of(asked), Picture.Of(client));
            moved.Engine.InTurn(moved.Server.Databases.Arena.Verify);
        }
        Assert.True(passes > 10, $"{passes} passes");
        Assert.True(pass.Mover.Moved > 100_000, $"{pass.Mover.Moved} blocks moved");
    }

    [Fact]
    public void What_was_moved_about_is_given_back_to_the_last_byte()
    {
        using var moved = new EngineFixture();
        TestClient client = moved.Connect();
        long emptyBytes = moved.Server.Databases.Arena.UsedBytes;
        var commands = new RandomCommands(5);
        var random = new Random(5);
        var pass = new CompactionPass(moved.Server.Databases, []);
        long passes = 0;
        for (int i = 0; i < 3000; i++)
        {
            client.Run(commands.Next());
            Step(moved, pass, random, ref passes);
        }
        client.Run("FLUSHALL");
        while (moved.Server.Databases.Graveyard.PendingCount > 0) Pass(1, moved);
        Assert.Equal(emptyBytes, moved.Server.Databases.Arena.UsedBytes);
        moved.Engine.InTurn(moved.Server.Databases.Arena.Verify);
    }

    /// <summary>Were the walk to pass an owner over, or one of its references, the span would not be empty at the end.</summary>
    [Theory]
    [MemberData(nameof(EngineFixture.PartitionCounts), MemberType = typeof(EngineFixture))]
    public void A_pass_finds_the_owner_of_every_block(int partitions)
    {
        using var moved = new EngineFixture(partitions);
        TestClient client = moved.Connect();
        client.Run("CLIENT TRACKING ON");
        var commands = new RandomCommands(17);
        for (int i = 0; i < 4000; i++)
        {
            client.Run(commands.Next());
            if (i % 3 == 0) client.Run("GET", $"string:{i % 300}");
        }
        // Chunks of the index of what expires are the only blocks that stay.
        foreach (string key in client.Run("KEYS *").Split(' ').Where((_, i) => i > 0 && i % 2 == 0)) client.Run("PERSIST", key);
        for (int i = 0; i < 10; i++) client.Run(["HPERSIST", $"hash:{i}", "FIELDS", "600", .. Enumerable.Range(0, 600).Select(m => $"m{m}")]);
        do Pass(1_000_000, moved);
        while (!moved.Server.Databases.Graveyard.IsEmpty || moved.Database.ExpiryBytes + moved.Server.Databases[1].ExpiryBytes > 0);

        Arena arena = moved.Server.Databases.Arena;
        var pass = new CompactionPass(moved.Server.Databases, [moved.Server.Tracking.Memory]);
        SortedDictionary<string, string> before = Picture.Of(client);
        moved.Engine.InTurn(pass.BeginWithAll);
        int spans = arena.EvacuatedSpans;
        bool isDone = false;
        while (!isDone && pass.Phase == CompactionPhase.Moving) moved.Engine.InTurn(() => isDone = pass.Step(50));

        Assert.True(spans > 50, $"{spans} spans");
        Assert.Equal(0, arena.EvacuatedSpans);
        Assert.Equal(before, Picture.Of(client));
    }

    private static void Step(EngineFixture moved, CompactionPass pass, Random random, ref long passes)
    {
        if (pass.Phase == CompactionPhase.Done)
        {
            moved.Engine.InTurn(pass.BeginWithAll);
            passes++;
        }
        if (random.Next(300) == 0) moved.Engine.InTurn(pass.Abandon);
        moved.Engine.InTurn(() => pass.Step(random.Next(1, 400)));
        // However large what it meets is, a step ends soon after its budget: the turns of the gate are short.
        Assert.True(pass.Mover.Budget > -OverspentMax, $"a step has spent {-pass.Mover.Budget} more than it had");
    }

    private static void Pass(long milliseconds, params EngineFixture[] servers)
    {
        foreach (EngineFixture server in servers) server.Pass(milliseconds);
    }
}
