using Galley.Store.Scripting.Lua;

namespace Galley.Store.Tests.Scripting.Lua;

/// <summary>No script takes more of memory, time or stack than it is given.</summary>
public sealed class BoundTests
{
    private const int StepsMax = 200_000;
    private const long BytesMax = 16 << 20;

    [Theory]
    [InlineData("while true do end")]
    [InlineData("repeat until false")]
    [InlineData("local a, b = 1, 2 repeat until a == b")]
    [InlineData("local a, b = 1, 2 repeat until a > b")]
    [InlineData("local a, b = 'x', 'y' repeat until a >= b")]
    [InlineData("local a = 1 repeat until a == 2")]
    [InlineData("local a repeat until a and a.x")]
    [InlineData("while not false do end")]
    [InlineData("for i = 1, 1e300 do end")]
    [InlineData("for i = 1, 0, 0 do end")]
    [InlineData("local function f() return f() end f()")]
    [InlineData("for _ in function() return 1 end do end")]
    [InlineData("for _ in coroutine.wrap(function() while true do coroutine.yield(1) end end) do end")]
    [InlineData("while true do pcall(error) end")]
    [InlineData("while true do pcall(function() while true do end end) end")]
    [InlineData("local t = setmetatable({}, {__index = function() return 1 end}) while t.x do end")]
    [InlineData("coroutine.wrap(function() while true do end end)()")]
    [InlineData("xpcall(function() error('x') end, function() while true do end end)")]
    [InlineData("while true do loadstring('x = 1') end")]
    [InlineData("local t = {} t[1] = 1 while true do for k in pairs(t) do end end")]
    [InlineData("load(function() return ' ' end)")]
    [InlineData("local function f(...) return f(1, ...) end f()")]
    [InlineData("local t = {} for i = 1, 1e5 do t[i] = i end while next(t) do t[next(t)] = nil end while true do next(t) end")]
    [InlineData("local t = {} for i = 1, 1e5 do t['k' .. i] = i end local i = 0 while true do i = i + 1 t['n' .. i] = 1 t['n' .. i] = nil end")]
    [InlineData("local s = 'x' for i = 1, 20 do s = s .. s end while true do local t = s .. 'y' end")]
    [InlineData("local function f(n) if n > 0 then f(n - 1) f(n - 1) end end f(1000)")]
    [InlineData("local t = setmetatable({}, {}) getmetatable(t).__lt = function() return true end while t < t do end")]
    public void A_script_that_does_not_end_is_stopped(string script)
    {
        var program = new LuaProgram();
        long left = StepsMax;
        program.State.StepsBeforeCheck = 1000;
        program.State.OnCheck = () =>
        {
            left -= 1000;
            if (left < 0) throw new LuaStopException("stopped");
        };
        Assert.Throws<LuaStopException>(() => program.Run(script));
        left = StepsMax;
        Assert.EndsWith("still here\n", program.Run("print('still here')"), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("local t = {} while true do t[#t + 1] = {} end")]
    [InlineData("local t = {} for i = 1, 1e9 do t[i] = i end")]
    [InlineData("local t = {} for i = 1, 1e9 do t['k' .. i] = true end")]
    [InlineData("local s = 'x' while true do s = s .. s end")]
    [InlineData("local t = {} while true do t = {t} end")]
    [InlineData("local f = function() end while true do local g = f f = function() return g end end")]
    [InlineData("local t = {} while true do t[#t + 1] = coroutine.create(function() end) end")]
    [InlineData("local t = {} while true do local c = coroutine.wrap(function() coroutine.yield() end) c() t[#t + 1] = c end")]
    [InlineData("local t = {} while true do t[#t + 1] = assert(loadstring('return 1')) end")]
    [InlineData("local t, s = {}, '' for i = 1, 1e5 do s = s .. 'x' t[i] = loadstring('return \"' .. i .. s .. '\"') end")]
    [InlineData("local s = ' ' assert(load(function() s = s .. s return s end))")]
    [InlineData("local t = {} for i = 1, 1e9 do t[i + 0.5] = i end")]
    [InlineData("local t = {} t[1] = t while true do local n = {} n.x = t t = n end")]
    public void What_does_not_fit_is_an_error_of_the_script(string script)
    {
        var program = new LuaProgram();
        program.State.Budget.BytesMax = BytesMax;
        string output = program.Run("local e = select(2, pcall(function() " + script + " end)) collectgarbage() print('then', e)");
        Assert.StartsWith("then\t", output, StringComparison.Ordinal);
        Assert.True(output.Contains("not enough memory", StringComparison.Ordinal) || output.Contains("overflow", StringComparison.Ordinal), output);
    }

    [Theory]
    [InlineData("for i = 1, 3e5 do local t = {i, i, i} end")]
    [InlineData("for i = 1, 3e5 do local s = 'x' .. i end")]
    [InlineData("for i = 1, 1e5 do local f = function() return i end end")]
    [InlineData("for i = 1, 3e4 do coroutine.wrap(function() coroutine.yield() end)() end")]
    [InlineData("local t = {} for i = 1, 3e5 do t[1] = {t[1] and 1} end")]
    [InlineData("local s = '' for i = 1, 1e4 do s = s .. 'x' end")]
    [InlineData("for i = 1, 1e5 do pcall(error, {}) end")]
    [InlineData("for i = 1, 3e4 do loadstring('return ' .. i)() end")]
    public void Garbage_does_not_count(string script)
    {
        var program = new LuaProgram();
        program.State.Budget.BytesMax = BytesMax / 8;
        Assert.Equal("done\n", program.Run(script + " print('done')"));
    }

    [Theory]
    [InlineData("local function f() return 1 + f() end f()")]
    [InlineData("local t = setmetatable({}, {}) getmetatable(t).__index = function(t, k) return t[k] end local x = t.x")]
    [InlineData("local function f() return pcall(f) end f()")]
    [InlineData("local function f() coroutine.wrap(f)() end f()")]
    [InlineData("local function f() return loadstring('return ...')(f()) end f()")]
    [InlineData("local t = setmetatable({}, {}) getmetatable(t).__concat = function(a, b) return a .. b end local x = t .. t")]
    [InlineData("local t = setmetatable({}, {}) getmetatable(t).__eq = function(a, b) return a == b end local x = t == setmetatable({}, getmetatable(t))")]
    [InlineData("local t = setmetatable({}, {}) getmetatable(t).__tostring = function(t) return tostring(t) end tostring(t)")]
    [InlineData("local function f() for _ in f do end end f()")]
    [InlineData("local function h() error('x') end xpcall(h, function(m) return h() end)")]
    [InlineData("local s = {} for i = 1, 1e5 do s = {s} end collectgarbage()")]
    [InlineData("local s = '' for i = 1, 12 do s = s .. '(((((((((((((((((((' end loadstring('x = ' .. s)")]
    public void Depth_never_ends_the_process(string script)
    {
        var program = new LuaProgram();
        var thread = new Thread(() => program.Run(script), 1 << 20); // Less than any thread of the server has.
        thread.Start();
        thread.Join();
        Assert.EndsWith("still here\n", program.Run("print('still here')"), StringComparison.Ordinal);
    }

    [Fact]
    public void A_table_that_is_read_only_cannot_be_written_from_a_script()
    {
        var program = new LuaProgram();
        program.State.Globals.IsReadOnly = true;
        program.Run("x = 1");
        program.Run("print(pcall(function() _G.y = 1 end))");
        program.Run("print(pcall(rawset, _G, 'y', 1))");
        const string refusals =
            """
            error	p:1: Attempt to modify a readonly table
            false	p:1: Attempt to modify a readonly table
            false	Attempt to modify a readonly table
            false	Attempt to modify a readonly table

            """;
        Assert.Equal(refusals, program.Run("print(pcall(setmetatable, _G, {}))"));
        program.State.Globals.Set(LuaString.From("x"), 5);
        Assert.EndsWith("5\tnil\n", program.Run("print(x, y)"), StringComparison.Ordinal);
    }
}
