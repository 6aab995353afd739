using System.Diagnostics;
using Galley.Store.Configuration;

namespace Galley.Store.Tests.Commands.Server;

public sealed class DebugTests
{
    /// <summary>redis-server would crash, wait or tell of its allocator: a transcript cannot send these to it.</summary>
    [Theory]
    [InlineData("DEBUG ASSERT", "harms the server on purpose")]
    [InlineData("DEBUG SEGFAULT", "harms the server on purpose")]
    [InlineData("DEBUG PANIC now", "harms the server on purpose")]
    [InlineData("DEBUG OOM", "harms the server on purpose")]
    [InlineData("DEBUG CRASH-AND-RECOVER 10", "harms the server on purpose")]
    [InlineData("DEBUG LEAK text", "harms the server on purpose")]
    [InlineData("DEBUG RESTART", "let what supervises it start it")]
    [InlineData("DEBUG MALLCTL epoch", "MEMORY MALLOC-STATS")]
    [InlineData("DEBUG MALLCTL-STR version", "MEMORY MALLOC-STATS")]
    [InlineData("DEBUG HTSTATS 0", "MEMORY MALLOC-STATS")]
    [InlineData("DEBUG HTSTATS-KEY k", "MEMORY MALLOC-STATS")]
    [InlineData("DEBUG SDSLEN k", "MEMORY MALLOC-STATS")]
    [InlineData("DEBUG STRUCTSIZE", "MEMORY MALLOC-STATS")]
    public void What_it_does_not_have_is_refused_with_the_reason(string command, string reason)
    {
        using EngineFixture fixture = Allowing();
        TestClient client = fixture.Connect();
        client.Run("SET k v");
        string reply = client.Run(command);
        Assert.StartsWith("-ERR ", reply, StringComparison.Ordinal);
        Assert.Contains(reason, reply, StringComparison.Ordinal);
        Assert.Equal("$1 v", client.Run("GET k"));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(4)]
    [InlineData(16384)]
    public void A_digest_hangs_on_what_the_keys_hold_and_not_on_where_they_lie(int partitions)
    {
        using EngineFixture fixture = Allowing(partitions);
        TestClient client = fixture.Connect();
        Assert.Equal("+0000000000000000000000000000000000000000", client.Run("DEBUG DIGEST"));
        client.Run("SET a 1");
        Assert.Equal("+943d800368fb9c0e951138f1bc0e313ac769d91f", client.Run("DEBUG DIGEST"));
        client.Run("SET b 1");
        Assert.Equal("+21b05463fdcee4e7798054b2699fee7ee895c243", client.Run("DEBUG DIGEST"));
        client.Run("EXPIRE b 100");
        Assert.Equal("+9b8a22835039e45467b4792d538032618d915c74", client.Run("DEBUG DIGEST"));
        Assert.Equal("*1 +5279988c5d1911f474bcbbf2f0a87012d40f8459", client.Run("DEBUG DIGEST-VALUE b"));
    }

    [Fact]
    public void An_object_is_described_as_it_would_be_written()
    {
        using EngineFixture fixture = Allowing();
        TestClient client = fixture.Connect();
        (string Value, string Expected)[] values =
        [
            ("1", "refcount:2147483647 encoding:int serializedlength:2"),
            ("-129", "refcount:1 encoding:int serializedlength:3"),
            ("70000", "refcount:1 encoding:int serializedlength:5"),
            ("5000000000", "refcount:1 encoding:int serializedlength:11"),
            ("0012", "refcount:1 encoding:embstr serializedlength:5"),
            (new string('v', 63), "refcount:1 encoding:raw serializedlength:64"),
            (new string('v', 64), "refcount:1 encoding:raw serializedlength:66"),
            (new string('v', 20_000), "refcount:1 encoding:raw serializedlength:20005"),
        ];
        foreach ((string value, string expected) in values)
        {
            client.Run("SET", "k", value);
            Assert.Contains(expected + " lru:", client.Run("DEBUG OBJECT k"), StringComparison.Ordinal);
        }
        fixture.Time.Advance(7000);
        Assert.EndsWith("lru_seconds_idle:7", client.Run("DEBUG OBJECT k"), StringComparison.Ordinal);
    }

    [Fact]
    public void Matching_survives_patterns_without_sense()
    {
        using EngineFixture fixture = Allowing();
        Assert.Equal("+Apparently Galley did not crash: test passed", fixture.Connect().Run("DEBUG STRINGMATCH-TEST"));
    }

    [Fact]
    public void A_line_goes_to_the_log()
    {
        using EngineFixture fixture = Allowing();
        var lines = new List<string>();
        fixture.Server.Log = (level, line) => lines.Add($"{level} {line}");
        Assert.Equal("+OK", fixture.Connect().Run("DEBUG", "LOG", "a line"));
        Assert.Equal(["Warning DEBUG LOG: a line"], lines);
    }

    [Fact]
    public void The_history_gets_another_name_and_the_run_does_not()
    {
        using EngineFixture fixture = Allowing();
        (string run, string history) = (fixture.Server.RunId, fixture.Server.ReplicationId);
        Assert.Equal("+OK", fixture.Connect().Run("DEBUG CHANGE-REPL-ID"));
        Assert.Equal(run, fixture.Server.RunId);
        Assert.NotEqual(history, fixture.Server.ReplicationId);
        Assert.Matches("^[0-9a-f]{40}$", fixture.Server.ReplicationId);
    }

    [Fact]
    public void What_is_due_stays_while_the_cron_pauses()
    {
        using EngineFixture fixture = Allowing();
        TestClient client = fixture.Connect();
        client.Run("DEBUG PAUSE-CRON 1");
        client.Run("SET k v PX 10");
        fixture.Time.Advance(1000);
        fixture.Engine.Start();
        Assert.False(SpinWait.SpinUntil(IsGone, 400), "The cron has taken the key away while it was to pause.");
        fixture.Engine.InTurn(() => fixture.Server.IsCronPaused = false);
        Assert.True(SpinWait.SpinUntil(IsGone, 10_000), "The cron does not go on after its pause.");

        bool IsGone()
        {
            long count = 0;
            fixture.Engine.InTurn(() => count = fixture.Database.Count);
            return count == 0;
        }
    }

    [Fact]
    public void A_write_waits_as_long_as_it_is_told()
    {
        using EngineFixture fixture = Allowing();
        TestClient client = fixture.Connect();
        client.Run("DEBUG AOF-FLUSH-SLEEP 100000");
        var clock = Stopwatch.StartNew();
        client.Run("GET k");
        client.Run("SET k v");
        Assert.InRange(clock.ElapsedMilliseconds, 95, 10_000);
        client.Run("DEBUG AOF-FLUSH-SLEEP 0");
        Assert.Equal("SELECT 0; SET k v", fixture.TakeLog());
    }

    private static EngineFixture Allowing(int partitions = 1) =>
        new(partitions, settings => settings.EnableDebugCommand = Allowed.Yes);
}
