using System.Runtime.InteropServices;

namespace Galley.Store.Scripting.Lua.Libraries;

/// <content>Protected calls, loading of code, and environments.</content>
public static partial class BaseLibrary
{
    // What compiling and catching cost beside instructions.
    private const int StepsPerCompilation = 200;
    private const int StepsPerByte = 4;
    private const int StepsPerError = 200;

    /// <summary>pcall.</summary>
    internal static void ProtectedCall(ref NativeCall call)
    {
        call.CheckAny(0);
        LuaCoroutine coroutine = call.Coroutine;
        call.Return(true);
        int at = coroutine.Top;
        for (int i = 0; i < call.Count; i++) call.Return(call[i]);
        if (TryCall(ref call, at, call.Count - 1, out LuaValue error)) return;
        coroutine.Stack[at - 1] = LuaValue.False;
        coroutine.Stack[at] = error;
        coroutine.Top = at + 1;
    }

    private static void ProtectedCallWithHandler(ref NativeCall call)
    {
        call.CheckAny(1);
        LuaCoroutine coroutine = call.Coroutine;
        call.Return(true);
        int at = coroutine.Top;
        call.Return(call[0]);
        if (TryCall(ref call, at, 0, out LuaValue error)) return;
        coroutine.Top = at + 1;
        LuaValue handled = Handle(ref call, call[1], error);
        coroutine.Stack[at - 1] = LuaValue.False;
        coroutine.Stack[at] = handled;
        coroutine.Top = at + 1;
    }

    // Calls what lies on the stack; an error leaves everything as it was before.
    private static bool TryCall(ref NativeCall call, int at, int argumentCount, out LuaValue error)
    {
        LuaCoroutine coroutine = call.Coroutine;
        LuaState state = call.State;
        int depth = coroutine.Depth, hostCalls = coroutine.HostCalls, levels = state.Levels;
        HostAccount account = state.Budget.LeaveHost();
        try
        {
            Calls.At(coroutine, at, argumentCount, CallFrame.AllResults);
            error = default;
            return true;
        }
        catch (LuaException e)
        {
            error = e.Value;
        }
        finally
        {
            state.Budget.ReturnToHost(account);
        }
        coroutine.Unwind(depth, at);
        coroutine.HostCalls = hostCalls;
        state.Levels = levels;
        coroutine.EnsureStack(at + 1);
        state.Tick(StepsPerError);
        return false;
    }

    // A handler that fails is asked about its own error, as deep as calls may be.
    private static LuaValue Handle(ref NativeCall call, LuaValue handler, LuaValue error)
    {
        LuaCoroutine coroutine = call.Coroutine;
        for (int left = 220 - call.State.Levels; left > 0 && handler.AsFunction is not null; left--)
        {
            int at = coroutine.Top;
            call.Return(handler);
            call.Return(error);
            if (TryCall(ref call, at, 1, out LuaValue next)) return coroutine.Top > at ? coroutine.Stack[at] : default;
            coroutine.Top = at;
            error = next;
        }
        return LuaString.From("error in error handling"u8);
    }

    private static void LoadString(ref NativeCall call)
    {
        LuaString source = call.CheckString(0);
        LuaString name = call[1].IsNil ? source : call.CheckString(1);
        Load(ref call, source.Span, name);
    }

    private static void Load(ref NativeCall call)
    {
        LuaFunction reader = call.CheckFunction(0);
        LuaString name = call[1].IsNil ? LuaString.From("=(load)"u8) : call.CheckString(1);
        var source = new List<byte>();
        if (!TryReadAll(ref call, reader, source, out LuaValue error))
        {
            call.Return(LuaValue.Nil);
            call.Return(error);
            return;
        }
        Load(ref call, CollectionsMarshal.AsSpan(source), name);
    }

    // Calls the reader until it has no more.
    private static bool TryReadAll(ref NativeCall call, LuaFunction reader, List<byte> source, out LuaValue error)
    {
        LuaCoroutine coroutine = call.Coroutine;
        int top = coroutine.Top;
        while (true)
        {
            call.Return(reader);
            if (!TryCall(ref call, top, 0, out error))
            {
                coroutine.Top = top;
                return false;
            }
            LuaValue piece = coroutine.Top > top ? coroutine.Stack[top] : default;
            coroutine.Top = top;
            if (piece.IsNil) return true;
            if (piece.AsString is null && !piece.IsNumber)
            {
                error = LuaString.From("reader function must return a string"u8);
                return false;
            }
            LuaString text = call.State.ToText(piece);
            if (text.Length == 0) return true;
            call.State.Budget.Charge(text.Length);
            source.AddRange(text.Span);
        }
    }

    private static void Load(ref NativeCall call, ReadOnlySpan<byte> source, LuaString name)
    {
        try
        {
            call.State.Tick(StepsPerCompilation + (StepsPerByte * source.Length));
            LuaPrototype prototype = LuaPrototype.Compile(source, name.Span);
            call.State.Budget.Charge(prototype.Bytes);
            call.Return(call.State.NewFunction(prototype));
        }
        catch (LuaException e)
        {
            call.Return(LuaValue.Nil);
            call.Return(e.Value);
        }
    }

    private static void GetEnvironment(ref NativeCall call)
    {
        LuaFunction? function = EnvironmentOwner(ref call, true);
        call.Return(function is LuaClosure closure ? closure.Environment : call.Coroutine.Globals);
    }

    private static void SetEnvironment(ref NativeCall call)
    {
        LuaTable environment = call.CheckTable(1);
        if (call[0].IsNumber && call[0].AsNumber == 0)
        {
            call.Coroutine.Globals = environment;
            return;
        }
        if (EnvironmentOwner(ref call, false) is not LuaClosure closure) throw call.Error("'setfenv' cannot change environment of given object");
        closure.Environment = environment;
        call.Return(closure);
    }

    // A function, or the level of one that runs; none for level 0.
    private static LuaFunction? EnvironmentOwner(ref NativeCall call, bool isOptional)
    {
        if (call[0].AsFunction is { } given) return given;
        int level = isOptional ? OptionalInt(ref call, 0, 1) : (int)call.CheckInteger(0);
        if (level < 0) throw call.BadArgument(0, "level must be non-negative");
        if (level == 0 && isOptional) return null;
        int depth = ErrorTexts.FindLevel(call.Coroutine, level);
        if (depth == -1) throw call.BadArgument(0, "invalid level");
        if (depth < 0) throw call.Error($"no function environment for tail call at level {level}");
        return call.Coroutine.Frames[depth].Function;
    }
}
