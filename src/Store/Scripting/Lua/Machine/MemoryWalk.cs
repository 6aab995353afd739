namespace Galley.Store.Scripting.Lua;

/// <summary>Counts the bytes of all that can be reached from where it starts: what is garbage does not count against a script.</summary>
internal sealed class MemoryWalk(int number)
{
    /// <summary>The mark of what belongs to compiled code, and not to a state.</summary>
    public const int Shared = -1;

    private readonly Stack<LuaObject> _open = new();

    /// <summary>Bytes met so far.</summary>
    public long Bytes { get; private set; }

    /// <summary>Counts an object, if it is met for the first time.</summary>
    public void Meet(LuaObject? it)
    {
        if (it is null || it.SeenBy == number || it.SeenBy == Shared || it.Type is LuaType.Number or LuaType.Boolean) return;
        it.SeenBy = number;
        if (it is LuaString text) Bytes += LuaString.OverheadBytes + text.Length;
        else _open.Push(it);
    }

    /// <summary>Counts what all objects met so far lead to.</summary>
    public void Finish()
    {
        while (_open.TryPop(out LuaObject? it))
        {
            switch (it)
            {
                case LuaTable table:
                    Bytes += table.OwnBytes;
                    table.Visit(this);
                    break;
                case LuaClosure closure:
                    Bytes += LuaClosure.OverheadBytes + (8 * closure.Upvalues.Length);
                    Meet(closure.Prototype);
                    Meet(closure.Environment);
                    foreach (Upvalue variable in closure.Upvalues) Meet(variable);
                    break;
                case NativeFunction function:
                    if (function.Held.Length > 0) Bytes += NativeFunction.OverheadBytes;
                    foreach (LuaValue value in function.Held) Meet(value.Object);
                    break;
                case LuaCoroutine coroutine:
                    Bytes += coroutine.OwnBytes;
                    coroutine.Visit(this);
                    break;
            }
        }
    }

    // As deep as functions are nested, which the parser bounds.
    private void Meet(LuaPrototype prototype)
    {
        if (prototype.SeenBy == number) return;
        prototype.SeenBy = number;
        Bytes += prototype.OwnBytes;
        foreach (LuaPrototype function in prototype.Functions) Meet(function);
    }

    private void Meet(Upvalue variable)
    {
        if (variable.SeenBy == number) return;
        variable.SeenBy = number;
        Bytes += Upvalue.OverheadBytes;
        if (variable.Owner is null) Meet(variable.Value.Object);
        else Meet(variable.Owner);
    }
}
