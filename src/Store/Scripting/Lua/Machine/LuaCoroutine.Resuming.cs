namespace Galley.Store.Scripting.Lua;

/// <content>Resuming and yielding.</content>
public sealed partial class LuaCoroutine
{
    // Where the call of yield was, and what its caller wants of it.
    private int _resumeAt;
    private int _resumeWanted;

    // What is handed over to whoever resumed: values at the top of this stack.
    private int _yieldedFirst;

    /// <summary>Whether it has begun.</summary>
    internal bool IsStarted { get; private set; }

    /// <summary>What it yielded or returned last.</summary>
    internal ReadOnlySpan<LuaValue> Yielded => Stack.AsSpan(_yieldedFirst, Top - _yieldedFirst);

    private void KeepYielded(int first, int functionIndex, int wanted)
    {
        _yieldedFirst = first;
        _resumeAt = functionIndex;
        _resumeWanted = wanted;
    }

    /// <summary>A new coroutine is to run a function.</summary>
    internal void Prepare(LuaValue function)
    {
        Stack[0] = function;
        Top = 1;
    }

    /// <summary>Runs on with values, until it yields, returns or fails; the values are then in <see cref="Yielded"/>.</summary>
    internal void Run(ReadOnlySpan<LuaValue> values)
    {
        if (!IsStarted)
        {
            IsStarted = true;
            EnsureStack(1 + values.Length);
            values.CopyTo(Stack.AsSpan(1));
            Top = 1 + values.Length;
            LuaValue function = Stack[0];
            if (function.Object is LuaClosure closure) Enter(closure, 0, values.Length, CallFrame.AllResults);
            else
            {
                CallHost((NativeFunction)function.Object!, 0, values.Length, CallFrame.AllResults);
                if (!IsYielding) _yieldedFirst = 0;
                return;
            }
        }
        else
        {
            EnsureStack(_resumeAt + values.Length);
            values.CopyTo(Stack.AsSpan(_resumeAt));
            Deliver(_resumeAt, values.Length, _resumeAt, _resumeWanted);
            if (Depth < 0)
            {
                _yieldedFirst = 0; // It was yield itself that had been started.
                return;
            }
        }
        Interpreter.Run(this, 0);
        if (!IsYielding) _yieldedFirst = 0;
    }
}
