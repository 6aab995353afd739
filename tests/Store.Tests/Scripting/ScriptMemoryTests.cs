using System.Globalization;
using Galley.Store.Scripting;
using Galley.Store.Scripting.Lua;
using Galley.Store.Tests.Commands;

namespace Galley.Store.Tests.Scripting;

/// <summary>What scripts, functions and their states hold is part of the memory that is reported and bounded.</summary>
public sealed class ScriptMemoryTests : IDisposable
{
    private const string Hoarder = """
        #!lua name=hoarder
        local kept = {}
        redis.register_function('keep', function(keys, args) kept[#kept + 1] = string.rep('x', tonumber(args[1])) .. #kept; return #kept end)
        redis.register_function('drop', function() kept = {} end)
        """;

    private readonly EngineFixture _fixture = new();
    private readonly TestClient _client;

    public ScriptMemoryTests() => _client = _fixture.Connect();

    public void Dispose() => _fixture.Dispose();

    [Fact]
    public void Texts_and_states_are_part_of_used_memory()
    {
        long before = Info("used_memory");
        for (int i = 0; i < 100; i++) _client.Run("SCRIPT", "LOAD", $"return {i} --" + new string('x', 10_000));
        Assert.InRange(Info("used_memory_scripts_eval"), 1_000_000, 1_200_000);
        Assert.InRange(Info("used_memory") - before, Scripts(), Scripts() + 30_000);
        Assert.Equal(Info("used_memory_scripts_eval"), Stats("lua.caches"));
        Assert.Equal(Info("used_memory"), Info("used_memory_overhead") + Info("used_memory_dataset"));
        _client.Run("SCRIPT FLUSH");
        Assert.Equal(0, Info("used_memory_scripts_eval"));
        Assert.InRange(Info("used_memory") - before, 0, 300_000);
    }

    [Fact]
    public void Compiled_code_is_part_of_the_state_until_it_goes()
    {
        _client.Run("EVAL", "return 1", "0");
        long before = Info("used_memory_vm_eval");
        string code = string.Concat(Enumerable.Range(0, 20_000).Select(i => $"a = redis.call('get', 'key:{i % 100}')\n"));
        _client.Run("SCRIPT", "LOAD", "local a\n" + code);
        Assert.InRange(Info("used_memory_vm_eval") - before, 1_000_000, 4_000_000);
        // However often it is counted what is left: the script stays.
        for (int i = 0; i < 3; i++) _client.Run("EVAL", "return #string.rep('x', 4000000)", "0");
        Assert.InRange(Info("used_memory_vm_eval") - before, 1_000_000, 8_000_000);
        _client.Run("SCRIPT FLUSH");
        Assert.InRange(Info("used_memory_vm_eval") - before, -before, 100_000);
    }

    [Fact]
    public void What_a_library_keeps_counts_as_long_as_it_keeps_it()
    {
        Assert.Equal("$7 hoarder", _client.Run("FUNCTION", "LOAD", Hoarder));
        Assert.Equal(Info("used_memory_functions"), Stats("functions.caches"));
        Assert.InRange(Stats("functions.caches"), Hoarder.Length, Hoarder.Length + 1000);
        for (int i = 0; i < 40; i++) _client.Run("FCALL", "keep", "0", "500000");
        Assert.InRange(Info("used_memory_vm_functions"), 20_000_000, 50_000_000);
        _client.Run("FCALL", "drop", "0");
        // Garbage is found when there is much of it.
        for (int i = 0; i < 100; i++) _client.Run("FCALL", "keep", "0", "500000");
        _client.Run("FCALL", "drop", "0");
        _client.Run("FUNCTION FLUSH");
        Assert.InRange(Info("used_memory_vm_functions"), 0, 300_000);
        Assert.Equal(0, Stats("functions.caches"));
    }

    [Fact]
    public void Maxmemory_counts_them()
    {
        for (int i = 0; i < 1000; i++) _client.Run("SET", $"key:{i}", new string('v', 10_000));
        _client.Run("FUNCTION", "LOAD", Hoarder);
        _client.Run("CONFIG", "SET", "maxmemory-policy", "allkeys-lru", "maxmemory", (Info("used_memory") + 100_000).ToString(CultureInfo.InvariantCulture));
        Assert.Equal(1000, _fixture.Database.Count);
        for (int i = 0; i < 10; i++) _client.Run("FCALL", "keep", "0", "500000");
        for (int turns = 0; turns < 1000 && Info("used_memory") > Info("maxmemory"); turns++) _fixture.Engine.RunCron();
        // 5 MB are held by the library, of what 1,000 keys of 10 KB had.
        Assert.InRange(_fixture.Database.Count, 300, 520);
        _client.Run("FUNCTION FLUSH");
        for (int i = 0; i < 300; i++) _client.Run("SET", $"more:{i}", new string('v', 10_000));
        Assert.InRange(_fixture.Database.Count, 600, 1000);
    }

    [Fact]
    public void Garbage_of_scripts_is_no_reason_to_evict()
    {
        for (int i = 0; i < 1000; i++) _client.Run("SET", $"key:{i}", new string('v', 10_000));
        _client.Run("EVAL", "return 1", "0");
        _client.Run("CONFIG", "SET", "maxmemory-policy", "allkeys-lru", "maxmemory", (Info("used_memory") + 4_000_000).ToString(CultureInfo.InvariantCulture));
        for (int i = 0; i < 50; i++) _client.Run("EVAL", "local t for i = 1, 1000 do t = string.rep('x', 10000) .. i end", "0");
        Assert.Equal(1000, _fixture.Database.Count);
    }

    [Fact]
    public void A_library_that_keeps_too_much_is_told_so_until_it_is_forgotten()
    {
        LuaState state = Sandbox.NewState();
        state.Budget.BytesMax = 4_000_000;
        LuaValue[] functions = state.Call(state.Load(
            "local kept = {} return function() kept[#kept + 1] = string.rep('x', 100000) .. #kept end"u8, "@kept"u8), []).ToArray();
        state.KeptFunctions = () => functions.Select(function => function.AsFunction!);
        int calls = 0;
        Assert.Throws<LuaException>(() =>
        {
            for (; calls < 1000; calls++)
            {
                state.Call(functions[0], []);
                state.Tidy();
            }
        });
        Assert.InRange(calls, 30, 40);
        state.Tidy();
        Assert.Throws<LuaException>(() => { state.Call(functions[0], []); });
        state.KeptFunctions = null;
        state.Settle();
        Assert.InRange(state.Budget.Bytes, 0, 200_000);
        state.Call(state.Load("local t = {}"u8, "@other"u8), []);
    }

    private long Scripts() => Info("used_memory_scripts") + Info("used_memory_vm_total");

    private long Info(string field)
    {
        string line = _client.Run("INFO memory").Split(' ').First(l => l.StartsWith(field + ":", StringComparison.Ordinal));
        return long.Parse(line.AsSpan(field.Length + 1), CultureInfo.InvariantCulture);
    }

    private long Stats(string name)
    {
        string[] words = _client.Run("MEMORY STATS").Split(' ');
        return long.Parse(words[Array.IndexOf(words, name) + 1].AsSpan(1), CultureInfo.InvariantCulture);
    }
}
