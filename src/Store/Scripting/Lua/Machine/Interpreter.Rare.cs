using System.Runtime.CompilerServices;

namespace Galley.Store.Scripting.Lua;

/// <content>Instructions that the loop leaves to others: operands that are no numbers, metatables, lists.</content>
internal static partial class Interpreter
{
    // Any instruction that may call a metamethod; where it may jump, it moves the frame's counter.
    private static void RunRare(LuaCoroutine coroutine, LuaClosure closure, Instruction i)
    {
        int first = coroutine.Frame.Base;
        switch (i.Op)
        {
            case >= Op.Add and <= Op.PowerOfConstant:
                Compute(coroutine, closure, i);
                break;
            case Op.Negate:
                Put(coroutine, i, Arithmetic.Apply(coroutine, LuaEvent.Negate, coroutine.Stack[first + i.B], coroutine.Stack[first + i.B], i.B, i.B));
                break;
            case Op.Length:
                Put(coroutine, i, LengthOf(coroutine, coroutine.Stack[first + i.B], i.B));
                break;
            case >= Op.Less and <= Op.ConstantLessOrEqual:
                Compare(coroutine, closure, i);
                break;
            case Op.ForPrepare: PrepareFor(coroutine, i); break;
            case Op.ForIn: ForIn(coroutine, closure, i); break;
            case Op.SetList: SetList(coroutine, i); break;
            case Op.Close: coroutine.Close(first + i.A); break;
            case Op.Vararg: Vararg(coroutine, closure, i); break;
            default: throw new InvalidOperationException($"{i.Op} is not an instruction");
        }
    }

    private static void Put(LuaCoroutine coroutine, Instruction i, in LuaValue value) =>
        coroutine.Stack[coroutine.Frame.Base + i.A].Become(value);

    private static void Compute(LuaCoroutine coroutine, LuaClosure closure, Instruction i)
    {
        int form = (i.Op - Op.Add) % 3, first = coroutine.Frame.Base;
        LuaValue b = form == 2 ? closure.Prototype.Constants[i.B] : coroutine.Stack[first + i.B];
        LuaValue c = form == 1 ? closure.Prototype.Constants[i.C] : coroutine.Stack[first + i.C];
        LuaEvent what = LuaEvent.Add + ((i.Op - Op.Add) / 3);
        Put(coroutine, i, b.IsNumber && c.IsNumber
            ? Arithmetic.Compute(what, b.Number, c.Number)
            : Arithmetic.Apply(coroutine, what, b, c, form == 2 ? -1 : i.B, form == 1 ? -1 : i.C));
    }

    private static LuaValue LengthOf(LuaCoroutine coroutine, in LuaValue value, int register) => value.Object switch
    {
        LuaTable table => table.Length,
        LuaString text => text.Length,
        _ => throw ErrorTexts.BadOperand(coroutine, value, "get length of", register),
    };

    private static void Compare(LuaCoroutine coroutine, LuaClosure closure, Instruction i)
    {
        bool strict = i.Op < Op.LessOrEqual;
        int form = i.Op - (strict ? Op.Less : Op.LessOrEqual), first = coroutine.Frame.Base;
        LuaValue b = form == 2 ? closure.Prototype.Constants[i.B] : coroutine.Stack[first + i.B];
        LuaValue c = form == 1 ? closure.Prototype.Constants[i.C] : coroutine.Stack[first + i.C];
        bool holds = strict ? Comparison.IsLess(coroutine, b, c) : Comparison.IsLessOrEqual(coroutine, b, c);
        ref CallFrame frame = ref coroutine.Frame;
        frame.Pc += holds == (i.A != 0) ? Taken(coroutine.State, closure.Prototype.Code[frame.Pc]) : 1;
    }

    // How far a jump that follows a test leads; back, if it is the end of a loop with until.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static int Taken(LuaState state, Instruction jump)
    {
        if (jump.Bx < 0) state.Tick(-jump.Bx);
        return jump.Bx + 1;
    }

    private static void PrepareFor(LuaCoroutine coroutine, Instruction i)
    {
        Span<LuaValue> values = coroutine.Stack.AsSpan(coroutine.Frame.Base + i.A, 3);
        if (!Arithmetic.TryConvert(ref values[0])) throw ErrorTexts.Positioned(coroutine, "'for' initial value must be a number");
        if (!Arithmetic.TryConvert(ref values[1])) throw ErrorTexts.Positioned(coroutine, "'for' limit must be a number");
        if (!Arithmetic.TryConvert(ref values[2])) throw ErrorTexts.Positioned(coroutine, "'for' step must be a number");
        values[0] = values[0].Number - values[2].Number;
        coroutine.Frame.Pc += i.Bx;
    }

    private static void ForIn(LuaCoroutine coroutine, LuaClosure closure, Instruction i)
    {
        int at = coroutine.Frame.Base + i.A, call = at + 3;
        coroutine.EnsureStack(call + 3);
        LuaValue[] stack = coroutine.Stack;
        if (i.C > 2 || !TryStep(coroutine.State, stack.AsSpan(at, 5)))
        {
            stack[call] = stack[at];
            stack[call + 1] = stack[at + 1];
            stack[call + 2] = stack[at + 2];
            CallIterator(coroutine, call, i);
            stack = coroutine.Stack;
        }
        ref CallFrame frame = ref coroutine.Frame;
        if (stack[call].IsNil)
        {
            frame.Pc++;
            return;
        }
        stack[at + 2].Become(stack[call]);
        int back = closure.Prototype.Code[frame.Pc].Bx;
        frame.Pc += back + 1;
        coroutine.State.Tick(-back);
    }

    // The steps of pairs and ipairs, without a call: iterator, table, control; key and value come behind them.
    private static bool TryStep(LuaState state, Span<LuaValue> values)
    {
        if (values[1].Object is not LuaTable table) return false;
        if (ReferenceEquals(values[0].Object, state.PairsStep))
        {
            LuaValue key = values[2];
            table.TryNext(ref key, out LuaValue value, out int passed);
            if (passed < 0) return false; // The call says what is wrong.
            state.Tick(passed);
            values[3].Become(key);
            values[4].Become(value);
            return true;
        }
        if (!ReferenceEquals(values[0].Object, state.IpairsStep) || !values[2].IsNumber) return false;
        double index = values[2].Number + 1;
        ref LuaValue element = ref table.At(index);
        if (element.IsNil)
        {
            values[3] = default;
            return true;
        }
        values[3].Become(index);
        values[4].Become(element);
        return true;
    }

    private static void CallIterator(LuaCoroutine coroutine, int call, Instruction i)
    {
        if (coroutine.Stack[call].Object is LuaFunction)
        {
            Calls.At(coroutine, call, 2, i.C);
            return;
        }
        Calls.Callable(coroutine, call, 2, i.A + 3);
        Calls.At(coroutine, call, 3, i.C);
    }

    private static void SetList(LuaCoroutine coroutine, Instruction i)
    {
        int at = coroutine.Frame.Base + i.A;
        int count = i.B != 0 ? i.B : coroutine.Top - at - 1;
        int from = ((i.C | (i.D << 16)) - 1) * Parser.ElementsPerBatch;
        var table = (LuaTable)coroutine.Stack[at].Object!;
        table.Reserve(from + count);
        for (int n = 1; n <= count; n++) table.Set(from + n, coroutine.Stack[at + n]);
    }

    private static void Vararg(LuaCoroutine coroutine, LuaClosure closure, Instruction i)
    {
        ref CallFrame frame = ref coroutine.Frame;
        int from = frame.FunctionIndex + 1 + closure.Prototype.ParameterCount, count = frame.Base - from, to = frame.Base + i.A;
        int wanted = i.B - 1;
        if (wanted < 0)
        {
            coroutine.EnsureStack(to + count);
            coroutine.Top = to + count;
            wanted = count;
        }
        Span<LuaValue> stack = coroutine.Stack;
        stack.Slice(from, Math.Min(count, wanted)).CopyTo(stack[to..]);
        if (wanted > count) stack.Slice(to + count, wanted - count).Clear();
    }

    private static void GetGlobal(LuaCoroutine coroutine, LuaClosure closure, Instruction i)
    {
        LuaTable globals = closure.Environment;
        Put(coroutine, i, globals.Metatable is null ? default : Indexing.Get(coroutine, globals, closure.Prototype.Constants[i.Bx], -1));
    }

    private static void GetTable(LuaCoroutine coroutine, Instruction i, in LuaValue key)
    {
        ref LuaValue target = ref coroutine.Stack[coroutine.Frame.Base + i.B];
        Put(coroutine, i, Indexing.TryInherit(target, key, out LuaValue found) ? found : Indexing.Get(coroutine, target, key, i.B));
    }

    private static void SetTable(LuaCoroutine coroutine, Instruction i, in LuaValue key, in LuaValue value)
    {
        LuaValue target = coroutine.Stack[coroutine.Frame.Base + i.A];
        if (target.Object is LuaTable { IsPlain: true } table)
        {
            Indexing.CheckKey(coroutine, key);
            table.Set(key, value);
            return;
        }
        Indexing.Set(coroutine, target, key, value, i.A);
    }

    private static void Self(LuaCoroutine coroutine, Instruction i, in LuaValue key)
    {
        int first = coroutine.Frame.Base;
        LuaValue target = coroutine.Stack[first + i.B];
        if (!Indexing.TryInherit(target, key, out LuaValue method)) method = Indexing.Get(coroutine, target, key, i.B);
        coroutine.Stack[first + i.A + 1] = target;
        coroutine.Stack[first + i.A] = method;
    }

    private static LuaClosure MakeClosure(LuaCoroutine coroutine, LuaClosure around, LuaPrototype prototype)
    {
        CapturedVariable[] captured = prototype.Captured;
        coroutine.State.Budget.Charge(LuaClosure.OverheadBytes + (8 * captured.Length));
        Upvalue[] upvalues = captured.Length == 0 ? [] : new Upvalue[captured.Length];
        for (int n = 0; n < upvalues.Length; n++)
        {
            upvalues[n] = captured[n].IsLocal ? coroutine.Share(coroutine.Frame.Base + captured[n].Index) : around.Upvalues[captured[n].Index];
        }
        return new LuaClosure(prototype, upvalues, around.Environment);
    }

    // A call off the fast path. Whether a function of Lua has been entered.
    private static bool Call(LuaCoroutine coroutine, Instruction i)
    {
        int at = coroutine.Frame.Base + i.A;
        int count = i.B != 0 ? i.B - 1 : coroutine.Top - at - 1;
        count += Calls.Callable(coroutine, at, count, i.A);
        if (coroutine.Stack[at].Object is LuaClosure closure)
        {
            coroutine.State.Tick(closure.Prototype.Code.Length);
            coroutine.Enter(closure, at, count, i.C - 1);
            return true;
        }
        coroutine.State.Tick(1);
        coroutine.CallHost((NativeFunction)coroutine.Stack[at].Object!, at, count, i.C - 1);
        return false;
    }

    // The callee takes the place of its caller. A function of the host is called as always; the return that follows does the rest.
    private static bool TailCall(LuaCoroutine coroutine, Instruction i)
    {
        ref CallFrame frame = ref coroutine.Frame;
        int at = frame.Base + i.A;
        int count = i.B != 0 ? i.B - 1 : coroutine.Top - at - 1;
        count += Calls.Callable(coroutine, at, count, i.A);
        if (coroutine.Stack[at].Object is not LuaClosure closure)
        {
            coroutine.State.Tick(1);
            coroutine.CallHost((NativeFunction)coroutine.Stack[at].Object!, at, count, CallFrame.AllResults);
            return false;
        }
        coroutine.State.Tick(closure.Prototype.Code.Length);
        if (coroutine.HasOpen) coroutine.Close(frame.Base);
        int to = frame.FunctionIndex, wanted = frame.Wanted, tailCalls = frame.TailCalls;
        coroutine.Stack.AsSpan(at, count + 1).CopyTo(coroutine.Stack.AsSpan(to));
        coroutine.Depth--;
        coroutine.Enter(closure, to, count, wanted);
        coroutine.Frame.TailCalls = tailCalls + 1;
        return true;
    }
}
