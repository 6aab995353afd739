namespace Galley.Store.Scripting.Lua.Libraries;

/// <summary>The few places where a function of C heeds metamethods: tables of replacements in gsub, the order of sort.</summary>
internal static class Metamethods
{
    // As many as Lua follows before it calls them a loop.
    private const int LoopsMax = 100;

    private static readonly LuaString IndexName = LuaString.From("__index");
    private static readonly LuaString LessName = LuaString.From("__lt");

    /// <summary>table[key], with __index.</summary>
    internal static LuaValue Index(in NativeCall call, LuaTable table, LuaValue key)
    {
        LuaValue owner = table;
        for (int i = 0; i < LoopsMax; i++)
        {
            if (owner.AsTable is not { } from) throw new LuaException($"attempt to index a {Library.NameOf(owner.Type)} value");
            LuaValue value = from.Get(key);
            if (!value.IsNil || from.Metatable is null) return value;
            LuaValue handler = from.Metatable.Get(IndexName);
            if (handler.IsNil) return LuaValue.Nil;
            if (handler.AsFunction is not null)
            {
                ReadOnlySpan<LuaValue> results = call.Call(handler, owner, key);
                return results.IsEmpty ? LuaValue.Nil : results[0];
            }
            owner = handler;
        }
        throw new LuaException("loop in gettable");
    }

    /// <summary>left &lt; right, with __lt.</summary>
    internal static bool IsLess(in NativeCall call, LuaValue left, LuaValue right)
    {
        if (left.IsNumber && right.IsNumber) return left.AsNumber < right.AsNumber;
        if (left.AsString is { } text && right.AsString is { } other) return text.CompareTo(other) < 0;
        if (left.AsTable?.Metatable?.Get(LessName) is { IsNil: false } handler && right.AsTable?.Metatable?.Get(LessName) == handler)
        {
            ReadOnlySpan<LuaValue> results = call.Call(handler, left, right);
            return !results.IsEmpty && results[0].IsTrue;
        }
        string mine = Library.NameOf(left.Type);
        string its = Library.NameOf(right.Type);
        // By the third letter, as Lua tells types apart: a string and a thread are "two string values".
        throw new LuaException(mine[2] == its[2] ? $"attempt to compare two {mine} values" : $"attempt to compare {mine} with {its}");
    }
}
