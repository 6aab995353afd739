namespace Galley.Store.Scripting.Lua.Libraries;

/// <content>next, pairs and ipairs.</content>
public static partial class BaseLibrary
{
    private static void OpenIteration(LuaState state)
    {
        var next = new NativeFunction("next", Next); // Not the same as the global, as in lua5.1.
        var step = new NativeFunction("ipairs_step", IpairsStep);
        state.PairsStep = next;
        state.IpairsStep = step;
        state.Globals.Set(LuaString.From("pairs"u8), new NativeFunction("pairs", (ref NativeCall call) =>
        {
            LuaTable table = call.CheckTable(0);
            call.Return(next);
            call.Return(table);
            call.Return(LuaValue.Nil);
        }));
        state.Globals.Set(LuaString.From("ipairs"u8), new NativeFunction("ipairs", (ref NativeCall call) =>
        {
            LuaTable table = call.CheckTable(0);
            call.Return(step);
            call.Return(table);
            call.Return(0);
        }));
    }

    private static void Next(ref NativeCall call)
    {
        LuaTable table = call.CheckTable(0);
        LuaValue key = call[1];
        bool found = table.TryNext(ref key, out LuaValue value, out int passed);
        if (passed < 0) throw new LuaException("invalid key to 'next'");
        call.State.Tick(passed);
        if (!found)
        {
            call.Return(LuaValue.Nil);
            return;
        }
        call.Return(key);
        call.Return(value);
    }

    private static void IpairsStep(ref NativeCall call)
    {
        LuaTable table = call.CheckTable(0);
        double index = unchecked((int)call.CheckInteger(1) + 1);
        LuaValue value = table.At(index);
        if (value.IsNil) return;
        call.Return(index);
        call.Return(value);
    }
}
