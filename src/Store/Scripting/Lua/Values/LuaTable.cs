namespace Galley.Store.Scripting.Lua;

/// <summary>A table: raw access; metamethods are the interpreter's.</summary>
public sealed class LuaTable : LuaObject
{
    private readonly Dictionary<LuaValue, LuaValue> _entries = [];

    /// <summary>An empty table.</summary>
    /// <param name="budget">Who counts what it holds.</param>
    /// <param name="arrayCapacity">How many elements from 1 on to make room for.</param>
    /// <param name="hashCapacity">How many other keys to make room for.</param>
    public LuaTable(LuaBudget budget, int arrayCapacity = 0, int hashCapacity = 0)
        : base(LuaType.Table) => budget.Charge(64 + (16L * arrayCapacity) + (40L * hashCapacity));

    /// <summary>The metatable, or none.</summary>
    public LuaTable? Metatable { get; set; }

    /// <summary>Whether writing from a script is an error, as redis-server's globals and libraries are read-only.</summary>
    public bool IsReadOnly { get; set; }

    /// <summary>A border, as the operator # gives it: n where t[n] is not nil and t[n + 1] is.</summary>
    public int Length
    {
        get
        {
            int n = 0;
            while (_entries.ContainsKey(n + 1)) n++;
            return n;
        }
    }

    /// <summary>The value of a key, or nil: rawget.</summary>
    public LuaValue Get(LuaValue key) => _entries.GetValueOrDefault(key);

    /// <summary>The value of an integer key, or nil.</summary>
    public LuaValue Get(int index) => Get((LuaValue)index);

    /// <summary>Sets a key, or removes it by nil: rawset. The key is not nil and not NaN: the caller has said so in Lua's words.</summary>
    public void Set(LuaValue key, LuaValue value)
    {
        if (value.IsNil) _entries.Remove(key);
        else _entries[key] = value;
    }

    /// <summary>Sets an integer key.</summary>
    public void Set(int index, LuaValue value) => Set((LuaValue)index, value);

    /// <summary>Goes on behind a key (nil: from the start).</summary>
    /// <param name="key">The key that was last, then the next.</param>
    /// <param name="value">The value of the next.</param>
    /// <returns>Whether there was a next.</returns>
    /// <exception cref="KeyNotFoundException">The key is not in the table.</exception>
    public bool TryNext(ref LuaValue key, out LuaValue value) => throw new NotSupportedException();
}
