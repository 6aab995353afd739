namespace Galley.Store.Scripting.Lua.Libraries;

/// <summary>The library <c>cjson</c> of redis-server: JSON to values and back.</summary>
public static class JsonLibrary
{
    /// <summary>More digits than these a number is not written with.</summary>
    internal const int NumberPrecisionMax = 14;

    private static readonly string[] OffOn = ["off", "on"];
    private static readonly string[] OffOnNull = ["off", "on", "null"];

    /// <summary>Adds the library to a state's globals.</summary>
    public static LuaTable Open(LuaState state)
    {
        ArgumentNullException.ThrowIfNull(state);
        LuaTable library = New(state, state.NewTable());
        state.Globals.Set(LuaString.From("cjson"), library);
        return library;
    }

    // Each instance has settings of its own.
    private static LuaTable New(LuaState state, LuaTable arrayMark)
    {
        LuaTable library = state.NewTable();
        var settings = new JsonSettings(arrayMark);
        Library.Add(library, "encode", (ref NativeCall call) => Encode(ref call, settings));
        Library.Add(library, "decode", (ref NativeCall call) => Decode(ref call, settings));
        Library.Add(library, "new", (ref NativeCall call) => call.Return(New(call.State, arrayMark)));
        Library.Add(library, "encode_sparse_array", (ref NativeCall call) => SparseArrays(ref call, settings));
        Library.Add(library, "encode_max_depth", (ref NativeCall call) =>
        {
            CheckCount(call, 1);
            settings.EncodeDepthMax = IntegerOption(ref call, 0, settings.EncodeDepthMax, 1, int.MaxValue);
        });
        Library.Add(library, "decode_max_depth", (ref NativeCall call) =>
        {
            CheckCount(call, 1);
            settings.DecodeDepthMax = IntegerOption(ref call, 0, settings.DecodeDepthMax, 1, int.MaxValue);
        });
        Library.Add(library, "encode_number_precision", (ref NativeCall call) =>
        {
            CheckCount(call, 1);
            settings.NumberPrecision = IntegerOption(ref call, 0, settings.NumberPrecision, 1, NumberPrecisionMax);
        });
        Library.Add(library, "encode_keep_buffer", (ref NativeCall call) =>
        {
            CheckCount(call, 1);
            settings.KeepsBuffer = WordOption(ref call, 0, settings.KeepsBuffer ? 1 : 0, OffOn) == 1;
        });
        Library.Add(library, "encode_invalid_numbers", (ref NativeCall call) =>
        {
            CheckCount(call, 1);
            settings.EncodeInvalidNumbers = (InvalidNumbers)WordOption(ref call, 0, (int)settings.EncodeInvalidNumbers, OffOnNull);
        });
        Library.Add(library, "decode_invalid_numbers", (ref NativeCall call) =>
        {
            CheckCount(call, 1);
            settings.DecodesInvalidNumbers = WordOption(ref call, 0, settings.DecodesInvalidNumbers ? 1 : 0, OffOn) == 1;
        });
        Library.Add(library, "decode_array_with_array_mt", (ref NativeCall call) =>
        {
            CheckCount(call, 1);
            settings.MarksArrays = WordOption(ref call, 0, settings.MarksArrays ? 1 : 0, OffOn) == 1;
        });
        library.Set(LuaString.From("null"), LuaUserdata.Null);
        Library.Add(library, "_NAME", "cjson");
        Library.Add(library, "_VERSION", "2.1.0");
        return library;
    }

    private static void Encode(ref NativeCall call, JsonSettings settings)
    {
        if (call.Count != 1) throw call.BadArgument(0, "expected 1 argument");
        using var text = new ByteBuilder(call.State);
        new JsonEncoder(call.State, settings, text).Write(call[0]);
        call.Return(text.ToLuaString());
    }

    private static void Decode(ref NativeCall call, JsonSettings settings)
    {
        if (call.Count != 1) throw call.BadArgument(0, "expected 1 argument");
        using var scratch = new ByteBuilder(call.State);
        call.Return(new JsonDecoder(call.State, settings, call.CheckString(0).Span, scratch).Read());
    }

    private static void SparseArrays(ref NativeCall call, JsonSettings settings)
    {
        CheckCount(call, 3);
        settings.ConvertsSparseArrays = WordOption(ref call, 0, settings.ConvertsSparseArrays ? 1 : 0, OffOn) == 1;
        settings.SparseRatio = IntegerOption(ref call, 1, settings.SparseRatio, 0, int.MaxValue);
        settings.SparseSafeLength = IntegerOption(ref call, 2, settings.SparseSafeLength, 0, int.MaxValue);
    }

    private static void CheckCount(in NativeCall call, int max)
    {
        if (call.Count > max) throw call.BadArgument(max, "found too many arguments");
    }

    // nil leaves a setting as it is; each setting is told back. The first argument is to blame, whichever it is.
    private static int IntegerOption(ref NativeCall call, int index, int current, int min, int max)
    {
        if (!call[index].IsNil)
        {
            current = Library.CheckInt(call, index);
            if (current < min || current > max) throw call.BadArgument(0, $"expected integer between {min} and {max}");
        }
        call.Return(current);
        return current;
    }

    private static int WordOption(ref NativeCall call, int index, int current, string[] words)
    {
        LuaValue value = call[index];
        if (value.IsBoolean)
        {
            current = value.IsTrue ? 1 : 0;
        }
        else if (!value.IsNil)
        {
            string word = call.CheckString(index).ToString();
            current = Array.IndexOf(words, word);
            if (current < 0) throw call.BadArgument(index, $"invalid option '{word}'");
        }
        if (current <= 1) call.Return(current == 1);
        else call.Return(LuaString.From(words[current]));
        return current;
    }
}
