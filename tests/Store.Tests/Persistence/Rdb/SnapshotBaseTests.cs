using Galley.Store.Configuration;
using Galley.Store.Tests.Persistence.Files;

namespace Galley.Store.Tests.Persistence.Rdb;

/// <summary>Snapshots that become, or are, the base of an append-only file.</summary>
public sealed class SnapshotBaseTests
{
    private const string Base = "/data/appendonlydir/appendonly.aof.1.base.rdb";

    private readonly SimulatedFiles _disk = new(1);

    [Fact]
    public void A_snapshot_without_an_append_only_file_is_loaded_and_becomes_its_base()
    {
        SaveSnapshot();
        using (FolderFixture server = FolderFixture.Start(_disk, static s => s.AppendOnly = true))
        {
            Assert.Equal("$5 there", server.Run("GET a"));
            server.Run("SET b 1");
        }
        Assert.Equal(_disk.Content("/data/dump.rdb"), _disk.Content(Base));
        _disk.Delete("/data/dump.rdb");
        using FolderFixture again = FolderFixture.Start(_disk, static s => s.AppendOnly = true);
        Assert.Equal("*2 $5 there $1 1", again.Run("MGET a b"));
    }

    [Fact]
    public void A_stop_in_the_middle_of_that_is_mended()
    {
        for (int seed = 0; seed < 30; seed++)
        {
            SimulatedFiles disk = new(seed);
            SaveSnapshot(disk);
            disk.PowerFailsAt = disk.Operations + 1 + (seed % 25);
            try
            {
                using FolderFixture server = FolderFixture.Start(disk, static s => s.AppendOnly = true);
            }
            catch (Galley.Store.Persistence.PersistenceException)
            {
                // The machine stopped.
            }
            using FolderFixture again = FolderFixture.Start(disk.PowerCut(), static s => s.AppendOnly = true);
            Assert.Equal("$5 there", again.Run("GET a"));
        }
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_log_that_was_turned_on_and_has_no_base_yet_does_not_hide_the_snapshot(bool isTurnedOff)
    {
        SaveSnapshot();
        SimulatedFiles left;
        using (FolderFixture server = FolderFixture.Start(_disk))
        {
            Assert.Equal("+OK", server.Run("CONFIG SET appendonly yes"));
            server.Run("SET b 1");
            if (isTurnedOff) Assert.Equal("+OK", server.Run("CONFIG SET appendonly no"));
            left = _disk.Kill();
        }
        using FolderFixture again = FolderFixture.Start(left, static s => s.AppendOnly = true);
        Assert.Equal("$5 there", again.Run("GET a"));
    }

    [Theory]
    [InlineData(true, "rdb")]
    [InlineData(false, "aof")]
    public void A_rewrite_makes_a_base_in_either_form(bool usesPreamble, string form)
    {
        void Configure(Settings settings)
        {
            settings.AppendOnly = true;
            settings.AofUseRdbPreamble = usesPreamble;
        }

        using (FolderFixture server = FolderFixture.Start(_disk, Configure))
        {
            foreach (string command in (string[])["SET a 1", "HSET h f v g w", "HEXPIRE h 100 FIELDS 1 g", "RPUSH l 1 2", "ZADD z 1 m", "SADD s m", "SET gone 1 PX 5"])
                server.Run(command);
            server.Run("BGREWRITEAOF");
            server.Engine.RunCron();
            server.Finish();
            server.Run("SET b 2");
        }
        Assert.Contains($"appendonly.aof.2.base.{form}", _disk.List("/data/appendonlydir"));
        using FolderFixture again = FolderFixture.Start(_disk, Configure);
        Assert.Equal("*2 $1 1 $1 2", again.Run("MGET a b"));
        Assert.Equal("*2 :-1 :100", again.Run("HTTL h FIELDS 2 f g"));
        Assert.Equal("*2 $1 1 $1 2", again.Run("LRANGE l 0 -1"));
    }

    [Fact]
    public void Reading_the_log_back_keeps_everything_and_logs_nothing_twice()
    {
        using FolderFixture server = FolderFixture.Start(_disk, static s => s.AppendOnly = true);
        server.Run("SET a 1");
        server.Run("RPUSH l x y");
        string size = Size(server);
        Assert.Equal("+OK", server.Run("DEBUG LOADAOF"));
        Assert.Equal("*2 $1 x $1 y", server.Run("LRANGE l 0 -1"));
        Assert.Equal(size, Size(server));
        server.Run("SET b 2");
        Assert.Equal("+OK", server.Run("DEBUG LOADAOF"));
        Assert.Equal("*2 $1 1 $1 2", server.Run("MGET a b"));
        Assert.Equal(":3", server.Run("DBSIZE"));
    }

    [Fact]
    public void Without_a_log_there_is_none_to_read_back()
    {
        using FolderFixture server = FolderFixture.Start(_disk);
        Assert.Equal("-ERR Append only file is not configured: set appendonly yes", server.Run("DEBUG LOADAOF"));
    }

    private void SaveSnapshot() => SaveSnapshot(_disk);

    private static void SaveSnapshot(SimulatedFiles disk)
    {
        using FolderFixture server = FolderFixture.Start(disk);
        server.Run("SET a there");
        Assert.Equal("+OK", server.Run("SAVE"));
    }

    private static string Size(FolderFixture server) =>
        server.Run("INFO persistence").Split(' ').First(static field => field.StartsWith("aof_current_size:", StringComparison.Ordinal));
}
