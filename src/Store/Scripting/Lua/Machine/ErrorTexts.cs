namespace Galley.Store.Scripting.Lua;

/// <summary>The errors of the language itself, in the words of Lua 5.1.</summary>
internal static class ErrorTexts
{
    public static LuaValue ReadOnly { get; } = Text("Attempt to modify a readonly table");

    /// <summary>A message, each of whose characters is a byte.</summary>
    public static LuaValue Text(string message) =>
        message.AsSpan().ContainsAnyExceptInRange('\0', '\u00FF') ? LuaString.From(message) : LuaString.FromLatin1(message);

    /// <summary>An error at the line that runs, if Lua code runs.</summary>
    public static LuaException Positioned(LuaCoroutine coroutine, string message) => new(Text(Where(coroutine, 0) + message));

    /// <summary>"source:line: " of the call so many levels out; empty if it is none of Lua's.</summary>
    public static string Where(LuaCoroutine coroutine, int level)
    {
        int depth = FindLevel(coroutine, level);
        if (depth < 0 || coroutine.Frames[depth].Function is not LuaClosure closure) return "";
        LuaPrototype prototype = closure.Prototype;
        return $"{prototype.ShortSource}:{prototype.Lines[Math.Max(coroutine.Frames[depth].Pc - 1, 0)]}: ";
    }

    /// <summary>The chunk and the line of the call that runs, or of that which called a function of the host.</summary>
    public static (string Source, int Line)? PlaceOf(LuaCoroutine coroutine)
    {
        int depth = coroutine.Depth;
        if (depth >= 0 && coroutine.Frames[depth].Function is not LuaClosure) depth--;
        if (depth < 0) return null;
        if (coroutine.Frames[depth].Function is not LuaClosure closure) return ("=[C]", -1);
        return (closure.Prototype.Source, closure.Prototype.Lines[coroutine.Frames[depth].Pc - 1]);
    }

    /// <summary>The index of the frame at a level: 0 runs now. Calls that gave way to a tail call count; they have no frame.</summary>
    /// <returns>-1 beyond the outermost, -2 for a call that has given way.</returns>
    public static int FindLevel(LuaCoroutine coroutine, int level)
    {
        int depth = coroutine.Depth;
        for (; level > 0 && depth >= 0; depth--)
        {
            level--;
            if (coroutine.Frames[depth].Function is LuaClosure) level -= coroutine.Frames[depth].TailCalls;
        }
        return level == 0 ? depth : level < 0 ? -2 : -1;
    }

    /// <summary>"attempt to index local 'x' (a nil value)".</summary>
    /// <param name="register">Where the value is among the registers; -1 if it is in none.</param>
    public static LuaException BadOperand(LuaCoroutine coroutine, in LuaValue value, string what, int register)
    {
        string type = LuaState.NameOf(value.Type);
        (string Kind, string Name)? variable = register >= 0 ? VariableNames.Of(coroutine, register) : null;
        return Positioned(coroutine, variable is { } known
            ? $"attempt to {what} {known.Kind} '{known.Name}' (a {type} value)"
            : $"attempt to {what} a {type} value");
    }

    public static LuaException BadOrder(LuaCoroutine coroutine, in LuaValue left, in LuaValue right)
    {
        string a = LuaState.NameOf(left.Type), b = LuaState.NameOf(right.Type);
        // Lua 5.1 compares the third letters: it takes a string and a thread for two of a kind.
        return Positioned(coroutine, a[2] == b[2] ? $"attempt to compare two {a} values" : $"attempt to compare {a} with {b}");
    }
}
