using Galley.Store.Configuration;
using Galley.Store.Tests.Persistence.Files;
using Galley.Store.Tests.Persistence.Rdb;

namespace Galley.Store.Tests.Persistence.Aof;

/// <summary>What producers call their entries is in the append-only file, and is loaded whatever has come of the entries.</summary>
public sealed class StreamNamesTests
{
    private readonly SimulatedFiles _disk = new(1);

    [Theory]
    [InlineData("MAXLEN 0")]
    [InlineData("MINID 9999999999999")]
    public void The_name_of_an_entry_that_is_trimmed_at_once_is_loaded(string trim)
    {
        string id;
        using (FolderFixture server = FolderFixture.Start(_disk, static s => s.AppendOnly = true)) id = server.Run($"XADD s {trim} IDMP p a * f v");
        using FolderFixture again = FolderFixture.Start(_disk, static s => s.AppendOnly = true);
        Assert.Equal(id, again.Run("XADD s IDMP p a * f v"));
        Assert.Equal(":0", again.Run("XLEN s"));
    }

    [Fact]
    public void A_name_that_was_given_again_is_loaded_by_a_clock_that_is_behind()
    {
        string id;
        using (FolderFixture server = FolderFixture.Start(_disk, static s => s.AppendOnly = true))
        {
            server.Run("XADD s * f v");
            server.Run("XCFGSET s IDMP-DURATION 1");
            string past = server.Run("XADD s IDMP p a * f v");
            server.Time.Advance(2000);
            id = server.Run("XADD s IDMP p a * f v");
            Assert.NotEqual(past, id);
        }
        using FolderFixture again = FolderFixture.Start(_disk, static s => s.AppendOnly = true);
        Assert.Equal(id, again.Run("XADD s IDMP p a * f v"));
        Assert.Equal(":3", again.Run("XLEN s"));
    }

    [Fact]
    public void A_rewrite_as_commands_keeps_names_and_how_long_they_are_known()
    {
        static void Configure(Settings settings)
        {
            settings.AppendOnly = true;
            settings.AofUseRdbPreamble = false;
        }

        string info, trimmed, there, automatic, empty;
        using (FolderFixture server = FolderFixture.Start(_disk, Configure))
        {
            server.Run("XADD s * f v");
            server.Run("XCFGSET s IDMP-DURATION 1000 IDMP-MAXSIZE 7");
            trimmed = server.Run("XADD s IDMP p a * f v");
            server.Run("XADD s IDMP p b * f v");
            there = server.Run("XADD s IDMP q a * f v");
            automatic = server.Run("XADD s IDMPAUTO q * f v");
            server.Run("XTRIM s MAXLEN 2");
            empty = server.Run("XADD e MAXLEN 0 IDMP p a * f v");
            server.Run("XADD plain 1-1 f v");
            info = server.Run("XINFO STREAM s");
            server.Run("BGREWRITEAOF");
            server.Engine.RunCron();
            server.Finish();
        }
        Assert.Contains("appendonly.aof.2.base.aof", _disk.List("/data/appendonlydir"));
        using FolderFixture again = FolderFixture.Start(_disk, Configure);
        Assert.Equal(info, again.Run("XINFO STREAM s"));
        Assert.Contains("idmp-duration :1000 $12 idmp-maxsize :7 $12 pids-tracked :2 $12 iids-tracked :4 ", info, StringComparison.Ordinal);
        Assert.Equal(trimmed, again.Run("XADD s IDMP p a * f v"));
        Assert.Equal(there, again.Run("XADD s IDMP q a * f v"));
        Assert.Equal(automatic, again.Run("XADD s IDMPAUTO q * f v"));
        Assert.Equal(empty, again.Run("XADD e IDMP p a * f v"));
        Assert.DoesNotContain("idmp-duration", again.Run("XINFO STREAM plain"), StringComparison.Ordinal);
    }
}
