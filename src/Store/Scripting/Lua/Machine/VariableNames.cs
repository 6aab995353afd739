namespace Galley.Store.Scripting.Lua;

/// <summary>What a value in a register is called in the script: found by reading its code, when there is an error to tell.</summary>
internal static class VariableNames
{
    /// <summary>The kind and name of the variable whose value is in a register of the running function.</summary>
    public static (string Kind, string Name)? Of(LuaCoroutine coroutine, int register) =>
        coroutine.Frame.Function is LuaClosure closure ? Of(closure.Prototype, coroutine.Frame.Pc - 1, register) : null;

    /// <summary>The same at an instruction.</summary>
    public static (string Kind, string Name)? Of(LuaPrototype prototype, int pc, int register)
    {
        if (prototype.LocalName(register, pc) is { } local) return ("local", local);
        int setter = SetterOf(prototype, pc, register);
        if (setter < 0) return null;
        Instruction i = prototype.Code[setter];
        return i.Op switch
        {
            Op.GetGlobal => ("global", prototype.Constants[i.Bx].ToString()),
            Op.Move when i.B < i.A => Of(prototype, setter, i.B),
            Op.GetField => ("field", Name(prototype, i.C)),
            Op.GetTable or Op.GetIndex => ("field", "?"),
            Op.GetUpvalue => ("upvalue", prototype.Captured[i.B].Name),
            Op.Self => ("method", Name(prototype, i.C)),
            _ => null,
        };
    }

    // As C prints it: up to a zero byte.
    private static string Name(LuaPrototype prototype, int constant)
    {
        string name = prototype.Constants[constant].ToString();
        int zero = name.IndexOf('\0', StringComparison.Ordinal);
        return zero < 0 ? name : name[..zero];
    }

    // The last instruction before pc that writes the register, on a straight way: jumps forward are taken.
    private static int SetterOf(LuaPrototype prototype, int lastPc, int register)
    {
        int found = -1;
        for (int pc = 0; pc < lastPc; pc++)
        {
            Instruction i = prototype.Code[pc];
            if (i.Op is Op.Jump or Op.ForPrepare or Op.ForLoop)
            {
                int target = pc + 1 + i.Bx;
                if (i.Op != Op.Jump && register >= i.A && register <= i.A + 3) found = pc;
                if (pc < target && target <= lastPc) pc = target - 1;
                continue;
            }
            if (Writes(i, register)) found = pc;
        }
        return found;
    }

    private static bool Writes(Instruction i, int register) => i.Op switch
    {
        Op.LoadNil => register >= i.A && register <= i.B,
        Op.Call or Op.TailCall => register >= i.A,
        Op.ForIn => register >= i.A + 2,
        Op.Self => register == i.A || register == i.A + 1,
        Op.Vararg => register >= i.A && (i.B == 0 || register < i.A + i.B - 1),
        Op.SetUpvalue or Op.SetGlobal or Op.SetTable or Op.SetField or Op.SetIndex or Op.SetList or Op.Return or Op.Close => false,
        >= Op.Equal and <= Op.ConstantLessOrEqual => false,
        _ => register == i.A,
    };
}

/// <summary>What a running function is called by the instruction that has called it.</summary>
internal static class CallNames
{
    /// <summary>The name of the function in a frame, and whether it was called as a method; none if the host has called it.</summary>
    public static (string? Name, bool IsMethod) Of(LuaCoroutine coroutine, int depth)
    {
        if (depth < 1 || coroutine.Frames[depth - 1].Function is not LuaClosure caller) return (null, false);
        ref CallFrame frame = ref coroutine.Frames[depth];
        if (frame.Function is LuaClosure && frame.TailCalls > 0) return (null, false);
        int pc = coroutine.Frames[depth - 1].Pc - 1;
        Instruction call = caller.Prototype.Code[pc];
        if (call.Op is not (Op.Call or Op.TailCall or Op.ForIn)) return (null, false);
        return VariableNames.Of(caller.Prototype, pc, call.A) is { } known ? (known.Name, known.Kind == "method") : (null, false);
    }
}
