namespace Galley.Store.Scripting.Lua;

/// <summary>One Lua: globals, the running coroutine, the budget.</summary>
public sealed class LuaState
{
    /// <summary>What may be used.</summary>
    public LuaBudget Budget { get; } = new();

    /// <summary>The globals.</summary>
    public LuaTable Globals { get; }

    /// <summary>An empty state: no libraries.</summary>
    public LuaState() => Globals = new LuaTable(Budget);

    /// <summary>Makes a string, charged to the budget.</summary>
    public LuaString NewString(ReadOnlySpan<byte> bytes)
    {
        Budget.Charge(32 + bytes.Length);
        return LuaString.From(bytes);
    }

    /// <summary>Takes bytes over as a string, charged to the budget.</summary>
    public LuaString TakeString(byte[] bytes)
    {
        Budget.Charge(32 + bytes.Length);
        return new LuaString(bytes);
    }

    /// <summary>Makes a table, charged to the budget.</summary>
    public LuaTable NewTable(int arrayCapacity = 0, int hashCapacity = 0) => new(Budget, arrayCapacity, hashCapacity);

    /// <summary>Calls a function and gives its results; they stay valid until the next call.</summary>
    public ReadOnlySpan<LuaValue> Call(LuaValue function, scoped ReadOnlySpan<LuaValue> arguments) => throw new NotSupportedException(function.ToString() + arguments.Length);

    /// <summary>Counts work of the host's own (a pattern that goes back and back, a long sort) against the budget of instructions.</summary>
    /// <exception cref="LuaException">The script is stopped.</exception>
    public void Tick(int steps) => throw new NotSupportedException($"{steps}");

    /// <summary>tostring without metamethods: numbers by %.14g.</summary>
    public LuaString ToText(LuaValue value) => throw new NotSupportedException(value.ToString());

    /// <summary>A string that reads as a number (decimal or 0x, blanks around), as tonumber of Lua 5.1 reads it.</summary>
    public static bool TryToNumber(ReadOnlySpan<byte> text, out double number) => throw new NotSupportedException($"{number = text.Length}");
}
