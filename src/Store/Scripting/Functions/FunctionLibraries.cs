using System.Diagnostics.CodeAnalysis;
using System.Text;
using Galley.Store.Commands;
using Galley.Store.Keyspace;
using Galley.Store.Scripting.Lua;

namespace Galley.Store.Scripting;

/// <summary>
/// The libraries of FUNCTION LOAD, in one state of Lua. While the main chunk of a library runs, its globals are nothing but
/// <c>redis.register_function</c> and the log; when its functions run, the same table holds what scripts find.
/// </summary>
internal sealed class FunctionLibraries
{
    private const string NameOption = "name=";
    private static readonly TimeSpan LoadLimit = TimeSpan.FromMilliseconds(500);
    private static ReadOnlySpan<byte> ChunkName => "@user_function"u8;

    private readonly ServerContext _server;
    private readonly ScriptWatch _watch;
    private readonly LuaTable _loadingGlobals;
    private readonly LuaTable _runningGlobals;
    private readonly SortedDictionary<byte[], FunctionLibrary> _libraries = new(BytesComparer.Instance);
    private readonly Dictionary<byte[], (FunctionLibrary Library, LibraryFunction Function)> _functions = new(FunctionNameComparer.Instance);

    public FunctionLibraries(LuaState state, ServerContext server, ScriptWatch watch)
    {
        State = state;
        _server = server;
        _watch = watch;

        _runningGlobals = Copy(state.Globals);
        _loadingGlobals = state.NewTable(hashCapacity: 1);
        state.KeptFunctions = () => _functions.Values.Select(entry => entry.Function.Callback);
    }

    public LuaState State { get; }

    /// <summary>In the order of their names.</summary>
    public IReadOnlyCollection<FunctionLibrary> All => _libraries.Values;

    public int FunctionCount => _functions.Count;

    /// <summary>Bytes of the texts of all libraries and of what finds their functions, roughly.</summary>
    public long TextBytes { get; private set; }

    /// <summary>Bytes of the texts and of the state.</summary>
    public long HeldBytes => TextBytes + State.Budget.Bytes;

    public static ReadOnlySpan<byte> BadName =>
        "ERR Library names can only contain letters, numbers, or underscores(_) and must be at least one character long"u8;

    public static bool IsName(ReadOnlySpan<byte> name)
    {
        foreach (byte letter in name)
        {
            if (!char.IsAsciiLetterOrDigit((char)letter) && letter != '_') return false;
        }
        return !name.IsEmpty;
    }

    public bool TryFind(ReadOnlySpan<byte> name, [NotNullWhen(true)] out LibraryFunction? function)
    {
        bool isFound = _functions.GetAlternateLookup<ReadOnlySpan<byte>>().TryGetValue(name, out var entry);
        function = entry.Function;
        return isFound;
    }

    /// <summary>Loads a library; nothing has changed where it fails.</summary>
    /// <param name="replaces">A library of the same name makes room for it.</param>
    public bool TryLoad(byte[] code, bool replaces, out byte[] name, out string error)
    {
        State.Tidy();
        if (!TryReadHead(code, out name, out int bodyAt, out error)) return false;
        _libraries.TryGetValue(name, out FunctionLibrary? old);
        if (old is not null && !replaces)
        {
            error = $"ERR Library '{Encoding.Latin1.GetString(name)}' already exists";
            return false;
        }
        var library = new FunctionLibrary(name, code);
        if (!TryRegister(library, code.AsSpan(bodyAt), out error)) return false;
        foreach (LibraryFunction function in library.Functions)
        {
            if (!_functions.TryGetValue(function.Name, out var entry) || entry.Library == old) continue;
            error = $"ERR Function {Encoding.Latin1.GetString(function.Name)} already exists";
            return false;
        }
        if (old is not null) Remove(old);
        Add(library);
        return true;
    }

    /// <summary>Forgets a library; false where there is none of the name.</summary>
    public bool TryDelete(ReadOnlySpan<byte> name)
    {
        if (!_libraries.TryGetValue(name.ToArray(), out FunctionLibrary? library)) return false;
        Remove(library);
        State.Tidy();
        return true;
    }

    /// <summary>Forgets all libraries.</summary>
    public void Clear()
    {
        _libraries.Clear();
        _functions.Clear();
        TextBytes = 0;
        State.Settle();
    }

    /// <summary>All libraries as they are now, for <see cref="TakeBack"/>.</summary>
    public FunctionLibrary[] Keep() => [.. _libraries.Values];

    /// <summary>The libraries are again what they were.</summary>
    public void TakeBack(FunctionLibrary[] kept)
    {
        Clear();
        foreach (FunctionLibrary library in kept) Add(library);
        State.Settle();
    }

    private void Add(FunctionLibrary library)
    {
        _libraries.Add(library.Name, library);
        foreach (LibraryFunction function in library.Functions) _functions.Add(function.Name, (library, function));
        TextBytes += library.TextBytes;
    }

    private void Remove(FunctionLibrary library)
    {
        _libraries.Remove(library.Name);
        foreach (LibraryFunction function in library.Functions) _functions.Remove(function.Name);
        TextBytes -= library.TextBytes;
    }

    /// <summary>Reads the first line: the engine and the name.</summary>
    private static bool TryReadHead(ReadOnlySpan<byte> code, out byte[] name, out int bodyAt, out string error)
    {
        name = [];
        bodyAt = 0;
        error = "";
        if (!Shebang.IsAt(code)) error = "ERR Missing library metadata";
        else if (!Shebang.TryCut(code, out Shebang shebang)) error = "ERR Invalid library metadata";
        else if (TryReadName(shebang, out name, out error)) bodyAt = code.Length - shebang.Body.Length;
        return error.Length == 0;
    }

    private static bool TryReadName(in Shebang shebang, out byte[] name, out string error)
    {
        string? given = null;
        error = "";
        name = [];
        foreach (string option in shebang.Words.Skip(1))
        {
            if (!option.StartsWith(NameOption, StringComparison.OrdinalIgnoreCase)) error = "ERR Invalid metadata value given: " + option;
            else if (given is not null) error = "ERR Invalid metadata value, name argument was given multiple times";
            given = option[Math.Min(option.Length, NameOption.Length)..];
            if (error.Length > 0) return false;
        }
        string engine = shebang.Words[0][2..];
        if (given is null) error = "ERR Library name was not given";
        else if (!IsName(name = Encoding.Latin1.GetBytes(given))) error = Encoding.ASCII.GetString(BadName);
        else if (!engine.Equals("LUA", StringComparison.OrdinalIgnoreCase)) error = $"ERR Engine '{engine}' not found";
        return error.Length == 0;
    }

    /// <summary>Runs the main chunk, which registers its functions.</summary>
    private bool TryRegister(FunctionLibrary library, ReadOnlySpan<byte> body, out string error)
    {
        LuaFunction main;
        try
        {
            main = State.Load(body, ChunkName);
        }
        catch (LuaException failure)
        {
            error = $"ERR Error compiling function: {failure.Message}";
            return false;
        }
        try
        {
            EnterLoading(library);
            State.Call(main, []);
            error = library.Functions.Count > 0 ? "" : "ERR No functions registered";
        }
        catch (LuaException failure)
        {
            error = "ERR Error registering functions: " + Encoding.Latin1.GetString(ScriptHost.Message(State, failure));
        }
        catch (LuaStopException stop)
        {
            error = "ERR Error registering functions: ERR " + stop.Message;
        }
        finally
        {
            LeaveLoading();
        }
        return error.Length == 0;
    }

    private void EnterLoading(FunctionLibrary library)
    {
        LuaTable redis = RedisLibrary.NewForLoading(State, _server);
        RedisLibrary.Add(redis, "register_function", new LibraryLoad(library).Register);
        redis.Metatable = Sandbox.Guard(State);
        redis.IsReadOnly = true;
        foreach (LuaString name in Names.Library) _loadingGlobals.Set(name, redis);
        Replace(State.Globals, _loadingGlobals);
        _watch.BeginLoad(State, LoadLimit);
    }

    private void LeaveLoading()
    {
        _watch.End(State);
        Replace(State.Globals, _runningGlobals);
    }

    private LuaTable Copy(LuaTable table)
    {
        LuaTable copy = State.NewTable();
        Put(copy, table);
        return copy;
    }

    /// <summary>A table becomes another in all but its identity, which the functions made under it hold.</summary>
    private static void Replace(LuaTable table, LuaTable contents)
    {
        LuaValue key = LuaValue.Nil;
        while (table.TryNext(ref key, out _)) table.Set(key, LuaValue.Nil);
        Put(table, contents);
    }

    private static void Put(LuaTable table, LuaTable contents)
    {
        LuaValue key = LuaValue.Nil;
        while (contents.TryNext(ref key, out LuaValue value)) table.Set(key, value);
    }
}
