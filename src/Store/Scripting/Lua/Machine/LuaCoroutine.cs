namespace Galley.Store.Scripting.Lua;

/// <summary>What a coroutine is doing.</summary>
internal enum CoroutineStatus : byte
{
    /// <summary>Not started, or it has yielded.</summary>
    Suspended,
    Running,

    /// <summary>It has resumed another.</summary>
    Normal,
    Dead,
}

/// <summary>A coroutine: a stack of values and one of calls. The main program is one, too.</summary>
public sealed partial class LuaCoroutine : LuaObject
{
    internal const int OverheadBytes = 200;
    private const int FrameBytes = 32;
    private const int StackSizeFirst = 48;
    private const int FramesFirst = 6;

    /// <summary>More calls of Lua functions than this are a stack overflow.</summary>
    private const int FramesMax = 20000;

    /// <summary>What a function of the host may use of the stack before it asks.</summary>
    private const int HostRoom = 20;

    internal readonly LuaState State;
    internal LuaValue[] Stack = new LuaValue[StackSizeFirst];
    internal CallFrame[] Frames = new CallFrame[FramesFirst];

    /// <summary>The index of the frame that runs; -1 if none does.</summary>
    internal int Depth = -1;

    /// <summary>The end of arguments and results whose number is not fixed.</summary>
    internal int Top;

    /// <summary>Where new functions find their globals.</summary>
    internal LuaTable Globals;

    internal CoroutineStatus Status;

    /// <summary>Calls of the host on this stack: it cannot yield across them.</summary>
    internal int HostCalls;

    /// <summary>Set by a yield, until the interpreter has left.</summary>
    internal bool IsYielding;

    /// <summary>The coroutine that waits for it.</summary>
    internal LuaCoroutine? ResumedBy;

    // The variables of its registers that closures share, from the top down.
    private Upvalue? _open;

    internal LuaCoroutine(LuaState state, LuaTable globals)
        : base(LuaType.Thread)
    {
        State = state;
        Globals = globals;
        state.Budget.Charge(OwnBytes);
    }

    internal long OwnBytes => OverheadBytes + (16L * Stack.Length) + ((long)FrameBytes * Frames.Length);

    internal ref CallFrame Frame => ref Frames[Depth];

    /// <summary>The end of what the running call uses.</summary>
    internal int End => Depth < 0 ? Top : EndOf(Frames[Depth]);

    private int EndOf(in CallFrame frame) => frame.Function is LuaClosure closure ? frame.Base + closure.Prototype.StackSize : Top;

    internal void EnsureStack(int size)
    {
        if (size > Stack.Length) GrowStack(size);
    }

    private void GrowStack(int size)
    {
        int wanted = Math.Max(size + HostRoom, Stack.Length * 2);
        State.Budget.Charge(16L * wanted);
        Array.Resize(ref Stack, wanted);
    }

    private void GrowFrames()
    {
        if (Frames.Length >= FramesMax)
        {
            Depth--;
            throw ErrorTexts.Positioned(this, "stack overflow");
        }
        int wanted = Math.Min(Frames.Length * 2, FramesMax);
        State.Budget.Charge((long)FrameBytes * wanted);
        Array.Resize(ref Frames, wanted);
    }

    /// <summary>Begins a call of a closure, whose arguments lie behind it.</summary>
    internal void Enter(LuaClosure closure, int functionIndex, int argumentCount, int wanted)
    {
        LuaPrototype prototype = closure.Prototype;
        if (++Depth >= Frames.Length) GrowFrames();
        int first = functionIndex + 1;
        if (first + argumentCount + prototype.StackSize > Stack.Length) GrowStack(first + argumentCount + prototype.StackSize);
        if (prototype.IsVararg) first = ShiftVarargs(prototype, first, argumentCount);
        else
        {
            for (int i = argumentCount; i < prototype.ParameterCount; i++) Stack[first + i] = default;
        }
        ref CallFrame frame = ref Frames[Depth];
        if (!ReferenceEquals(frame.Function, closure)) frame.Function = closure;
        frame.FunctionIndex = functionIndex;
        frame.Base = first;
        frame.Pc = 0;
        frame.Wanted = wanted;
        frame.TailCalls = 0;
    }

    // The fixed parameters go behind the arguments, of which the others stay where they are.
    private int ShiftVarargs(LuaPrototype prototype, int first, int argumentCount)
    {
        int fixedCount = prototype.ParameterCount;
        State.Tick(argumentCount);
        for (; argumentCount < fixedCount; argumentCount++) Stack[first + argumentCount] = default;
        int shifted = first + argumentCount;
        EnsureStack(shifted + prototype.StackSize);
        for (int i = 0; i < fixedCount; i++)
        {
            Stack[shifted + i] = Stack[first + i];
            Stack[first + i] = default;
        }
        if (prototype.NeedsArgTable)
        {
            LuaTable arguments = State.NewTable(argumentCount - fixedCount, 1);
            for (int i = fixedCount; i < argumentCount; i++) arguments.Set(i - fixedCount + 1, Stack[first + i]);
            arguments.Set(NameN, (double)(argumentCount - fixedCount));
            Stack[shifted + fixedCount] = arguments;
        }
        else
        {
            Stack[shifted + fixedCount] = default;
        }
        return shifted;
    }

    private static readonly LuaString NameN = LuaString.From("n"u8);

    /// <summary>Calls a function of the host, whose arguments lie behind it; its results take its place.</summary>
    internal void CallHost(NativeFunction function, int functionIndex, int argumentCount, int wanted)
    {
        if (++Depth >= Frames.Length) GrowFrames();
        int first = functionIndex + 1;
        Top = first + argumentCount;
        EnsureStack(Top + HostRoom);
        ref CallFrame frame = ref Frames[Depth];
        if (!ReferenceEquals(frame.Function, function)) frame.Function = function;
        frame.FunctionIndex = functionIndex;
        frame.Base = first;
        frame.Wanted = wanted;
        frame.TailCalls = 0;
        State.Budget.BeginHost();
        var call = new NativeCall(State, this, first, argumentCount);
        function.Body(ref call);
        State.Budget.EndHost();
        Depth--;
        if (IsYielding)
        {
            KeepYielded(call.FirstResult, functionIndex, wanted);
            return;
        }
        Deliver(call.FirstResult, Top - call.FirstResult, functionIndex, wanted);
    }

    /// <summary>Moves results to where the caller wants them, as many as it wants.</summary>
    internal void Deliver(int from, int count, int to, int wanted)
    {
        LuaValue[] stack = Stack;
        if (wanted == CallFrame.AllResults)
        {
            stack.AsSpan(from, count).CopyTo(stack.AsSpan(to));
            Top = to + count;
            return;
        }
        for (int i = 0; i < wanted; i++)
        {
            if (i < count) stack[to + i].Become(stack[from + i]);
            else stack[to + i] = default;
        }
    }

    /// <summary>The shared variable of a register.</summary>
    internal Upvalue Share(int index)
    {
        Upvalue? before = null;
        Upvalue? at = _open;
        while (at is not null && at.Index > index)
        {
            before = at;
            at = at.Next;
        }
        if (at is not null && at.Index == index) return at;
        State.Budget.Charge(Upvalue.OverheadBytes);
        var made = new Upvalue(this, index, at);
        if (before is null) _open = made;
        else before.Next = made;
        return made;
    }

    /// <summary>Shared variables from a register on leave the stack.</summary>
    internal void Close(int from)
    {
        while (_open is { } variable && variable.Index >= from)
        {
            variable.Value = Stack[variable.Index];
            variable.Owner = null;
            _open = variable.Next;
            variable.Next = null;
        }
    }

    internal bool HasOpen => _open is not null;

    /// <summary>Goes back to an outer call: an error has ended those within.</summary>
    internal void Unwind(int depth, int from)
    {
        Close(from);
        Depth = depth;
    }

    internal void Visit(MemoryWalk walk)
    {
        int end = Top;
        for (int i = 0; i <= Depth; i++)
        {
            end = Math.Max(end, EndOf(Frames[i]));
            walk.Meet(Frames[i].Function);
        }
        foreach (ref readonly LuaValue value in Stack.AsSpan(0, Math.Min(end, Stack.Length))) walk.Meet(value.Object);
        walk.Meet(Globals);
        walk.Meet(ResumedBy);
    }
}
