using System.Diagnostics;
using System.Globalization;
using System.Text;
using Galley.Store.Scripting.Lua;
using Galley.Store.Scripting.Lua.Libraries;

namespace Galley.LoadTests.Micro;

/// <summary>
/// What a step of a script costs, beside Debian's lua5.1 (apt-get install lua5.1; without it our figures stand alone). Each script is
/// a function of n; lua5.1 measures itself by os.clock, so that its start does not count.
/// </summary>
internal static class LuaBenchmark
{
    private const int Count = 1_000_000;

    private static readonly (string Name, string Body)[] Scripts =
    [
        ("arithmetic", "local x = 0 for i = 1, n do x = x + i * 2 - 1 end return x"),
        ("while and %", "local i, x = 0, 0 while i < n do i = i + 1 if i % 3 == 0 then x = x - 1 end end return x"),
        ("calls", "local function f(a, b) return a + b end local x = 0 for i = 1, n do x = f(x, i) end return x"),
        ("recursion", "local function fib(n) if n < 2 then return n end return fib(n - 1) + fib(n - 2) end return fib(28)"),
        ("calls of closures", "local c = 0 local function f() c = c + 1 return c end for i = 1, n do f() end return c"),
        ("calls of methods", "local C = {} C.__index = C function C:get() return self.v end local o, x = setmetatable({v = 1}, C), 0 for i = 1, n do x = x + o:get() end return x"),
        ("calls of the host", "local x = 0 for i = 1, n do x = x + select('#', i, i) end return x"),
        ("pcall", "local function f() end for i = 1, n do pcall(f) end"),
        ("globals", "g = 0 for i = 1, n do g = g + 1 end return g"),
        ("array, written", "local t = {} for i = 1, n do t[i] = i end return #t"),
        ("array, appended", "local t = {} for i = 1, n do t[#t + 1] = i end return #t"),
        ("array, read", "local t = {1, 2, 3, 4} local x = 0 for i = 1, n do x = x + t[i % 4 + 1] end return x"),
        ("fields", "local t = {x = 1, y = 2} for i = 1, n do t.x = t.x + t.y end return t.x"),
        ("keys, written", "local t = {} for i = 1, n do t['k' .. i % 1000] = i end return t.k1"),
        ("pairs", "local t = {} for i = 1, n do t[i] = i end local x = 0 for k, v in pairs(t) do x = x + v end return x"),
        ("new tables", "local x = 0 for i = 1, n do local t = {x = i, y = i} x = x + t.x end return x"),
        ("concatenation", "local s = '' for i = 1, n do s = 'k' .. i .. ':x' end return s"),
        ("coroutines", "local c = coroutine.wrap(function() while true do coroutine.yield(1) end end) for i = 1, n do c() end"),
    ];

    public static void Run()
    {
        foreach ((string name, string body) in Scripts)
        {
            var state = new LuaState();
            BaseLibrary.Open(state);
            CoroutineLibrary.Open(state);
            LuaFunction function = state.NewFunction(LuaPrototype.Compile(Encoding.ASCII.GetBytes("local n = ... " + body), "=script"u8));
            double ours = Measure.NanosecondsAn(Count, () => state.Call(function, [Count]));
            double? theirs = Reference(body);
            Measure.Print($"lua: {name}", ours, theirs is { } t ? $"ns, {ours / t:F2} of lua5.1" : "ns");
        }
        byte[] script = Encoding.ASCII.GetBytes("local v = redis.call('GET', KEYS[1]) if v == ARGV[1] then return redis.call('DEL', KEYS[1]) else return 0 end");
        Measure.Print("lua: a lock's release, compiled", Measure.NanosecondsAn(1000, () =>
        {
            for (int i = 0; i < 1000; i++) LuaPrototype.Compile(script, "@user_script"u8);
        }) / 1000, "us");
    }

    // The best of several rounds, as ours.
    private static double? Reference(string body)
    {
        string code = $"local function run(n) {body} end local best = 1e9 for i = 1, 5 do local t = os.clock() run({Count}) best = math.min(best, os.clock() - t) end print(best)";
        try
        {
            using Process process = Process.Start(new ProcessStartInfo("lua5.1", ["-e", code]) { RedirectStandardOutput = true })!;
            return double.Parse(process.StandardOutput.ReadToEnd(), CultureInfo.InvariantCulture) * 1e9 / Count;
        }
        catch (System.ComponentModel.Win32Exception)
        {
            return null;
        }
    }
}
