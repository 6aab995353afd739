namespace Galley.Store.Scripting.Lua.Libraries;

/// <summary>The library <c>table</c> of Lua 5.1. It reads and writes tables past their metamethods.</summary>
public static class TableLibrary
{
    private const int StepsBetweenTicks = 1_024;

    /// <summary>Adds the library to a state's globals.</summary>
    public static LuaTable Open(LuaState state)
    {
        ArgumentNullException.ThrowIfNull(state);
        LuaTable library = Library.Open(state, "table");
        Library.Add(library, "concat", Concatenate);
        Library.Add(library, "foreach", ForEach);
        Library.Add(library, "foreachi", ForEachIndex);
        Library.Add(library, "getn", (ref NativeCall call) => call.Return(call.CheckTable(0).Length));
        Library.Add(library, "insert", Insert);
        Library.Add(library, "maxn", HighestKey);
        Library.Add(library, "remove", Remove);
        Library.Add(library, "setn", SetLength);
        Library.Add(library, "sort", TableSort.Run);
        return library;
    }

    private static void Concatenate(ref NativeCall call)
    {
        ReadOnlySpan<byte> separator = call[1].IsNil ? [] : call.CheckString(1).Span;
        LuaTable table = call.CheckTable(0);
        int i = Library.OptionalInt(call, 2, 1);
        int last = call[3].IsNil ? table.Length : Library.CheckInt(call, 3);
        using var text = new ByteBuilder(call.State);
        for (int steps = 1; i <= last; i++, steps++)
        {
            LuaValue value = table.Get(i);
            if (!value.IsNumber && value.AsString is null)
                throw call.Error($"invalid value ({LuaState.NameOf(value.Type)}) at index {i} in table for 'concat'");
            text.Add(value.AsString is { } part ? part.Span : call.State.ToText(value).Span);
            if (i == last) break; // The last may be the greatest int.
            text.Add(separator);
            if (steps % StepsBetweenTicks == 0) call.State.Tick(StepsBetweenTicks);
        }
        call.Return(text.ToLuaString());
    }

    private static void ForEach(ref NativeCall call)
    {
        LuaTable table = call.CheckTable(0);
        LuaValue function = call.CheckFunction(1);
        LuaValue key = LuaValue.Nil;
        while (table.TryNext(ref key, out LuaValue value))
        {
            if (TryCall(ref call, function, key, value)) return;
        }
    }

    private static void ForEachIndex(ref NativeCall call)
    {
        LuaTable table = call.CheckTable(0);
        LuaValue function = call.CheckFunction(1);
        int length = table.Length;
        for (int i = 1; i <= length; i++)
        {
            if (TryCall(ref call, function, i, table.Get(i))) return;
        }
    }

    // The first result that is not nil ends the loop, and is its result.
    private static bool TryCall(ref NativeCall call, LuaValue function, LuaValue key, LuaValue value)
    {
        ReadOnlySpan<LuaValue> results = call.Call(function, key, value);
        if (results.IsEmpty || results[0].IsNil) return false;
        call.Return(results[0]);
        return true;
    }

    private static void Insert(ref NativeCall call)
    {
        LuaTable table = call.CheckTable(0);
        int end = table.Length + 1;
        if (call.Count == 2)
        {
            Library.Write(table, end, call[1]);
            return;
        }
        if (call.Count != 3) throw call.Error("wrong number of arguments to 'insert'");
        int position = Library.CheckInt(call, 1);
        for (int i = Math.Max(end, position); i > position; i--)
        {
            Library.Write(table, i, table.Get(i - 1));
            if (i % StepsBetweenTicks == 0) call.State.Tick(StepsBetweenTicks);
        }
        Library.Write(table, position, call[2]);
    }

    private static void Remove(ref NativeCall call)
    {
        LuaTable table = call.CheckTable(0);
        int last = table.Length;
        int position = Library.OptionalInt(call, 1, last);
        if (position < 1 || position > last) return;
        LuaValue removed = table.Get(position);
        for (int i = position; i < last; i++)
        {
            Library.Write(table, i, table.Get(i + 1));
            if (i % StepsBetweenTicks == 0) call.State.Tick(StepsBetweenTicks);
        }
        Library.Write(table, last, LuaValue.Nil);
        call.Return(removed);
    }

    private static void HighestKey(ref NativeCall call)
    {
        LuaTable table = call.CheckTable(0);
        double highest = 0;
        LuaValue key = LuaValue.Nil;
        for (int steps = 1; table.TryNext(ref key, out _); steps++)
        {
            if (key.IsNumber && key.AsNumber > highest) highest = key.AsNumber;
            if (steps % StepsBetweenTicks == 0) call.State.Tick(StepsBetweenTicks);
        }
        call.Return(highest);
    }

    private static void SetLength(ref NativeCall call)
    {
        call.CheckTable(0);
        throw call.Error("'setn' is obsolete");
    }
}
