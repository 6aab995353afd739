using Galley.Store.Scripting.Lua;

namespace Galley.Store.Tests.Scripting.Lua;

/// <summary>A table against a dictionary: what is set is found, and going through it finds each key once.</summary>
public sealed class LuaTableTests
{
    private const int Steps = 20_000;

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void A_table_holds_what_a_dictionary_holds(int seed)
    {
        var random = new Random(seed);
        var table = new LuaTable(new LuaBudget());
        var model = new Dictionary<LuaValue, LuaValue>();
        for (int i = 0; i < Steps; i++)
        {
            LuaValue key = RandomKey(random);
            LuaValue value = random.Next(3) == 0 ? LuaValue.Nil : i;
            table.Set(key, value);
            if (value.IsNil) model.Remove(key);
            else model[key] = value;
            LuaValue asked = RandomKey(random);
            Assert.Equal(model.GetValueOrDefault(asked), table.Get(asked));
            if (i % 500 == 0) AssertSame(model, table);
        }
    }

    [Fact]
    public void Going_through_it_each_key_may_be_removed_or_changed()
    {
        var random = new Random(4);
        var table = new LuaTable(new LuaBudget());
        var left = new HashSet<LuaValue>();
        for (int i = 0; i < 1000; i++)
        {
            LuaValue key = RandomKey(random);
            table.Set(key, 1);
            left.Add(key);
        }
        LuaValue at = default;
        while (table.TryNext(ref at, out _))
        {
            Assert.True(left.Remove(at), $"{at} comes twice, or never was");
            table.Set(at, random.Next(2) == 0 ? LuaValue.Nil : 2);
        }
        Assert.Empty(left);
    }

    [Fact]
    public void A_key_that_never_was_has_no_next()
    {
        var table = new LuaTable(new LuaBudget(), 2);
        table.Set(1, true);
        LuaValue key = LuaString.From("x");
        Assert.Throws<KeyNotFoundException>(() => table.TryNext(ref key, out _));
    }

    [Fact]
    public void A_border_is_one()
    {
        var random = new Random(5);
        for (int round = 0; round < 200; round++)
        {
            var table = new LuaTable(new LuaBudget());
            for (int i = 0; i < 100; i++) table.Set(random.Next(1, 60), random.Next(3) == 0 ? LuaValue.Nil : i);
            int n = table.Length;
            Assert.True(n == 0 || !table.Get(n).IsNil, $"t[{n}] is nil");
            Assert.True(table.Get(n + 1).IsNil, $"t[{n + 1}] is not nil");
        }
    }

    private static void AssertSame(Dictionary<LuaValue, LuaValue> model, LuaTable table)
    {
        int count = 0;
        LuaValue key = default;
        while (table.TryNext(ref key, out LuaValue value))
        {
            Assert.Equal(model[key], value);
            count++;
        }
        Assert.Equal(model.Count, count);
    }

    private static LuaValue RandomKey(Random random) => random.Next(5) switch
    {
        0 => random.Next(1, 50),
        1 => random.Next(-5, 1000),
        2 => random.Next(100) / 4.0,
        3 => LuaString.From("k" + random.Next(200)),
        _ => random.Next(2) == 0,
    };
}
