using Galley.Store.Commands;
using Galley.Store.Scripting.Lua;

namespace Galley.Store.Scripting;

/// <summary>What is to run, and how.</summary>
internal readonly record struct ScriptCall
{
    public required LuaFunction Function { get; init; }

    /// <summary>A digest, or the name of a function.</summary>
    public required byte[] Name { get; init; }

    public required ScriptFlags Flags { get; init; }

    public required LongWork Kind { get; init; }

    /// <summary>It was called by a command that promises to write nothing.</summary>
    public required bool IsReadOnly { get; init; }

    /// <summary>The argument that is the first key.</summary>
    public required int FirstKey { get; init; }

    public required int KeyCount { get; init; }

    /// <summary>A function takes its keys and arguments as two tables; a script finds them among the globals.</summary>
    public bool TakesTables => Kind == LongWork.Function;
}
