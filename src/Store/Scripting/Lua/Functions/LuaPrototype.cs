namespace Galley.Store.Scripting.Lua;

/// <summary>A compiled function: never changed, and shared by all states that run it.</summary>
public sealed class LuaPrototype
{
    private const int OverheadBytes = 200;

    // The count of memory that has met it last. States that share it may disturb each other's count of it, and of nothing else.
    internal int SeenBy;

    internal LuaPrototype()
    {
    }

    internal Instruction[] Code { get; init; } = [];

    internal LuaValue[] Constants { get; init; } = [];

    internal LuaPrototype[] Functions { get; init; } = [];

    /// <summary>Where a closure takes its upvalues from when it is made.</summary>
    internal CapturedVariable[] Captured { get; init; } = [];

    /// <summary>The line of each instruction.</summary>
    internal int[] Lines { get; init; } = [];

    /// <summary>Local variables in the order of their declaration.</summary>
    internal LocalVariable[] Locals { get; init; } = [];

    /// <summary>The name of the chunk as it was loaded, one character a byte.</summary>
    internal string Source { get; init; } = "";

    /// <summary>What messages name: the chunk as it was loaded, shortened as Lua shortens it.</summary>
    internal string ShortSource { get; init; } = "";

    /// <summary>The line of the word function; 0 for a chunk.</summary>
    internal int LineDefined { get; init; }

    internal int ParameterCount { get; init; }

    internal bool IsVararg { get; init; }

    /// <summary>Whether the variable arg is filled, as Lua 5.0 did it and 5.1 still does where ... is not used.</summary>
    internal bool NeedsArgTable { get; init; }

    /// <summary>How many registers a call takes.</summary>
    internal int StackSize { get; init; }

    /// <summary>Compiles a chunk.</summary>
    /// <param name="source">The script.</param>
    /// <param name="chunkName">Its name as lua_load takes it: =name, @file, or the script itself.</param>
    /// <exception cref="LuaException">The script is not Lua; the value is the message.</exception>
    public static LuaPrototype Compile(ReadOnlySpan<byte> source, ReadOnlySpan<byte> chunkName) =>
        new Parser(new Lexer(source.ToArray(), chunkName)).ParseChunk();

    /// <summary>What compiled code takes of memory, with all functions within: for a cache of scripts.</summary>
    public long Bytes
    {
        get
        {
            long bytes = OwnBytes;
            foreach (LuaPrototype function in Functions) bytes += function.Bytes;
            return bytes;
        }
    }

    /// <summary>What it takes without the functions within.</summary>
    internal long OwnBytes
    {
        get
        {
            long bytes = OverheadBytes + (12L * Code.Length) + (16L * Constants.Length) + (32L * Locals.Length);
            foreach (ref readonly LuaValue constant in Constants.AsSpan()) bytes += constant.Object is LuaString text ? LuaString.OverheadBytes + text.Length : 0;
            return bytes;
        }
    }

    /// <summary>The name of the variable that lives in a register at an instruction, or null.</summary>
    internal string? LocalName(int register, int pc)
    {
        foreach (LocalVariable local in Locals)
        {
            if (local.StartPc > pc) break;
            if (pc >= local.EndPc) continue;
            if (register-- == 0) return local.Name;
        }
        return null;
    }
}

/// <summary>A local variable, for messages: where it lives.</summary>
internal struct LocalVariable
{
    public string Name;
    public int StartPc;
    public int EndPc;
}

/// <summary>An upvalue, as the closure around finds it: in a register of its own, or among its own upvalues.</summary>
internal readonly record struct CapturedVariable(string Name, bool IsLocal, int Index);
