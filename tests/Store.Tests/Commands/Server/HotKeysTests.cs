using System.Text;
using Galley.Store.Commands;

namespace Galley.Store.Tests.Commands.Server;

public sealed class HotKeysTests
{
    [Fact]
    public void The_keys_that_move_most_bytes_are_told_with_the_bytes_of_their_commands()
    {
        using var fixture = new EngineFixture();
        TestClient client = fixture.Connect();
        client.Run("HOTKEYS START METRICS 1 NET COUNT 2");
        client.Run("SET", "big", new string('x', 1000));
        for (int i = 0; i < 3; i++) client.Run("GET big");
        client.Run("SET small 1");
        client.Run("SET b 1");
        client.Run("PING");
        HotKeysSession session = fixture.Server.HotKeys.Session!;
        // SET: 1031 and +OK; GET: 22 and 1009.
        Assert.Equal("big 4129, small 36", Top(session.ByBytes!, 2));
        Assert.Null(session.ByTicks);
        // The third key, PING, and START itself.
        Assert.Equal(4129 + 36 + 32 + 21 + 80, session.Bytes);
        Assert.StartsWith("*1 *18 $15 tracking-active :1 $12 sample-ratio :1 $14 selected-slots *0 $25 all-commands-all-slots-us :", client.Run("HOTKEYS GET"), StringComparison.Ordinal);
        Assert.EndsWith(" $12 by-net-bytes *4 $3 big :4129 $5 small :36", client.Run("HOTKEYS GET"), StringComparison.Ordinal);
    }

    [Fact]
    public void The_keys_whose_commands_take_most_time_are_told_and_RESP3_has_a_map()
    {
        using var fixture = new EngineFixture(configure: settings => settings.EnableDebugCommand = Store.Configuration.Allowed.Yes);
        TestClient client = fixture.Connect();
        client.Run("HELLO 3");
        for (int i = 0; i < 5000; i++) client.Run($"RPUSH long {i}");
        client.Run("HOTKEYS START METRICS 2 NET CPU");
        for (int i = 0; i < 20; i++) client.Run("LRANGE long 0 -1");
        for (int i = 0; i < 20; i++) client.Run("GET short");
        HotKeysSession session = fixture.Server.HotKeys.Session!;
        Assert.Equal("long", Encoding.ASCII.GetString(session.ByTicks!.Top(1)[0].Key));
        Assert.True(session.Ticks >= session.ByTicks.Top(2).Sum(key => key.Amount));
        string reply = client.Run("HOTKEYS GET");
        Assert.StartsWith("*1 %12 $15 tracking-active :1 ", reply, StringComparison.Ordinal);
        Assert.Contains(" $14 by-cpu-time-us *4 $4 long :", reply, StringComparison.Ordinal);
        Assert.Contains(" $22 total-cpu-time-user-ms :", reply, StringComparison.Ordinal);
        Assert.Contains(" $12 by-net-bytes *4 $4 long :", reply, StringComparison.Ordinal);
    }

    [Fact]
    public void The_keys_of_one_command_share_it_and_a_transaction_is_its_commands()
    {
        using var fixture = new EngineFixture();
        TestClient client = fixture.Connect();
        client.Run("HOTKEYS START METRICS 1 NET");
        client.Run("MSET a 1 b 2");
        Assert.Equal("a 23, b 23", Top(fixture.Server.HotKeys.Session!.ByBytes!, 9));
        foreach (string command in (string[])["MULTI", "SET a 1", "EXEC"]) client.Run(command);
        Assert.Equal("a 55, b 23", Top(fixture.Server.HotKeys.Session!.ByBytes!, 9));
        client.Run("SSUBSCRIBE a");
        Assert.Equal("a 55, b 23", Top(fixture.Server.HotKeys.Session!.ByBytes!, 9));
    }

    [Fact]
    public void A_sample_counts_about_its_share_of_the_commands_and_all_of_their_sum()
    {
        using var fixture = new EngineFixture();
        TestClient client = fixture.Connect();
        client.Run("HOTKEYS START METRICS 1 NET SAMPLE 10");
        for (int i = 0; i < 10_000; i++) client.Run("SET k 1");
        HotKeysSession session = fixture.Server.HotKeys.Session!;
        Assert.InRange(session.ByBytes!.Top(1)[0].Amount / 32, 700, 1300);
        Assert.InRange(session.Bytes, 320_000, 320_200);
    }

    [Fact]
    public void It_ends_when_it_is_told_to_or_its_time_is_over_and_its_finds_stay()
    {
        using var fixture = new EngineFixture();
        TestClient client = fixture.Connect();
        Assert.Equal("$-1", client.Run("HOTKEYS GET"));
        client.Run("HOTKEYS START METRICS 1 NET DURATION 2");
        client.Run("SET k 1");
        Assert.StartsWith("-ERR ", client.Run("HOTKEYS START METRICS 1 NET"), StringComparison.Ordinal);
        Assert.StartsWith("-ERR ", client.Run("HOTKEYS RESET"), StringComparison.Ordinal);
        fixture.Time.Advance(2500);
        client.Run("SET k 1");
        Assert.False(fixture.Server.HotKeys.Session!.IsActive);
        Assert.Contains(" $22 collection-duration-ms :2000 ", client.Run("HOTKEYS GET"), StringComparison.Ordinal);
        Assert.EndsWith(" *2 $1 k :32", client.Run("HOTKEYS GET"), StringComparison.Ordinal);
        Assert.StartsWith("-ERR ", client.Run("HOTKEYS STOP"), StringComparison.Ordinal);
        Assert.Equal("+OK", client.Run("HOTKEYS RESET"));
        Assert.Equal("$-1", client.Run("HOTKEYS GET"));
        client.Run("HOTKEYS START METRICS 1 NET");
        fixture.Time.Advance(700);
        Assert.Equal("+OK", client.Run("HOTKEYS STOP"));
        fixture.Time.Advance(700);
        client.Run("SET k 1");
        Assert.Contains(" $22 collection-duration-ms :700 ", client.Run("HOTKEYS GET"), StringComparison.Ordinal);
        Assert.Equal("+OK", client.Run("HOTKEYS START METRICS 1 NET"));
    }

    private static string Top(TopKeys keys, int count) =>
        string.Join(", ", keys.Top(count).Select(key => $"{Encoding.ASCII.GetString(key.Key)} {key.Amount}"));
}
