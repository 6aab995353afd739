namespace Galley.Store.Scripting.Lua;

/// <summary>
/// Runs compiled code. The loop holds what every instruction needs in locals; what is rare is in methods of its own, so that the
/// compiler keeps those locals in registers. <c>continue</c> leads to the next instruction, <c>break</c> there by way of a fresh
/// look at the stack, which calls may have moved.
/// </summary>
internal static partial class Interpreter
{
    /// <summary>Runs the call on top, and those that it makes, until the one at this depth has returned, or the coroutine yields.</summary>
    public static void Run(LuaCoroutine coroutine, int floor)
    {
        LuaState state = coroutine.State;
        LuaObject numberMark = LuaObject.NumberMark;
    Enter:
        ref CallFrame frame = ref coroutine.Frame;
        var closure = (LuaClosure)frame.Function;
        Instruction[] code = closure.Prototype.Code;
        LuaValue[] k = closure.Prototype.Constants;
        int pc = frame.Pc;
        Span<LuaValue> r = coroutine.Stack.AsSpan(frame.Base);
        while (true)
        {
            Instruction i = code[pc++];
            switch (i.Op)
            {
                case Op.Move:
                    r[i.A].Become(r[i.B]);
                    continue;
                case Op.LoadConstant:
                    r[i.A].Become(k[i.Bx]);
                    continue;
                case Op.LoadBoolean:
                    r[i.A] = LuaValue.From(i.B != 0);
                    pc += i.C;
                    continue;
                case Op.LoadNil:
                    r.Slice(i.A, i.B - i.A + 1).Clear();
                    continue;
                case Op.GetUpvalue:
                {
                    Upvalue variable = closure.Upvalues[i.B];
                    if (variable.Owner is null) r[i.A].Become(variable.Value);
                    else r[i.A].Become(variable.Owner.Stack[variable.Index]);
                    continue;
                }
                case Op.SetUpvalue:
                {
                    Upvalue variable = closure.Upvalues[i.B];
                    if (variable.Owner is null) variable.Value.Become(r[i.A]);
                    else variable.Owner.Stack[variable.Index].Become(r[i.A]);
                    continue;
                }
                case Op.GetGlobal:
                {
                    ref LuaValue found = ref closure.Environment.At((LuaString)k[i.Bx].Object!);
                    if (found.Object is not null) { r[i.A].Become(found); continue; }
                    frame.Pc = pc;
                    GetGlobal(coroutine, closure, i);
                    break;
                }
                case Op.SetGlobal:
                {
                    LuaTable globals = closure.Environment;
                    ref LuaValue found = ref globals.At((LuaString)k[i.Bx].Object!);
                    if (found.Object is not null && !globals.IsReadOnly) { found.Become(r[i.A]); continue; }
                    frame.Pc = pc;
                    Indexing.Set(coroutine, closure.Environment, k[i.Bx], r[i.A], -1);
                    break;
                }
                case Op.GetTable:
                {
                    ref LuaValue key = ref r[i.C];
                    if (r[i.B].Object is LuaTable table)
                    {
                        ref LuaValue found = ref ReferenceEquals(key.Object, numberMark) ? ref table.At(key.Number) : ref table.At(key);
                        if (found.Object is not null || table.Metatable is null) { r[i.A].Become(found); continue; }
                    }
                    frame.Pc = pc;
                    GetTable(coroutine, i, key);
                    break;
                }
                case Op.GetField:
                {
                    ref LuaValue key = ref k[i.C];
                    if (r[i.B].Object is LuaTable table)
                    {
                        ref LuaValue found = ref table.At((LuaString)key.Object!);
                        if (found.Object is not null || table.Metatable is null) { r[i.A].Become(found); continue; }
                    }
                    frame.Pc = pc;
                    GetTable(coroutine, i, key);
                    break;
                }
                case Op.GetIndex:
                {
                    ref LuaValue key = ref k[i.C];
                    if (r[i.B].Object is LuaTable table)
                    {
                        ref LuaValue found = ref table.At(key);
                        if (found.Object is not null || table.Metatable is null) { r[i.A].Become(found); continue; }
                    }
                    frame.Pc = pc;
                    GetTable(coroutine, i, key);
                    break;
                }
                case Op.SetTable:
                {
                    ref LuaValue key = ref r[i.B];
                    ref LuaValue value = ref i.C >= Instruction.ConstantBit ? ref k[i.C & ~Instruction.ConstantBit] : ref r[i.C];
                    if (r[i.A].Object is LuaTable table && table.IsPlain && ReferenceEquals(key.Object, numberMark) && table.TrySet(key.Number, value)) continue;
                    frame.Pc = pc;
                    SetTable(coroutine, i, key, value);
                    break;
                }
                case Op.SetField:
                {
                    ref LuaValue key = ref k[i.B];
                    ref LuaValue value = ref i.C >= Instruction.ConstantBit ? ref k[i.C & ~Instruction.ConstantBit] : ref r[i.C];
                    if (r[i.A].Object is LuaTable table && table.IsPlain)
                    {
                        ref LuaValue found = ref table.At((LuaString)key.Object!);
                        if (found.Object is not null) { found.Become(value); continue; }
                    }
                    frame.Pc = pc;
                    SetTable(coroutine, i, key, value);
                    break;
                }
                case Op.SetIndex:
                {
                    ref LuaValue value = ref i.C >= Instruction.ConstantBit ? ref k[i.C & ~Instruction.ConstantBit] : ref r[i.C];
                    frame.Pc = pc;
                    SetTable(coroutine, i, k[i.B], value);
                    break;
                }
                case Op.NewTable:
                    frame.Pc = pc;
                    r[i.A] = new LuaTable(state.Budget, i.B, i.C);
                    continue;
                case Op.Self:
                {
                    ref LuaValue key = ref k[i.C];
                    if (r[i.B].Object is LuaTable table)
                    {
                        ref LuaValue found = ref table.At((LuaString)key.Object!);
                        if (found.Object is not null)
                        {
                            r[i.A + 1] = r[i.B];
                            r[i.A] = found;
                            continue;
                        }
                    }
                    frame.Pc = pc;
                    Self(coroutine, i, key);
                    break;
                }
                case Op.Add:
                {
                    ref LuaValue b = ref r[i.B], c = ref r[i.C];
                    if (!ReferenceEquals(b.Object, numberMark) || !ReferenceEquals(c.Object, numberMark)) goto default;
                    r[i.A].Become(b.Number + c.Number);
                    continue;
                }
                case Op.AddConstant:
                {
                    ref LuaValue b = ref r[i.B];
                    if (!ReferenceEquals(b.Object, numberMark)) goto default;
                    r[i.A].Become(b.Number + k[i.C].Number);
                    continue;
                }
                case Op.Subtract:
                {
                    ref LuaValue b = ref r[i.B], c = ref r[i.C];
                    if (!ReferenceEquals(b.Object, numberMark) || !ReferenceEquals(c.Object, numberMark)) goto default;
                    r[i.A].Become(b.Number - c.Number);
                    continue;
                }
                case Op.SubtractConstant:
                {
                    ref LuaValue b = ref r[i.B];
                    if (!ReferenceEquals(b.Object, numberMark)) goto default;
                    r[i.A].Become(b.Number - k[i.C].Number);
                    continue;
                }
                case Op.Multiply:
                {
                    ref LuaValue b = ref r[i.B], c = ref r[i.C];
                    if (!ReferenceEquals(b.Object, numberMark) || !ReferenceEquals(c.Object, numberMark)) goto default;
                    r[i.A].Become(b.Number * c.Number);
                    continue;
                }
                case Op.MultiplyConstant:
                {
                    ref LuaValue b = ref r[i.B];
                    if (!ReferenceEquals(b.Object, numberMark)) goto default;
                    r[i.A].Become(b.Number * k[i.C].Number);
                    continue;
                }
                case Op.Divide:
                {
                    ref LuaValue b = ref r[i.B], c = ref r[i.C];
                    if (!ReferenceEquals(b.Object, numberMark) || !ReferenceEquals(c.Object, numberMark)) goto default;
                    r[i.A].Become(b.Number / c.Number);
                    continue;
                }
                case Op.ModuloConstant:
                {
                    ref LuaValue b = ref r[i.B];
                    if (!ReferenceEquals(b.Object, numberMark)) goto default;
                    r[i.A].Become(Arithmetic.Modulo(b.Number, k[i.C].Number));
                    continue;
                }
                case Op.DivideConstant:
                {
                    ref LuaValue b = ref r[i.B];
                    if (!ReferenceEquals(b.Object, numberMark)) goto default;
                    r[i.A].Become(b.Number / k[i.C].Number);
                    continue;
                }
                case Op.Modulo:
                {
                    ref LuaValue b = ref r[i.B], c = ref r[i.C];
                    if (!ReferenceEquals(b.Object, numberMark) || !ReferenceEquals(c.Object, numberMark)) goto default;
                    r[i.A].Become(Arithmetic.Modulo(b.Number, c.Number));
                    continue;
                }
                case Op.Negate:
                    if (!ReferenceEquals(r[i.B].Object, numberMark)) goto default;
                    r[i.A].Become(-r[i.B].Number);
                    continue;
                case Op.Length:
                    if (r[i.B].Object is not LuaTable measured) goto default;
                    r[i.A].Become(measured.Length);
                    continue;
                case Op.Concat:
                    frame.Pc = pc;
                    Put(coroutine, i, Concatenation.Join(coroutine, frame.Base + i.B, frame.Base + i.C));
                    break;
                case Op.Not:
                    r[i.A] = LuaValue.From(!r[i.B].IsTrue);
                    continue;
                case Op.Jump:
                    pc += i.Bx;
                    if (i.Bx >= 0) continue;
                    frame.Pc = pc;
                    state.Tick(-i.Bx);
                    continue;
                case Op.Equal:
                {
                    ref LuaValue b = ref r[i.B], c = ref r[i.C];
                    bool equal = ReferenceEquals(b.Object, c.Object) && !ReferenceEquals(b.Object, numberMark);
                    if (!equal)
                    {
                        frame.Pc = pc;
                        equal = Comparison.AreEqual(coroutine, b, c);
                    }
                    pc += equal == (i.A != 0) ? Taken(state, code[pc]) : 1;
                    break;
                }
                case Op.EqualConstant:
                    pc += r[i.B].Equals(k[i.C]) == (i.A != 0) ? Taken(state, code[pc]) : 1;
                    continue;
                case Op.Less:
                {
                    ref LuaValue b = ref r[i.B], c = ref r[i.C];
                    if (!ReferenceEquals(b.Object, numberMark) || !ReferenceEquals(c.Object, numberMark)) goto default;
                    pc += b.Number < c.Number == (i.A != 0) ? Taken(state, code[pc]) : 1;
                    continue;
                }
                case Op.LessThanConstant:
                    if (!ReferenceEquals(r[i.B].Object, numberMark)) goto default;
                    pc += r[i.B].Number < k[i.C].Number == (i.A != 0) ? Taken(state, code[pc]) : 1;
                    continue;
                case Op.ConstantLess:
                    if (!ReferenceEquals(r[i.C].Object, numberMark)) goto default;
                    pc += k[i.B].Number < r[i.C].Number == (i.A != 0) ? Taken(state, code[pc]) : 1;
                    continue;
                case Op.LessOrEqual:
                {
                    ref LuaValue b = ref r[i.B], c = ref r[i.C];
                    if (!ReferenceEquals(b.Object, numberMark) || !ReferenceEquals(c.Object, numberMark)) goto default;
                    pc += b.Number <= c.Number == (i.A != 0) ? Taken(state, code[pc]) : 1;
                    continue;
                }
                case Op.LessOrEqualConstant:
                    if (!ReferenceEquals(r[i.B].Object, numberMark)) goto default;
                    pc += r[i.B].Number <= k[i.C].Number == (i.A != 0) ? Taken(state, code[pc]) : 1;
                    continue;
                case Op.ConstantLessOrEqual:
                    if (!ReferenceEquals(r[i.C].Object, numberMark)) goto default;
                    pc += k[i.B].Number <= r[i.C].Number == (i.A != 0) ? Taken(state, code[pc]) : 1;
                    continue;
                case Op.Test:
                    pc += r[i.A].IsTrue == (i.C != 0) ? Taken(state, code[pc]) : 1;
                    continue;
                case Op.TestSet:
                    if (r[i.B].IsTrue != (i.C != 0)) { pc++; continue; }
                    r[i.A] = r[i.B];
                    pc += Taken(state, code[pc]);
                    continue;
                case Op.Call:
                {
                    frame.Pc = pc;
                    if (i.B != 0 && r[i.A].Object is LuaClosure callee)
                    {
                        state.Tick(callee.Prototype.Code.Length);
                        coroutine.Enter(callee, frame.Base + i.A, i.B - 1, i.C - 1);
                        goto Enter;
                    }
                    if (Call(coroutine, i)) goto Enter;
                    if (coroutine.IsYielding) return;
                    break;
                }
                case Op.TailCall:
                    frame.Pc = pc;
                    if (TailCall(coroutine, i)) goto Enter;
                    if (coroutine.IsYielding) return;
                    break;
                case Op.Return:
                {
                    int first = frame.Base + i.A;
                    if (coroutine.HasOpen) coroutine.Close(frame.Base);
                    if (i.B == 2 && frame.Wanted == 1) coroutine.Stack[frame.FunctionIndex].Become(r[i.A]);
                    else coroutine.Deliver(first, i.B != 0 ? i.B - 1 : coroutine.Top - first, frame.FunctionIndex, frame.Wanted);
                    if (--coroutine.Depth < floor) return;
                    goto Enter;
                }
                case Op.ForLoop:
                {
                    double step = r[i.A + 2].Number;
                    double index = r[i.A].Number + step;
                    if (step > 0 ? index > r[i.A + 1].Number : !(index >= r[i.A + 1].Number)) continue;
                    if (double.IsNaN(index) || double.IsNaN(r[i.A + 1].Number)) continue;
                    r[i.A].Number = index;
                    r[i.A + 3].Become(index);
                    pc += i.Bx;
                    frame.Pc = pc;
                    state.Tick(-i.Bx);
                    continue;
                }
                case Op.Closure:
                    frame.Pc = pc;
                    r[i.A] = MakeClosure(coroutine, closure, closure.Prototype.Functions[i.Bx]);
                    continue;
                default:
                    frame.Pc = pc;
                    RunRare(coroutine, closure, i);
                    pc = coroutine.Frame.Pc;
                    break;
            }
            frame = ref coroutine.Frame;
            r = coroutine.Stack.AsSpan(frame.Base);
        }
    }
}
