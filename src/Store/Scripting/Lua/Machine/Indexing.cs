namespace Galley.Store.Scripting.Lua;

/// <summary>Reading and writing of elements off the fast path: metatables.</summary>
internal static class Indexing
{
    // More handlers than this that lead one to another are a circle.
    private const int ChainMax = 100;

    /// <summary>The element of the table that a table's metatable names for what it lacks itself: a class, most often.</summary>
    public static bool TryInherit(in LuaValue value, in LuaValue key, out LuaValue found)
    {
        if (key.Object is LuaString name && value.Object is LuaTable { Metatable: { } metatable } table
            && table.At(name).Object is null && metatable.Metamethod(LuaEvent.Index).Object is LuaTable parent)
        {
            found = parent.At(name);
            return found.Object is not null;
        }
        found = default;
        return false;
    }

    /// <summary>The element of a value, as the script reads it.</summary>
    /// <param name="register">Where the value is, for messages; -1 if in no register.</param>
    public static LuaValue Get(LuaCoroutine coroutine, in LuaValue value, in LuaValue key, int register)
    {
        LuaValue at = value;
        for (int i = 0; i < ChainMax; i++)
        {
            LuaValue handler;
            if (at.Object is LuaTable table)
            {
                LuaValue found = table.At(key);
                if (!found.IsNil || table.Metatable is null) return found;
                handler = table.Metatable.Metamethod(LuaEvent.Index);
                if (handler.IsNil) return default;
            }
            else
            {
                handler = coroutine.State.MetamethodOf(at, LuaEvent.Index);
                if (handler.IsNil) throw ErrorTexts.BadOperand(coroutine, at, "index", i == 0 ? register : -1);
            }
            if (handler.Object is LuaFunction) return Calls.Metamethod(coroutine, handler, at, key);
            at = handler;
        }
        throw ErrorTexts.Positioned(coroutine, "loop in gettable");
    }

    /// <summary>Sets an element, as the script writes it.</summary>
    public static void Set(LuaCoroutine coroutine, in LuaValue value, in LuaValue key, in LuaValue element, int register)
    {
        LuaValue at = value;
        for (int i = 0; i < ChainMax; i++)
        {
            LuaValue handler;
            if (at.Object is LuaTable table)
            {
                if (table.IsReadOnly) throw ErrorTexts.Positioned(coroutine, "Attempt to modify a readonly table");
                CheckKey(coroutine, key);
                handler = table.Metatable is null || !table.At(key).IsNil ? default : table.Metatable.Metamethod(LuaEvent.NewIndex);
                if (handler.IsNil)
                {
                    table.Set(key, element);
                    return;
                }
            }
            else
            {
                handler = coroutine.State.MetamethodOf(at, LuaEvent.NewIndex);
                if (handler.IsNil) throw ErrorTexts.BadOperand(coroutine, at, "index", i == 0 ? register : -1);
            }
            if (handler.Object is LuaFunction)
            {
                Calls.Metamethod(coroutine, handler, at, key, element);
                return;
            }
            at = handler;
        }
        throw ErrorTexts.Positioned(coroutine, "loop in settable");
    }

    /// <summary>What cannot be a key of a table.</summary>
    public static void CheckKey(LuaCoroutine coroutine, in LuaValue key)
    {
        if (key.IsNil) throw ErrorTexts.Positioned(coroutine, "table index is nil");
        if (key.IsNumber && double.IsNaN(key.Number)) throw ErrorTexts.Positioned(coroutine, "table index is NaN");
    }
}
