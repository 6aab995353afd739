namespace Galley.Store.Scripting.Lua.Libraries;

/// <summary>The library coroutine.</summary>
public static class CoroutineLibrary
{
    private static readonly LuaString[] StatusNames =
        [LuaString.From("suspended"u8), LuaString.From("running"u8), LuaString.From("normal"u8), LuaString.From("dead"u8)];

    /// <summary>Adds it to the globals of a state.</summary>
    public static void Open(LuaState state)
    {
        LuaTable library = state.NewTable(0, 8);
        Add("create", Create);
        Add("resume", Resume);
        Add("running", Running);
        Add("status", Status);
        Add("wrap", Wrap);
        Add("yield", Yield);
        state.Globals.Set(LuaString.From("coroutine"u8), library);

        void Add(string name, NativeBody body) => library.Set(LuaString.From(name), new NativeFunction(name, body));
    }

    private static void Create(ref NativeCall call) => call.Return(New(ref call));

    private static LuaCoroutine New(ref NativeCall call)
    {
        if (call[0].Object is not LuaClosure) throw call.BadArgument(0, "Lua function expected");
        var made = new LuaCoroutine(call.State, call.Coroutine.Globals);
        made.Prepare(call[0]);
        return made;
    }

    private static LuaCoroutine CheckCoroutine(ref NativeCall call) =>
        call[0].Object as LuaCoroutine ?? throw call.BadArgument(0, "coroutine expected");

    private static void Resume(ref NativeCall call)
    {
        LuaCoroutine coroutine = CheckCoroutine(ref call);
        int first = call.First + 1, count = Math.Max(call.Count - 1, 0);
        if (TryResume(ref call, coroutine, first, count, out LuaValue error))
        {
            call.Return(true);
            call.Return(coroutine.Yielded);
            return;
        }
        call.Return(false);
        call.Return(error);
    }

    private static void Wrap(ref NativeCall call)
    {
        LuaCoroutine coroutine = New(ref call);
        call.State.Budget.Charge(NativeFunction.OverheadBytes);
        call.Return(new NativeFunction("wrap", (ref NativeCall inner) =>
        {
            if (TryResume(ref inner, coroutine, inner.First, inner.Count, out LuaValue error))
            {
                inner.Return(coroutine.Yielded);
                return;
            }
            if (error.AsString is null && !error.IsNumber) throw new LuaException(error);
            throw inner.Error(inner.State.ToText(error).ToString());
        })
        {
            Held = [coroutine],
        });
    }

    // Runs a coroutine until it yields or ends; its values are in Yielded.
    private static bool TryResume(ref NativeCall call, LuaCoroutine coroutine, int first, int count, out LuaValue error)
    {
        LuaState state = call.State;
        LuaCoroutine from = call.Coroutine;
        error = default;
        if (coroutine.Status != CoroutineStatus.Suspended)
        {
            error = LuaString.FromLatin1($"cannot resume {StatusNames[(int)coroutine.Status]} coroutine");
            return false;
        }
        int levels = state.Levels;
        HostAccount account = state.Budget.LeaveHost();
        try
        {
            Calls.EnterLevel(from);
            coroutine.IsYielding = false;
            coroutine.Status = CoroutineStatus.Running;
            from.Status = CoroutineStatus.Normal;
            coroutine.ResumedBy = from;
            state.Running = coroutine;
            coroutine.Run(from.Stack.AsSpan(first, count));
            coroutine.Status = coroutine.IsYielding ? CoroutineStatus.Suspended : CoroutineStatus.Dead;
            return true;
        }
        catch (LuaException e)
        {
            coroutine.Unwind(-1, 0);
            coroutine.Top = 0;
            coroutine.Status = CoroutineStatus.Dead;
            error = e.Value;
            return false;
        }
        finally
        {
            if (coroutine.Status == CoroutineStatus.Running) coroutine.Status = CoroutineStatus.Dead; // The host has stopped it.
            coroutine.ResumedBy = null;
            from.Status = CoroutineStatus.Running;
            state.Running = from;
            state.Levels = levels;
            state.Budget.ReturnToHost(account);
        }
    }

    private static void Yield(ref NativeCall call)
    {
        LuaCoroutine coroutine = call.Coroutine;
        if (coroutine.HostCalls > 0) throw new LuaException("attempt to yield across metamethod/C-call boundary");
        coroutine.IsYielding = true;
        call.FirstResult = call.First;
    }

    private static void Status(ref NativeCall call) => call.Return(StatusNames[(int)CheckCoroutine(ref call).Status]);

    private static void Running(ref NativeCall call) => call.Return(call.State.IsMain(call.Coroutine) ? null : call.Coroutine);
}
