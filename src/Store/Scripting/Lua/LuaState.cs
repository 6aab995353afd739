using System.Runtime.CompilerServices;

namespace Galley.Store.Scripting.Lua;

/// <summary>One Lua: globals, the running coroutine, the budget. One thread at a time may use it.</summary>
public sealed class LuaState
{
    /// <summary>The most values that a function of the host may put on the stack.</summary>
    public const int HostStackMax = 8000;

    // The first slots of a stack that has been used are cleared after each call from the outside; a larger one is given back.
    private const int StackKept = 1024;

    // What may have become garbage before it is counted what is left: a count takes some 20 us.
    private const long GarbageBytesMax = 1 << 20;

    // As many bytes are copied in the time of about one instruction.
    private const int BytesPerStep = 64;

    private static readonly LuaValue[] NoValues = [];

    private LuaValue[] _results = new LuaValue[8];
    private readonly LuaCoroutine _main;
    private int _stepsLeft = int.MaxValue;
    private long _tidyAtBytes = GarbageBytesMax;

    // The numbers of counts: they begin anywhere, because states share compiled code, which keeps the last.
    private int _walks = Random.Shared.Next();

    /// <summary>An empty state: no libraries.</summary>
    public LuaState()
    {
        Globals = new LuaTable(Budget);
        _main = new LuaCoroutine(this, Globals) { Status = CoroutineStatus.Running };
        Running = _main;
        Budget.Count = CountReachable;
        Budget.Tick = Tick;
    }

    /// <summary>What may be used.</summary>
    public LuaBudget Budget { get; } = new();

    /// <summary>The globals.</summary>
    public LuaTable Globals { get; }

    /// <summary>The metatable of all strings: {__index = string}.</summary>
    public LuaTable? StringMetatable { get; set; }

    /// <summary>After about so many instructions <see cref="OnCheck"/> is called: each step of a loop counts its body, each call its function.</summary>
    public int StepsBeforeCheck
    {
        get;
        set
        {
            field = value;
            _stepsLeft = value;
        }
    } = int.MaxValue;

    /// <summary>Functions that the host keeps, to call them again: what they hold is no garbage.</summary>
    public Func<IEnumerable<LuaFunction>>? KeptFunctions { get; set; }

    /// <summary>What the host looks at meanwhile; it stops the script by a <see cref="LuaStopException"/>.</summary>
    public Action? OnCheck { get; set; }

    /// <summary>The coroutine that runs.</summary>
    internal LuaCoroutine Running { get; set; }

    /// <summary>The iterator of pairs, which a loop does without calling it.</summary>
    internal NativeFunction? PairsStep { get; set; }

    /// <summary>The iterator of ipairs.</summary>
    internal NativeFunction? IpairsStep { get; set; }

    internal bool IsMain(LuaCoroutine coroutine) => ReferenceEquals(coroutine, _main);

    /// <summary>How deep the host's own stack is in calls of this state.</summary>
    internal int Levels { get; set; }

    /// <summary>Makes a string, charged to the budget.</summary>
    public LuaString NewString(ReadOnlySpan<byte> bytes)
    {
        Budget.Charge(LuaString.OverheadBytes + bytes.Length);
        return LuaString.From(bytes);
    }

    /// <summary>Takes bytes over as a string, charged to the budget.</summary>
    public LuaString TakeString(byte[] bytes)
    {
        Budget.Charge(LuaString.OverheadBytes + bytes.Length);
        return new LuaString(bytes);
    }

    /// <summary>Makes a table, charged to the budget.</summary>
    public LuaTable NewTable(int arrayCapacity = 0, int hashCapacity = 0) => new(Budget, arrayCapacity, hashCapacity);

    /// <summary>Compiles a script that the host keeps, charged to the budget.</summary>
    /// <exception cref="LuaException">The script is not Lua, or there is no memory for it.</exception>
    public LuaFunction Load(ReadOnlySpan<byte> source, ReadOnlySpan<byte> chunkName)
    {
        LuaPrototype prototype = LuaPrototype.Compile(source, chunkName);
        Budget.Charge(prototype.Bytes);
        return NewFunction(prototype);
    }

    /// <summary>Makes a function of a compiled script; its globals are those of the running coroutine.</summary>
    public LuaFunction NewFunction(LuaPrototype prototype)
    {
        Budget.Charge(LuaClosure.OverheadBytes);
        return new LuaClosure(prototype, [], Running.Globals);
    }

    /// <summary>Calls a function and gives its results; they stay valid until the next call.</summary>
    /// <exception cref="LuaException">The script has failed; the state may be used on.</exception>
    /// <exception cref="LuaStopException">The host has stopped it.</exception>
    public ReadOnlySpan<LuaValue> Call(LuaValue function, scoped ReadOnlySpan<LuaValue> arguments)
    {
        LuaCoroutine coroutine = Running;
        if (Levels == 0) return CallFromOutside(function, arguments);
        int at = coroutine.End, top = coroutine.Top;
        Push(coroutine, at, function, arguments);
        Calls.At(coroutine, at, arguments.Length, CallFrame.AllResults);
        return KeepResults(coroutine, at, top);
    }

    private ReadOnlySpan<LuaValue> CallFromOutside(LuaValue function, scoped ReadOnlySpan<LuaValue> arguments)
    {
        try
        {
            Push(_main, 0, function, arguments);
            Calls.At(_main, 0, arguments.Length, CallFrame.AllResults);
            return KeepResults(_main, 0, 0);
        }
        catch (Exception failure) when (NoteFailure(failure))
        {
            throw;
        }
        finally
        {
            _main.Unwind(-1, 0);
            _main.HostCalls = 0;
            _main.IsYielding = false;
            _main.Top = 0;
            _main.Status = CoroutineStatus.Running;
            if (_main.Stack.Length > StackKept) _main.Stack = new LuaValue[StackKept];
            else Array.Clear(_main.Stack);
            Running = _main;
            Levels = 0;
            Budget.ReturnToHost(new HostAccount(0, 0, true));
        }
    }

    /// <summary>Where the last call from outside has failed: the chunk's name and the line, as far as Lua code ran there.</summary>
    public (string Source, int Line)? FailedAt { get; private set; }

    // Before the calls are gone: a filter runs where the error arose. What it tells is where the main program was.
    private bool NoteFailure(Exception failure)
    {
        if (failure is LuaException or LuaStopException) FailedAt = ErrorTexts.PlaceOf(_main);
        return false;
    }

    private static void Push(LuaCoroutine coroutine, int at, LuaValue function, scoped ReadOnlySpan<LuaValue> arguments)
    {
        coroutine.EnsureStack(at + 1 + arguments.Length);
        coroutine.Stack[at] = function;
        arguments.CopyTo(coroutine.Stack.AsSpan(at + 1));
    }

    private ReadOnlySpan<LuaValue> KeepResults(LuaCoroutine coroutine, int at, int top)
    {
        int count = coroutine.Top - at;
        coroutine.Top = top;
        if (count == 0) return NoValues;
        if (count > _results.Length) _results = new LuaValue[Math.Max(count, _results.Length * 2)];
        coroutine.Stack.AsSpan(at, count).CopyTo(_results);
        return _results.AsSpan(0, count);
    }

    /// <summary>Counts work of the host's own (a pattern that goes back and back, a long sort) against the budget of instructions.</summary>
    /// <exception cref="LuaStopException">The script is stopped.</exception>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Tick(int steps)
    {
        if ((_stepsLeft -= steps) < 0) CheckSteps();
    }

    /// <summary>Counts bytes that are copied or compared.</summary>
    internal void TickBytes(long bytes)
    {
        if (bytes >= BytesPerStep) Tick((int)(bytes / BytesPerStep));
    }

    private void CheckSteps()
    {
        _stepsLeft = StepsBeforeCheck;
        OnCheck?.Invoke();
    }

    /// <summary>tostring without metamethods: numbers by %.14g.</summary>
    public LuaString ToText(LuaValue value)
    {
        switch (value.Type)
        {
            case LuaType.String: return value.AsString!;
            case LuaType.Number:
                Span<byte> digits = stackalloc byte[LuaNumbers.TextBytesMax];
                return NewString(digits[..LuaNumbers.Write(value.Number, digits)]);
            case LuaType.Nil: return LuaTexts.Nil;
            case LuaType.Boolean: return value.IsTrue ? LuaTexts.True : LuaTexts.False;
            case LuaType.Userdata: return LuaTexts.NullPointer;
            case LuaType.Table or LuaType.Function or LuaType.Thread:
            default:
                return LuaString.FromLatin1($"{NameOf(value.Type)}: 0x{LuaTexts.IdentityOf(value.Object!):x14}");
        }
    }

    /// <summary>A string that reads as a number (decimal or 0x, blanks around), as tonumber of Lua 5.1 reads it.</summary>
    public static bool TryToNumber(ReadOnlySpan<byte> text, out double number) => LuaNumbers.TryRead(text, out number);

    /// <summary>The name of a type, as the function type gives it.</summary>
    public static string NameOf(LuaType type) => LuaTexts.NameOf(type);

    /// <summary>The metatable of a value, or none.</summary>
    public LuaTable? MetatableOf(LuaValue value) => value.Object switch
    {
        LuaTable table => table.Metatable,
        LuaString => StringMetatable,
        _ => null,
    };

    internal LuaValue MetamethodOf(in LuaValue value, LuaEvent what) => MetatableOf(value) is { } metatable ? metatable.Metamethod(what) : default;

    /// <summary>value[key], with metamethods.</summary>
    public LuaValue Index(LuaValue value, LuaValue key) => Indexing.Get(Running, value, key, -1);

    /// <summary>value[key] = element, with metamethods.</summary>
    public void SetIndex(LuaValue value, LuaValue key, LuaValue element) => Indexing.Set(Running, value, key, element, -1);

    /// <summary>left less than right, with metamethods; an error if they have no order.</summary>
    public bool IsLess(LuaValue left, LuaValue right) => Comparison.IsLess(Running, left, right);

    /// <summary>left == right, with metamethods.</summary>
    public bool AreEqual(LuaValue left, LuaValue right) => Comparison.AreEqual(Running, left, right);

    /// <summary>Counts what the script holds by now, garbage left out.</summary>
    public void CollectGarbage() => Budget.Recount(0);

    /// <summary>The same, if there may be much garbage: what is charged stays near what is held. Between calls.</summary>
    public void Tidy()
    {
        if (Budget.Bytes < _tidyAtBytes) return;
        Settle();
    }

    /// <summary>
    /// Counts what is held by now, and fails in no case: what is too much, the next charge tells. Between calls: the results of the
    /// last are held no longer.
    /// </summary>
    public void Settle()
    {
        Array.Clear(_results);
        Budget.Settle(0);
        _tidyAtBytes = (2 * Budget.Bytes) + GarbageBytesMax;
    }

    private long CountReachable()
    {
        var walk = new MemoryWalk(++_walks);
        walk.Meet(Globals);
        walk.Meet(StringMetatable);
        walk.Meet(_main);
        walk.Meet(Running);
        foreach (ref readonly LuaValue value in _results.AsSpan()) walk.Meet(value.Object);
        foreach (LuaFunction function in KeptFunctions?.Invoke() ?? []) walk.Meet(function);
        walk.Finish();
        return walk.Bytes;
    }
}
