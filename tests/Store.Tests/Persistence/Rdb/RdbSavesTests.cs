using Galley.Store.Configuration;
using Galley.Store.Tests.Persistence.Files;

namespace Galley.Store.Tests.Persistence.Rdb;

/// <summary>Saving, in the foreground and behind it, and what becomes of it when the disk refuses.</summary>
public sealed class RdbSavesTests
{
    private const string Path = "/data/dump.rdb";

    private readonly SimulatedFiles _disk = new(1);

    [Fact]
    public void What_is_saved_is_there_after_a_restart_whatever_its_type()
    {
        string[] reads = ["GET s", "LRANGE l 0 -1", "SMISMEMBER i 1 2 9", "SISMEMBER t y", "ZRANGE z 0 -1 WITHSCORES", "HMGET h a b",
            "HPEXPIRETIME h FIELDS 2 a b", "PEXPIRETIME s", "LLEN long", "LINDEX long 2500", "ZRANGE ranks 100 101 WITHSCORES", "HGET large field:299", "DBSIZE"];
        string[] before;
        using (FolderFixture server = FolderFixture.Start(_disk))
        {
            foreach (string command in (string[])["SET s text PX 100000", "RPUSH l a 1 b", "SADD i 1 2 3", "SADD t x y", "ZADD z 1.5 a -inf b",
                "HSET h a 1 b 2", "HEXPIRE h 50 FIELDS 1 b"])
                server.Run(command);
            for (int i = 0; i < 3000; i++) server.Run($"RPUSH long element:{i}");
            for (int i = 0; i < 300; i++)
            {
                server.Run($"ZADD ranks {i}.25 member:{i}");
                server.Run($"HSET large field:{i} {i}");
            }
            before = [.. reads.Select(server.Run)];
            Assert.Equal("+OK", server.Run("SAVE"));
            server.Run("FLUSHALL");
        }
        using FolderFixture again = FolderFixture.Start(_disk);
        Assert.Equal(before, reads.Select(again.Run));
    }

    [Fact]
    public void A_background_save_is_of_the_moment_at_which_it_began()
    {
        using (FolderFixture server = FolderFixture.Start(_disk))
        {
            for (int i = 0; i < 5000; i++) server.Run($"SET key:{i} old");
            Assert.Equal("+Background saving started", server.Run("BGSAVE"));
            Assert.Equal("-ERR Background save already in progress", server.Run("BGSAVE"));
            Assert.Equal("-ERR Background save already in progress", server.Run("SAVE"));
            for (int i = 0; i < 5000; i++) server.Run($"SET key:{i} new");
            server.Run("SET late 1");
            server.Run("DEL key:17");
            Assert.Contains("rdb_bgsave_in_progress:1", server.Run("INFO persistence"), StringComparison.Ordinal);
            server.Finish();
            Assert.Contains("rdb_changes_since_last_save:5002 rdb_bgsave_in_progress:0", server.Run("INFO persistence"), StringComparison.Ordinal);
            Assert.Contains("Background saving terminated with success", server.Said);
        }
        using FolderFixture again = FolderFixture.Start(_disk);
        Assert.Equal(":5000", again.Run("DBSIZE"));
        for (int i = 0; i < 5000; i++) Assert.Equal("$3 old", again.Run($"GET key:{i}"));
    }

    [Fact]
    public void A_save_that_was_cancelled_leaves_nothing_and_the_next_one_can_begin()
    {
        using FolderFixture server = FolderFixture.Start(_disk);
        Assert.Equal("-ERR Background saving is currently not in progress or scheduled", server.Run("BGSAVE CANCEL"));
        for (int i = 0; i < 2000; i++) server.Run($"SET key:{i} value");
        server.Run("BGSAVE");
        Assert.Equal("+Background saving cancelled", server.Run("BGSAVE CANCEL"));
        Assert.StartsWith("-ERR Another child process is active (AOF?): can't BGSAVE right now.", server.Run("BGSAVE"), StringComparison.Ordinal);
        Assert.Equal("+Background saving scheduled", server.Run("BGSAVE SCHEDULE"));
        Assert.Equal("+Scheduled background saving cancelled", server.Run("BGSAVE CANCEL"));
        server.Run("BGSAVE SCHEDULE");
        SpinWait.SpinUntil(() => { server.Engine.RunCron(); return _disk.Exists(Path); }, 10_000);
        server.Finish();
        Assert.Contains("rdb_last_bgsave_status:ok", server.Run("INFO persistence"), StringComparison.Ordinal);
        // The thread that wrote the first takes its file away, in its own time.
        SpinWait.SpinUntil(() => _disk.List("/data").SequenceEqual(["dump.rdb"]), 10_000);
        Assert.Equal(["dump.rdb"], _disk.List("/data"));
    }

    [Fact]
    public void A_save_at_once_after_one_that_was_cancelled_has_a_file_of_its_own()
    {
        using FolderFixture server = FolderFixture.Start(_disk);
        for (int i = 0; i < 200; i++) server.Run($"SET key:{i} value");
        for (int round = 0; round < 30; round++)
        {
            server.Run("BGSAVE");
            Assert.Equal("+Background saving cancelled", server.Run("BGSAVE CANCEL"));
            Assert.Equal("+OK", server.Run("SAVE"));
            server.Finish();
            SpinWait.SpinUntil(() => { server.Engine.RunCron(); return !server.Engine.IsSnapshotUnderWay; }, 10_000);
        }
        SpinWait.SpinUntil(() => _disk.List("/data").SequenceEqual(["dump.rdb"]), 10_000);
        Assert.Equal(["dump.rdb"], _disk.List("/data"));
    }

    [Fact]
    public void In_a_transaction_a_save_waits_for_its_end()
    {
        using FolderFixture server = FolderFixture.Start(_disk);
        server.Run("MULTI");
        server.Run("SET a 1");
        server.Run("BGSAVE");
        server.Run("SET b 1");
        Assert.Equal("*3 +OK +Background saving scheduled +OK", server.Run("EXEC"));
        SpinWait.SpinUntil(() => { server.Engine.RunCron(); return _disk.Exists(Path); }, 10_000);
        server.Finish();
        using FolderFixture again = FolderFixture.Start(_disk);
        Assert.Equal(":2", again.Run("DBSIZE"));
    }

    [Theory]
    [InlineData(SimulatedFiles.Call.Create)]
    [InlineData(SimulatedFiles.Call.Write)]
    [InlineData(SimulatedFiles.Call.Flush)]
    [InlineData(SimulatedFiles.Call.Rename)]
    internal void A_save_that_fails_stops_writes_until_one_succeeds(SimulatedFiles.Call fault)
    {
        using FolderFixture server = FolderFixture.Start(_disk, static s => s.Save = new SavePoints([new(3600, 1)]));
        server.Run("SET a 1");
        server.Run("SAVE");
        byte[] whole = _disk.Content(Path);
        _disk.Fault = (call, _) =>
        {
            if (call == fault) throw new IOException("No space left on device");
        };
        server.Run("BGSAVE");
        server.Finish();
        Assert.StartsWith("-MISCONF Redis is configured to save RDB snapshots, but", server.Run("SET b 1"), StringComparison.Ordinal);
        Assert.Contains("rdb_last_bgsave_status:err", server.Run("INFO persistence"), StringComparison.Ordinal);
        Assert.NotNull(server.Engine.WriteFailure);
        Assert.Equal("$1 1", server.Run("GET a"));
        Assert.Equal("-ERR", server.Run("SAVE"));
        server.Run("CONFIG SET stop-writes-on-bgsave-error no");
        Assert.Equal("+OK", server.Run("SET b 1"));
        server.Run("CONFIG SET stop-writes-on-bgsave-error yes");
        Assert.Equal(whole, _disk.Content(Path));

        _disk.Fault = null;
        Assert.Equal("+OK", server.Run("SAVE"));
        Assert.Equal("+OK", server.Run("SET b 1"));
        Assert.Equal(["dump.rdb"], _disk.List("/data"));
    }

    [Fact]
    public void Save_points_save_by_themselves_when_both_their_numbers_are_reached()
    {
        using FolderFixture server = FolderFixture.Start(_disk, static s => s.Save = new SavePoints([new(60, 3)]));
        server.Run("MSET a 1 b 2");
        server.Time.Advance(61_000);
        server.Engine.RunCron();
        Assert.False(_disk.Exists(Path), "Too few changes.");
        server.Run("SET c 1");
        server.Run("SET d 1");
        server.Engine.RunCron();
        Assert.Contains("3 changes in 60 seconds. Saving...", server.Said);
        server.Finish();
        Assert.True(_disk.Exists(Path));
        server.Run("MSET a 1 b 2 c 3 d 4");
        server.Run("INCR a");
        server.Run("INCR a");
        server.Run("INCR a");
        server.Engine.RunCron();
        Assert.Single(server.Said, "3 changes in 60 seconds. Saving...");
    }

    [Fact]
    public void FLUSHALL_empties_the_file_where_there_are_save_points()
    {
        foreach (bool hasPoints in (bool[])[true, false])
        {
            using (FolderFixture server = FolderFixture.Start(_disk, s => s.Save = new SavePoints(hasPoints ? [new(3600, 1)] : [])))
            {
                server.Run("SET a 1");
                server.Run("SAVE");
                Assert.Equal("+OK", server.Run("FLUSHALL"));
            }
            using FolderFixture again = FolderFixture.Start(_disk);
            Assert.Equal(hasPoints ? ":0" : ":1", again.Run("DBSIZE"));
        }
    }

    [Fact]
    public void What_a_power_cut_leaves_is_the_old_file_or_the_new_one()
    {
        for (int seed = 0; seed < 60; seed++)
        {
            var disk = new SimulatedFiles(seed);
            using (FolderFixture server = FolderFixture.Start(disk))
            {
                server.Run("SET a old");
                server.Run("SAVE");
                server.Run("SET a new");
                disk.PowerFailsAt = disk.Operations + 1 + (seed % 6);
                server.Run("SAVE");
            }
            using FolderFixture again = FolderFixture.Start(disk.PowerCut());
            Assert.Contains(again.Run("GET a"), (string[])["$3 old", "$3 new"]);
        }
    }

    [Fact]
    public void Reloading_keeps_what_is_saved_and_merging_what_is_not()
    {
        using FolderFixture server = FolderFixture.Start(_disk);
        server.Run("SET a 1");
        server.Run("HSET h f v");
        Assert.Equal("+OK", server.Run("DEBUG RELOAD"));
        Assert.Equal("$1 v", server.Run("HGET h f"));
        server.Run("SET a 2");
        server.Run("SET b 3");
        Assert.Equal("-ERR Error trying to load the RDB dump, check server logs.", server.Run("DEBUG RELOAD NOSAVE NOFLUSH"));
        Assert.Equal("+OK", server.Run("DEBUG RELOAD NOSAVE NOFLUSH MERGE"));
        Assert.Equal("*2 $1 1 $1 3", server.Run("MGET a b"));
        Assert.Equal("+OK", server.Run("DEBUG RELOAD NOSAVE"));
        Assert.Equal(":2", server.Run("DBSIZE"));
        Assert.StartsWith("-ERR DEBUG RELOAD only supports", server.Run("DEBUG RELOAD SOON"), StringComparison.Ordinal);
    }
}
