using Galley.Store.Scripting.Lua;

namespace Galley.Store.Scripting;

/// <summary>A library while its main chunk runs, and <c>redis.register_function</c>, which it calls.</summary>
internal sealed class LibraryLoad(FunctionLibrary library)
{
    private readonly FunctionLibrary _library = library;

    /// <summary>
    /// <c>redis.register_function(name, callback)</c>, or with one table of <c>function_name</c>, <c>callback</c>,
    /// <c>flags</c> and <c>description</c>.
    /// </summary>
    public void Register(ref NativeCall call)
    {
        if (call.Count is < 1 or > 2) throw Failure(call, "ERR wrong number of arguments to redis.register_function"u8);
        LibraryFunction function = call.Count == 1 ? FromTable(call) : FromPair(call);
        if (!FunctionLibraries.IsName(function.Name)) throw Failure(call, FunctionLibraries.BadName);
        if (_library.Functions.Exists(f => FunctionNameComparer.Instance.Equals(f.Name, function.Name)))
            throw Failure(call, "ERR Function already exists in the library"u8);
        _library.Functions.Add(function);
    }

    private static LibraryFunction FromPair(in NativeCall call)
    {
        if (TextOf(in call, call[0]) is not { } name) throw Failure(call, "ERR first argument to redis.register_function must be a string"u8);
        if (call[1].AsFunction is not { } callback) throw Failure(call, "ERR second argument to redis.register_function must be a function"u8);
        return new LibraryFunction(name, null, ScriptFlags.None, callback);
    }

    private static LibraryFunction FromTable(in NativeCall call)
    {
        if (call[0].AsTable is not { } table)
        {
            throw Failure(call, "ERR calling redis.register_function with a single argument is only applicable to Lua table"u8
                + " (representing named arguments)."u8);
        }
        byte[]? name = null;
        byte[]? description = null;
        LuaFunction? callback = null;
        ScriptFlags flags = ScriptFlags.None;
        LuaValue key = LuaValue.Nil;
        while (table.TryNext(ref key, out LuaValue value))
        {
            if (TextOf(in call, key) is not { } option) throw Failure(call, "ERR named argument key given to redis.register_function is not a string"u8);
            if (System.Text.Ascii.EqualsIgnoreCase(option, "function_name"u8))
                name = TextOf(in call, value) ?? throw Failure(call, "ERR function_name argument given to redis.register_function must be a string"u8);
            else if (System.Text.Ascii.EqualsIgnoreCase(option, "description"u8))
                description = TextOf(in call, value) ?? throw Failure(call, "ERR description argument given to redis.register_function must be a string"u8);
            else if (System.Text.Ascii.EqualsIgnoreCase(option, "callback"u8))
                callback = value.AsFunction ?? throw Failure(call, "ERR callback argument given to redis.register_function must be a function"u8);
            else if (System.Text.Ascii.EqualsIgnoreCase(option, "flags"u8)) flags = FlagsOf(call, value);
            else throw Failure(call, "ERR unknown argument given to redis.register_function"u8);
        }
        if (name is null) throw Failure(call, "ERR redis.register_function must get a function name argument"u8);
        if (callback is null) throw Failure(call, "ERR redis.register_function must get a callback argument"u8);
        return new LibraryFunction(name, description, flags, callback);
    }

    private static ScriptFlags FlagsOf(in NativeCall call, LuaValue value)
    {
        if (value.AsTable is not { } names)
            throw Failure(call, "ERR flags argument to redis.register_function must be a table representing function flags"u8);
        var flags = ScriptFlags.None;
        for (int i = 1; !names.Get(i).IsNil; i++)
        {
            if (names.Get(i).AsString is not { } name || !ScriptFlagNames.TryFind(name.ToString(), out ScriptFlags flag))
                throw Failure(call, "ERR unknown flag given"u8);
            flags |= flag;
        }
        return flags;
    }

    private static byte[]? TextOf(in NativeCall call, LuaValue value) =>
        value.AsString is not null || value.IsNumber ? call.State.ToText(value).Span.ToArray() : null;

    private static LuaException Failure(in NativeCall call, ReadOnlySpan<byte> error) => RedisLibrary.Failure(call.State, error);
}
