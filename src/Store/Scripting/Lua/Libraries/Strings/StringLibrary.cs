namespace Galley.Store.Scripting.Lua.Libraries;

/// <summary>
/// The library <c>string</c> of Lua 5.1. Strings are bytes; positions count from 1, or back from the end if negative.
/// </summary>
public static partial class StringLibrary
{
    // Work on bytes is counted as one instruction for so many.
    private const int BytesPerTick = 256;

    /// <summary>Adds the library to a state's globals.</summary>
    /// <returns>The library, which is also the __index of every string.</returns>
    public static LuaTable Open(LuaState state)
    {
        ArgumentNullException.ThrowIfNull(state);
        LuaTable library = Library.Open(state, "string");
        Library.Add(library, "byte", Byte);
        Library.Add(library, "char", Char);
        Library.Add(library, "dump", Dump);
        Library.Add(library, "find", Find);
        Library.Add(library, "format", Format);
        Library.Add(library, "gmatch", GlobalMatch);
        library.Set(LuaString.From("gfind"), library.Get(LuaString.From("gmatch")));
        Library.Add(library, "gsub", GlobalSubstitute);
        Library.Add(library, "len", Length);
        Library.Add(library, "lower", Lower);
        Library.Add(library, "match", Match);
        Library.Add(library, "rep", Repeat);
        Library.Add(library, "reverse", Reverse);
        Library.Add(library, "sub", Sub);
        Library.Add(library, "upper", Upper);
        state.StringMetatable = state.NewTable();
        state.StringMetatable.Set(LuaString.From("__index"), library);
        return library;
    }

    private static void Byte(ref NativeCall call)
    {
        LuaString text = call.CheckString(0);
        long first = FromEnd(call.OptionalInteger(1, 1), text.Length);
        long last = FromEnd(call.OptionalInteger(2, first), text.Length);
        if (first <= 0) first = 1;
        if (last > text.Length) last = text.Length;
        if (first > last) return;
        if (call.Count + (last - first + 1) > LuaState.HostStackMax) throw call.Error("stack overflow (string slice too long)");
        foreach (byte c in text.Span[(int)(first - 1)..(int)last]) call.Return(c);
    }

    private static void Char(ref NativeCall call)
    {
        byte[] bytes = new byte[call.Count];
        for (int i = 0; i < bytes.Length; i++)
        {
            int code = Library.CheckInt(call, i);
            if (code is < 0 or > byte.MaxValue) throw call.BadArgument(i, "invalid value");
            bytes[i] = (byte)code;
        }
        call.Return(call.State.TakeString(bytes));
    }

    // redis-server gives the bytecode of a function of Lua, which load() there refuses. Here there is none to give.
    private static void Dump(ref NativeCall call)
    {
        call.CheckFunction(0);
        throw call.Error("unable to dump given function");
    }

    private static void Length(ref NativeCall call) => call.Return(call.CheckString(0).Length);

    private static void Lower(ref NativeCall call)
    {
        byte[] bytes = Copy(call, call.CheckString(0));
        foreach (ref byte c in bytes.AsSpan()) c = c is >= (byte)'A' and <= (byte)'Z' ? (byte)(c | 0x20) : c;
        call.Return(new LuaString(bytes));
    }

    private static void Upper(ref NativeCall call)
    {
        byte[] bytes = Copy(call, call.CheckString(0));
        foreach (ref byte c in bytes.AsSpan()) c = c is >= (byte)'a' and <= (byte)'z' ? (byte)(c & ~0x20) : c;
        call.Return(new LuaString(bytes));
    }

    private static void Reverse(ref NativeCall call)
    {
        byte[] bytes = Copy(call, call.CheckString(0));
        bytes.AsSpan().Reverse();
        call.Return(new LuaString(bytes));
    }

    private static void Repeat(ref NativeCall call)
    {
        LuaString text = call.CheckString(0);
        int count = Library.CheckInt(call, 1);
        if (count <= 0 || text.Length == 0)
        {
            call.Return(LuaString.Empty);
            return;
        }
        Span<byte> target = Allocate(call, (long)text.Length * count, out byte[] bytes);
        // Each copy doubles what is there, so that many short ones cost as much as few long ones.
        text.Span.CopyTo(target);
        for (int done = text.Length; done < target.Length; done *= 2)
        {
            target[..Math.Min(done, target.Length - done)].CopyTo(target[done..]);
            if (done > target.Length / 2) break;
        }
        call.Return(new LuaString(bytes));
    }

    private static void Sub(ref NativeCall call)
    {
        LuaString text = call.CheckString(0);
        long first = FromEnd(call.CheckInteger(1), text.Length);
        long last = FromEnd(call.OptionalInteger(2, -1), text.Length);
        if (first < 1) first = 1;
        if (last > text.Length) last = text.Length;
        if (first > last) call.Return(LuaString.Empty);
        else if (first == 1 && last == text.Length) call.Return(text);
        else call.Return(call.State.NewString(text.Span[(int)(first - 1)..(int)last]));
    }

    // A negative position counts from the end; one before the start is 0.
    private static long FromEnd(long position, int length) => position < 0 ? Math.Max(position + length + 1, 0) : position;

    private static byte[] Copy(in NativeCall call, LuaString text)
    {
        text.Span.CopyTo(Allocate(call, text.Length, out byte[] bytes));
        return bytes;
    }

    // Bytes that the script pays for before they are there.
    private static Span<byte> Allocate(in NativeCall call, long length, out byte[] bytes)
    {
        if (length > Array.MaxLength) throw new LuaException("not enough memory");
        call.State.Budget.Charge(LuaString.OverheadBytes + length);
        call.State.Tick((int)(length / BytesPerTick));
        bytes = GC.AllocateUninitializedArray<byte>((int)length);
        return bytes;
    }
}
