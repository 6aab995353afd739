using Galley.Store.Scripting.Lua;

namespace Galley.Store.Tests.Scripting.Lua.Libraries;

/// <summary>Scripts that would take all memory, all time or all stack end with an error, and soon.</summary>
public sealed class HostileScriptTests
{
    private const long BytesMax = 64 << 20;
    private const int StepsMax = 4_000_000;

    // Allocations of this thread, by which memory is seen that the collector has freed meanwhile.
    private const long AllocatedMax = 4 * BytesMax;

    [Theory]
    [InlineData("return #string.rep('x', 2^31 - 1)")]
    [InlineData("return #string.rep(string.rep('x', 65536), 65536)")]
    [InlineData("local t = {} for i = 1, 1000 do t[i] = string.rep('x', 1000000) end return #t")]
    [InlineData("local s = string.rep('x', 1000000) local t = {} for i = 1, 1000 do t[i] = s end return #table.concat(t)")]
    [InlineData("local s = string.rep('x', 100000) return #string.gsub(s, '.', s)")]
    [InlineData("local s = string.rep('x', 100000) return #string.gsub(s, 'x', function() return s end)")]
    [InlineData("local s = string.rep('x', 1000000) return #string.format(string.rep('%s', 1000), unpack((function() local t = {} for i = 1, 1000 do t[i] = s end return t end)()))")]
    [InlineData("local s = string.rep('x', 1000000) local t = {} for i = 1, 1000 do t[i] = s end return #cjson.encode(t)")]
    [InlineData("local s = string.rep('x', 1000000) local t = {} for i = 1, 1000 do t[i] = s end return #cmsgpack.pack(t)")]
    [InlineData("return #cjson.decode('[' .. string.rep('[],', 4000000) .. '[]]')")]
    [InlineData("return #cmsgpack.unpack('\\221\\0\\61\\9\\0' .. string.rep('\\144', 4000000))")]
    [InlineData("local t = {} for i = 1, 1000 do t[i] = string.gmatch(string.rep('x', 1000000) .. i, 'x') end return #t")]
    [InlineData("local t = {} for i = 1, 1000 do t[i] = string.upper(string.rep('x', 1000000)) end return #t")]
    public void What_would_take_all_memory_is_refused(string script)
    {
        var state = new LibraryState();
        state.Lua.Budget.BytesMax = BytesMax;
        long before = GC.GetAllocatedBytesForCurrentThread();
        string answer = state.Run(script);
        long allocated = GC.GetAllocatedBytesForCurrentThread() - before;
        Assert.EndsWith("not enough memory", answer, StringComparison.Ordinal);
        Assert.True(allocated < AllocatedMax, $"{allocated} bytes allocated");
        Assert.Equal("2", state.Run("collectgarbage() return 1 + 1"));
    }

    [Theory]
    [InlineData("return string.find(string.rep('a', 100000), string.rep('a-', 30) .. 'b')")]
    [InlineData("return string.find(string.rep('a', 5000), string.rep('.*', 20) .. 'b')")]
    [InlineData("return string.match(string.rep('a', 100), string.rep('a?', 100) .. string.rep('a', 100) .. 'b')")]
    [InlineData("return string.gsub(string.rep('x', 100000), '.-.-.-.-b', '')")]
    [InlineData("return string.gsub(string.rep('(', 400000), '%b()', '')")]
    [InlineData("return string.find(string.rep('a', 4000000), string.rep('a', 2000000) .. 'b')")]
    [InlineData("local t = {} for i = 1, 100000 do t[i] = i end for i = 1, 10000 do table.insert(t, 1, 0) end")]
    [InlineData("table.insert({}, -2147483648, 1)")]
    [InlineData("local t = {} for i = 1, 100000 do t[i] = i % 10 end for i = 1, 1000 do table.sort(t) end")]
    [InlineData("local t = {} for i = 1, 100000 do t[i] = i end for i = 1, 1000 do table.concat(t) end")]
    [InlineData("local t = {} for i = 1, 100000 do t[i] = i end for i = 1, 1000 do cjson.encode(t) end")]
    [InlineData("local t = {} for i = 1, 100000 do t[i] = i end for i = 1, 1000 do cmsgpack.pack(t) end")]
    [InlineData("local s = '[' .. string.rep('1,', 100000) .. '1]' for i = 1, 1000 do cjson.decode(s) end")]
    [InlineData("local s = string.rep('x', 1000000) for i = 1, 1e9 do s:upper() end")]
    public void What_would_take_all_time_is_stopped(string script)
    {
        var state = new LibraryState();
        int left = StepsMax;
        state.Lua.StepsBeforeCheck = 1000;
        state.Lua.OnCheck = () =>
        {
            left -= state.Lua.StepsBeforeCheck;
            if (left < 0) throw new LuaStopException("stopped");
        };
        Assert.Throws<LuaStopException>(() => state.Run(script));
        left = StepsMax;
        Assert.Equal("2", state.Run("return 1 + 1"));
    }

    [Theory]
    [InlineData("return string.find(string.rep('a', 10000), string.rep('a?', 10000))", "pattern too complex")]
    [InlineData("return string.find(string.rep('a', 10000), string.rep('(a', 10000))", "too many captures")]
    [InlineData("cjson.decode_max_depth(2^31 - 1) return cjson.decode(string.rep('[', 1000000))", "too many nested data structures")]
    [InlineData("cjson.encode_max_depth(2^31 - 1) local t = {} t[1] = t return cjson.encode(t)", "excessive nesting")]
    [InlineData("return cmsgpack.unpack(string.rep('\\145', 1000000))", "stack overflow")]
    [InlineData("return cmsgpack.unpack(string.rep('\\129', 1000000))", "stack overflow")]
    [InlineData("return struct.unpack(string.rep('b', 1000000), string.rep('b', 1000000))", "stack overflow")]
    [InlineData("return string.byte(string.rep('b', 1000000), 1, -1)", "stack overflow")]
    [InlineData("local function f(c) return string.gsub('x', '.', f) end return f()", "overflow")]
    [InlineData("local function f() table.sort({1, 2}, f) end return f()", "overflow")]
    public void What_would_take_all_stack_is_refused(string script, string expected)
    {
        string answer = new LibraryState().Run(script);
        Assert.Contains(expected, answer, StringComparison.Ordinal);
    }

    [Fact]
    public void A_pattern_matches_without_allocation()
    {
        var state = new LibraryState();
        const string Warm = "local s = string.rep('ab1 ', 20000) .. '!' for i = 1, 3 do string.find(s, '^(.-)%s*([%w]+)[^!]-%f[!]!$') end";
        state.Run(Warm);
        long before = GC.GetAllocatedBytesForCurrentThread();
        state.Run("local s, n = 'key=value', 0 for i = 1, 10000 do if string.find(s, '^%a+=%a+$') then n = n + 1 end end return n");
        Assert.True(GC.GetAllocatedBytesForCurrentThread() - before < 100_000);
    }
}
