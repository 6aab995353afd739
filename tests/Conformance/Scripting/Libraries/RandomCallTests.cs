using System.Text;
using Galley.Conformance.Servers;
using Galley.Conformance.Wire;
using Galley.Store.Tests.Scripting.Lua.Libraries;

namespace Galley.Conformance.Scripting.Libraries;

/// <summary>Random calls of the libraries' functions answer as in redis-server, values and errors alike.</summary>
public sealed class RandomCallTests : IDisposable
{
    private const int CallsOfScript = 50;

    // Tables are shown key by key, in the order of their keys' texts: that of pairs is each Lua's own.
    private const string Prologue =
        """
        local lines = {} local shown shown = function(v) local t = type(v) if t == 'number' then v = string.format('%.17g', v) return (v:gsub('-nan', 'nan'))
        elseif t == 'string' then return '"' .. v:gsub('[%c\\\127-\255]', function(c) return string.format('\\%03d', c:byte()) end) .. '"'
        elseif t == 'table' then local keys = {} for k, e in pairs(v) do keys[#keys + 1] = shown(k) .. '=' .. shown(e) end table.sort(keys) return '{' .. table.concat(keys, ' ') .. '}'
        else return tostring(v) end end
        local show = function(...) local all = {} for i = 1, select('#', ...) do all[i] = shown((select(i, ...))) end lines[#lines + 1] = table.concat(all, ' ') end
        local hexed = function(s) return (s:gsub('.', function(c) return string.format('%02x', c:byte()) end)) end
        local again = function(...) return select('#', ...), ... end

        """;

    private readonly ServerProcess? _redis;

    public RandomCallTests()
    {
        Oracle.DemandRedis();
        _redis = ServerProcess.StartRedis();
    }

    private static int Scripts => Oracle.IsFullRun ? 2000 : 40;

    [Fact]
    public void Random_formats_print_the_same() => Compare(1, calls => calls.Format());

    [Fact]
    public void Random_patterns_match_the_same() => Compare(2, calls => calls.Pattern());

    [Fact]
    public void Random_numbers_count_the_same() => Compare(3, calls => calls.Arithmetic());

    [Fact]
    public void Random_JSON_reads_the_same() => Compare(4, calls => calls.Json());

    [Fact]
    public void Random_MessagePack_reads_and_writes_the_same() => Compare(5, calls => calls.MessagePack());

    [Fact]
    public void Random_structs_read_and_write_the_same() => Compare(6, calls => calls.Struct());

    public void Dispose() => _redis?.Dispose();

    private void Compare(int seed, Func<RandomCalls, string> next)
    {
        var calls = new RandomCalls(new Random(seed));
        var galley = new LibraryState();
        using var connection = new RespConnection(_redis!.Port);
        int values = 0;
        for (int i = 0; i < Scripts; i++)
        {
            string[] expressions = [.. Enumerable.Range(0, CallsOfScript).Select(_ => next(calls))];
            string script = Prologue + string.Concat(expressions.Select(e => $"show(pcall(function() return {e} end))\n")) + "return table.concat(lines, '\\n')";
            string[] theirs = connection.Ask([Encoding.ASCII.GetBytes("EVAL"), Encoding.Latin1.GetBytes(script), Encoding.ASCII.GetBytes("0")]).Text.Split('\n');
            string[] ours = galley.Run(script).Split('\n');
            Assert.True(theirs.Length == expressions.Length, theirs[0]);
            for (int k = 0; k < theirs.Length; k++)
            {
                string found = k < ours.Length ? ours[k] : "(nothing)";
                Assert.True(theirs[k] == found, $"{expressions[k]}\nredis-server: {theirs[k]}\nGalley:       {found}");
                if (theirs[k].StartsWith("true", StringComparison.Ordinal)) values++;
            }
        }
        // Errors alone would prove little.
        Assert.True(values > Scripts * CallsOfScript / 5, $"{values} calls gave values");
    }
}
