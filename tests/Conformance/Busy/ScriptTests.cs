using Galley.Conformance.Servers;
using Galley.Conformance.Wire;

namespace Galley.Conformance.Busy;

/// <summary>Scripts that do not end: they can be stopped at any step, and those that have written can be undone.</summary>
public sealed class ScriptTests : IDisposable
{
    private const string Busy = "BUSY Redis is busy running a script. You can only call SCRIPT KILL or SHUTDOWN NOSAVE.";
    private const string Killed = "ERR Script killed by user with SCRIPT KILL...";
    private const string Endless = "while true do end";
    private const string WritesEndlessly = "redis.call('set', KEYS[1], 'new') redis.call('publish', 'news', 'x') while true do end";

    private readonly ServerProcess _galley;
    private readonly RespConnection _caller;
    private readonly RespConnection _other;

    public ScriptTests()
    {
        Oracle.DemandGalley();
        _galley = ServerProcess.StartGalley("--busy-reply-threshold", "50", "--appendonly", "yes");
        _caller = _galley.Connect(20_000);
        _other = _galley.Connect(20_000);
    }

    public void Dispose()
    {
        _caller.Dispose();
        _other.Dispose();
        _galley.Dispose();
    }

    [Theory]
    [InlineData(Endless)]
    [InlineData("while true do pcall(function() while true do end end) end")]
    [InlineData("local function f() return f() end f()")]
    [InlineData("repeat until false")]
    [InlineData("for i = 1, math.huge do local t = {} end")]
    [InlineData("while true do redis.call('get', 'k') end")]
    [InlineData("while true do redis.pcall('nosuch') end")]
    [InlineData("local t = setmetatable({}, {__index = function(t, k) while true do end end}) return t.x")]
    [InlineData("table.sort({3, 2, 1}, function() while true do end end)")]
    [InlineData("string.gsub('x', 'x', function() while true do end end)")]
    [InlineData("coroutine.wrap(function() while true do end end)()")]
    [InlineData("string.find(string.rep('a', 40), string.rep('a?', 40) .. string.rep('a', 40) .. 'b')")]
    public void An_endless_script_is_killed(string script)
    {
        _caller.Send(CommandLine.Encode("EVAL", script, "0"));
        UntilBusy();
        Assert.Equal("OK", _other.Ask("SCRIPT", "KILL").Text);
        Assert.StartsWith(Killed, _caller.Read().Text, StringComparison.Ordinal);
        Assert.StartsWith("NOTBUSY", _other.Ask("SCRIPT", "KILL").Text, StringComparison.Ordinal);
    }

    [Fact]
    public void A_script_that_has_written_is_not_killed_and_ends()
    {
        _caller.Send(CommandLine.Encode("EVAL", "redis.call('set', 'k', '1') local t = redis.call('time') "
            + "repeat local n = redis.call('time') until (n[1] - t[1]) * 1000000 + n[2] - t[2] > 1000000 return 'end'", "0"));
        UntilBusy();
        Assert.StartsWith("UNKILLABLE", _other.Ask("SCRIPT", "KILL").Text, StringComparison.Ordinal);
        Assert.Equal("end", _caller.Read().Text);
        Assert.Equal("1", _other.Ask("GET", "k").Text);
    }

    [Fact]
    public void A_function_is_told_of_and_killed_as_one()
    {
        _other.Ask("FUNCTION", "LOAD", "#!lua name=l\nredis.register_function('loop', function() while true do end end)");
        _caller.Send(CommandLine.Encode("FCALL", "loop", "1", "k"));
        UntilBusy();
        Assert.StartsWith("BUSY", _other.Ask("SCRIPT", "KILL").Text, StringComparison.Ordinal);
        Reply stats = _other.Ask("FUNCTION", "STATS");
        Assert.Equal("loop", stats.Items[1].Items[1].Text);
        Assert.Equal(["FCALL", "loop", "1", "k"], stats.Items[1].Items[3].Items.Select(i => i.Text));
        Assert.Equal("OK", _other.Ask("FUNCTION", "KILL").Text);
        Assert.StartsWith(Killed, _caller.Read().Text, StringComparison.Ordinal);
    }

    [Fact]
    public void A_script_ends_by_itself_when_its_time_is_over()
    {
        _other.Ask("CONFIG", "SET", "script-timeout", "100");
        Assert.StartsWith("ERR Script ended after 100 milliseconds (script-timeout) script: ", _caller.Ask("EVAL", Endless, "0").Text, StringComparison.Ordinal);
        Assert.Equal("1", _caller.Ask("EVAL", "return 1", "0").Text);
    }

    [Fact]
    public void What_a_script_has_written_is_undone_when_its_time_is_over()
    {
        _other.Ask("CONFIG", "SET", "script-timeout", "100", "on-timeout", "rollback");
        using RespConnection listener = _galley.Connect(20_000);
        listener.Ask("SUBSCRIBE", "news");
        using RespConnection waiter = _galley.Connect(20_000);
        waiter.Send(CommandLine.Encode("BLPOP", "list", "0"));
        _other.Ask("SET", "k", "old", "EX", "1000");
        _other.Ask("HSET", "h", "f", "v");
        _other.Ask("ZADD", "z", "1", "a", "2", "b");
        string digest = _other.Ask("DEBUG", "DIGEST").Text;
        long size = AofSize();
        string refusal = _caller.Ask("EVAL", "redis.call('hset', 'h', 'f', 'w', 'g', 'x') redis.call('rpush', 'list', 'a') "
            + "redis.call('zrem', 'z', 'a') redis.call('set', 'born', '1') redis.call('del', 'z') redis.call('expire', 'k', 5) " + WritesEndlessly,
            "1", "k").Text;
        Assert.StartsWith("ERR Script ended after 100 milliseconds (script-timeout), and what it had written is undone script: ", refusal,
            StringComparison.Ordinal);
        Assert.Equal(digest, _other.Ask("DEBUG", "DIGEST").Text);
        Assert.Equal("old", _other.Ask("GET", "k").Text);
        Assert.InRange(int.Parse(_other.Ask("TTL", "k").Text, System.Globalization.CultureInfo.InvariantCulture), 900, 1000);
        Assert.Equal(size, AofSize());
        Assert.Equal("1", _other.Ask("PUBLISH", "news", "after").Text);
        Assert.Equal("after", listener.Read().Items[2].Text);
        _other.Ask("RPUSH", "list", "real");
        Assert.Equal("real", waiter.Read().Items[1].Text);
        Assert.Equal("OK", _other.Ask("DEBUG", "LOADAOF").Text);
        Assert.Equal("old", _other.Ask("GET", "k").Text);
    }

    [Fact]
    public void What_others_do_in_the_midst_of_a_script_that_is_undone_tells_nobody_of_it()
    {
        _other.Ask("CONFIG", "SET", "script-timeout", "500", "on-timeout", "rollback", "change-feed", "yes");
        using RespConnection monitor = _galley.Connect(20_000);
        monitor.Ask("MONITOR");
        _caller.Send(CommandLine.Encode("EVAL", "for i = 1, 100 do redis.call('set', KEYS[1], i) end while true do end", "1", "k"));
        UntilBusy();
        Assert.Equal("OK", _other.Ask("WATCH", "x").Text);
        Assert.StartsWith("ERR Script ended", _caller.Read().Text, StringComparison.Ordinal);
        Assert.Equal("0", _other.Ask("EXISTS", "k", "galley:changes").Text);
        // But what monitors were shown is not held back for ever, though the log has no use for it.
        while (!monitor.Read().Text.EndsWith("\"k\" \"100\"", StringComparison.Ordinal)) { }
    }

    [Fact]
    public void What_a_transaction_did_before_a_script_that_is_undone_stays()
    {
        _other.Ask("CONFIG", "SET", "script-timeout", "100", "on-timeout", "rollback");
        _caller.Ask("MULTI");
        _caller.Ask("SET", "before", "1");
        _caller.Ask("EVAL", WritesEndlessly, "1", "k");
        _caller.Ask("SET", "after", "1");
        Reply replies = _caller.Ask("EXEC");
        Assert.StartsWith("ERR Script ended", replies.Items[1].Text, StringComparison.Ordinal);
        Assert.Equal("OK", _other.Ask("DEBUG", "LOADAOF").Text);
        Assert.Equal("2", _other.Ask("EXISTS", "before", "after", "k").Text);
    }

    private long AofSize()
    {
        string info = _other.Ask("INFO", "persistence").Text;
        string line = info.Split("\r\n").Single(l => l.StartsWith("aof_current_size:", StringComparison.Ordinal));
        return long.Parse(line["aof_current_size:".Length..], System.Globalization.CultureInfo.InvariantCulture);
    }

    private void UntilBusy()
    {
        string answer;
        long until = Environment.TickCount64 + 10_000;
        do answer = _other.Ask("GET", "k").Text;
        while (!answer.StartsWith("BUSY", StringComparison.Ordinal) && Environment.TickCount64 < until);
        Assert.True(answer == Busy || answer.Contains("FUNCTION KILL", StringComparison.Ordinal));
    }
}
