namespace Galley.Store.Scripting.Lua.Libraries;

/// <summary>The library <c>cmsgpack</c> of redis-server: MessagePack to values and back.</summary>
public static class MessagePackLibrary
{
    /// <summary>Adds the library to a state's globals.</summary>
    public static LuaTable Open(LuaState state)
    {
        ArgumentNullException.ThrowIfNull(state);
        LuaTable library = Library.Open(state, "cmsgpack");
        Library.Add(library, "pack", Pack);
        Library.Add(library, "unpack", (ref NativeCall call) => Unpack(ref call, 0, 0));
        Library.Add(library, "unpack_one", (ref NativeCall call) => Unpack(ref call, 1, call.OptionalInteger(1, 0)));
        Library.Add(library, "unpack_limit", (ref NativeCall call) => Unpack(ref call, call.CheckInteger(1), call.OptionalInteger(2, 0)));
        Library.Add(library, "_NAME", "cmsgpack");
        Library.Add(library, "_VERSION", "lua-cmsgpack 0.4.0");
        Library.Add(library, "_COPYRIGHT", "Copyright (C) 2012, Salvatore Sanfilippo");
        Library.Add(library, "_DESCRIPTION", "MessagePack C implementation for Lua");
        return library;
    }

    private static void Pack(ref NativeCall call)
    {
        if (call.Count == 0) throw call.Error("bad argument #0 to 'pack' (MessagePack pack needs input.)");
        using var bytes = new ByteBuilder(call.State);
        var writer = new MessagePackWriter(call.State, bytes);
        for (int i = 0; i < call.Count; i++) writer.Write(call[i], 0);
        call.Return(bytes.ToLuaString());
    }

    // Without limit and offset all there is; else the offset to go on from, or -1 at the end, before the values.
    private static void Unpack(ref NativeCall call, long limit, long offset)
    {
        ReadOnlySpan<byte> bytes = call.CheckString(0).Span;
        if (offset < 0 || limit < 0)
            throw call.Error($"Invalid request to unpack with offset of {unchecked((int)offset)} and limit of {bytes.Length}.");
        if (offset > bytes.Length) throw call.Error($"Start offset {unchecked((int)offset)} greater than input length {bytes.Length}.");
        bool isWhole = limit == 0 && offset == 0;
        if (isWhole) limit = long.MaxValue;

        var reader = new MessagePackReader(call.State, bytes[(int)offset..]);
        var values = new List<LuaValue>();
        while (values.Count < limit && !reader.IsAtEnd) values.Add(reader.Read(values.Count));
        if (!isWhole)
        {
            if (values.Count + 1 >= LuaState.HostStackMax) throw call.Error("stack overflow (in function mp_unpack_full)");
            call.Return(reader.IsAtEnd ? -1 : offset + reader.Position);
        }
        foreach (LuaValue value in values) call.Return(value);
    }
}
