namespace Galley.Store.Scripting.Lua.Libraries;

/// <summary>The basic functions, as redis-server's scripts have them: those of Lua 5.1 without what reads files or prints.</summary>
public static partial class BaseLibrary
{
    private static readonly LuaString NameOfMetatable = LuaString.From("__metatable"u8);

    /// <summary>Adds them to the globals of a state.</summary>
    public static void Open(LuaState state)
    {
        LuaTable globals = state.Globals;
        globals.Set(LuaString.From("_G"u8), globals);
        globals.Set(LuaString.From("_VERSION"u8), LuaString.From("Lua 5.1"u8));
        Add("assert", Assert);
        Add("collectgarbage", CollectGarbage);
        Add("error", Error);
        Add("gcinfo", GcInfo);
        Add("getfenv", GetEnvironment);
        Add("getmetatable", GetMetatable);
        Add("load", Load);
        Add("loadstring", LoadString);
        Add("next", Next);
        Add("pcall", ProtectedCall);
        Add("rawequal", RawEqual);
        Add("rawget", RawGet);
        Add("rawset", RawSet);
        Add("select", Select);
        Add("setfenv", SetEnvironment);
        Add("setmetatable", SetMetatable);
        Add("tonumber", ToNumber);
        Add("tostring", ToText);
        Add("type", TypeOf);
        Add("unpack", Unpack);
        Add("xpcall", ProtectedCallWithHandler);
        OpenIteration(state);

        void Add(string name, NativeBody body) => globals.Set(LuaString.From(name), new NativeFunction(name, body));
    }

    private static void Assert(ref NativeCall call)
    {
        if (!call.CheckAny(0).IsTrue) throw call.Error(call[1].IsNil ? "assertion failed!" : call.CheckString(1).ToString());
        for (int i = 0; i < call.Count; i++) call.Return(call[i]);
    }

    private static void Error(ref NativeCall call)
    {
        int level = OptionalInt(ref call, 1, 1);
        LuaValue value = call[0];
        if (level > 0 && (value.AsString is not null || value.IsNumber))
            value = ErrorTexts.Text(ErrorTexts.Where(call.Coroutine, level) + call.State.ToText(value));
        throw new LuaException(value);
    }

    // An argument of C's type int.
    private static int OptionalInt(ref NativeCall call, int index, int otherwise) => unchecked((int)call.OptionalInteger(index, otherwise));

    private static void GetMetatable(ref NativeCall call)
    {
        LuaTable? metatable = call.State.MetatableOf(call.CheckAny(0));
        LuaValue shown = metatable?.Get(NameOfMetatable) ?? default;
        call.Return(shown.IsNil ? metatable : shown);
    }

    private static void SetMetatable(ref NativeCall call)
    {
        LuaTable table = call.CheckTable(0);
        if (call.Count < 2 || call[1].Type is not (LuaType.Nil or LuaType.Table)) throw call.BadArgument(1, "nil or table expected");
        if (table.Metatable is { } old && !old.Get(NameOfMetatable).IsNil) throw call.Error("cannot change a protected metatable");
        call.CheckWritable(0);
        table.Metatable = call[1].AsTable;
        call.Return(table);
    }

    private static void RawEqual(ref NativeCall call) => call.Return(call.CheckAny(0).Equals(call.CheckAny(1)));

    private static void RawGet(ref NativeCall call)
    {
        LuaTable table = call.CheckTable(0);
        call.Return(table.Get(call.CheckAny(1)));
    }

    private static void RawSet(ref NativeCall call)
    {
        call.CheckTable(0);
        LuaValue key = call.CheckAny(1), value = call.CheckAny(2);
        LuaTable table = call.CheckWritable(0);
        Indexing.CheckKey(call.Coroutine, key);
        table.Set(key, value);
        call.Return(table);
    }

    private static void Select(ref NativeCall call)
    {
        if (call[0].AsString is { Length: > 0 } text && text.Span[0] == '#')
        {
            call.Return(call.Count - 1);
            return;
        }
        int from = (int)call.CheckInteger(0);
        if (from < 0) from += call.Count;
        else if (from > call.Count) from = call.Count;
        if (from < 1) throw call.BadArgument(0, "index out of range");
        call.FirstResult = call.First + from;
    }

    private static void ToNumber(ref NativeCall call)
    {
        int radix = OptionalInt(ref call, 1, 10);
        LuaValue value;
        if (radix == 10)
        {
            value = call.CheckAny(0);
            call.Return(Arithmetic.TryConvert(ref value) ? value : default);
            return;
        }
        LuaString text = call.CheckString(0);
        if (radix is < 2 or > 36) throw call.BadArgument(1, "base out of range");
        call.Return(TryReadInRadix(text.Span, radix, out double number) ? number : default(LuaValue));
    }

    // As strtoul reads it: blanks, a sign, 0x before hexadecimal; what is too large is the largest.
    private static bool TryReadInRadix(ReadOnlySpan<byte> text, int radix, out double number)
    {
        int zero = text.IndexOf((byte)0);
        text = LuaNumbers.Trim(zero < 0 ? text : text[..zero]);
        number = 0;
        if (text.IsEmpty) return false;
        bool negative = text[0] == '-';
        if (text[0] is (byte)'-' or (byte)'+') text = text[1..];
        if (radix == 16 && text.Length > 2 && text[0] == '0' && (text[1] | 0x20) == 'x') text = text[2..];
        ulong value = 0;
        bool overflow = false;
        foreach (byte c in text)
        {
            int digit = c is >= (byte)'0' and <= (byte)'9' ? c - '0' : (c | 0x20) is >= 'a' and <= 'z' ? (c | 0x20) - 'a' + 10 : 99;
            if (digit >= radix) return false;
            UInt128 next = ((UInt128)value * (uint)radix) + (uint)digit;
            overflow |= next > ulong.MaxValue;
            value = (ulong)next;
        }
        number = overflow ? ulong.MaxValue : negative ? 0 - value : value;
        return !text.IsEmpty;
    }

    private static void ToText(ref NativeCall call) => call.Return(TextOf(ref call, call.CheckAny(0)));

    private static LuaValue TextOf(ref NativeCall call, LuaValue value)
    {
        LuaValue handler = call.State.MetamethodOf(value, LuaEvent.ToString);
        if (handler.IsNil) return call.State.ToText(value);
        ReadOnlySpan<LuaValue> results = call.Call(handler, value);
        return results.IsEmpty ? default : results[0];
    }

    private static void TypeOf(ref NativeCall call) => call.Return(TypeNames[(int)call.CheckAny(0).Type]);

    private static readonly LuaString[] TypeNames = [.. Enum.GetValues<LuaType>().Select(t => LuaString.From(LuaState.NameOf(t)))];

    private static void Unpack(ref NativeCall call)
    {
        LuaTable table = call.CheckTable(0);
        int from = OptionalInt(ref call, 1, 1), to = call[2].IsNil ? table.Length : (int)call.CheckInteger(2);
        if (from > to) return;
        // As many as its stack takes.
        long count = (long)to - from + 1;
        if (count > LuaState.HostStackMax - call.Count) throw call.Error("too many results to unpack");
        call.CheckRoom((int)count, "unpack");
        for (long i = from; i <= to; i++) call.Return(table.Get((double)i));
    }

    private static void CollectGarbage(ref NativeCall call)
    {
        string option = call[0].IsNil ? "collect" : call.CheckString(0).ToString();
        OptionalInt(ref call, 1, 0);
        switch (option)
        {
            case "collect": call.State.CollectGarbage(); call.Return(0); break;
            case "count": call.Return(call.State.Budget.Bytes / 1024.0); break;
            case "step": call.State.CollectGarbage(); call.Return(true); break;
            case "setpause" or "setstepmul": call.Return(200); break;
            case "stop" or "restart": call.Return(0); break;
            default: throw call.BadArgument(0, $"invalid option '{option}'");
        }
    }

    private static void GcInfo(ref NativeCall call) => call.Return(Math.Floor(call.State.Budget.Bytes / 1024.0));
}
