namespace Galley.Store.Scripting.Lua;

/// <content>Jumps. Those that are to lead to one place are a list, linked through their own operands until the place is known.</content>
internal sealed partial class FunctionBuilder
{
    private const int NoRegister = 255;

    /// <summary>A jump whose place is not known yet.</summary>
    public int Jump()
    {
        int waiting = _toHere;
        _toHere = NoJump;
        int jump = Emit(Instruction.Wide(Op.Jump, 0, NoJump));
        Concat(ref jump, waiting);
        return jump;
    }

    /// <summary>Marks the next instruction as one that jumps lead to.</summary>
    public int Label() => _lastTarget = Pc;

    public void PatchToHere(int list)
    {
        Label();
        Concat(ref _toHere, list);
    }

    public void Patch(int list, int target)
    {
        if (target == Pc) PatchToHere(list);
        else PatchList(list, target, target, NoRegister);
    }

    public void Concat(ref int list, int other)
    {
        if (other == NoJump) return;
        if (list == NoJump)
        {
            list = other;
            return;
        }
        int last = list;
        while (Target(last) is var next && next != NoJump) last = next;
        Lead(last, other);
    }

    // Target is absolute while a jump is in a list: a jump to itself stands for the end.
    private int Target(int jump)
    {
        int offset = _code[jump].Bx;
        return offset == NoJump ? NoJump : jump + 1 + offset;
    }

    private void Lead(int jump, int target) => _code[jump] = _code[jump].WithBx(target - (jump + 1));

    // The test that decides on a jump, if it is one.
    private ref Instruction TestOf(int jump)
    {
        if (jump >= 1 && _code[jump - 1].Op is >= Op.Equal and <= Op.TestSet) return ref _code[jump - 1];
        return ref _code[jump];
    }

    private bool NeedsValue(int list)
    {
        for (; list != NoJump; list = Target(list))
        {
            if (TestOf(list).Op != Op.TestSet) return true;
        }
        return false;
    }

    // A TestSet gets the register that its value goes to, or becomes a mere test.
    private bool PatchTest(int jump, int register)
    {
        ref Instruction test = ref TestOf(jump);
        if (test.Op != Op.TestSet) return false;
        test = register != NoRegister && register != test.B ? test.WithA(register) : new Instruction(Op.Test, test.B, 0, test.C);
        return true;
    }

    private void DropValues(int list)
    {
        for (; list != NoJump; list = Target(list)) PatchTest(list, NoRegister);
    }

    private void PatchList(int list, int withValue, int withoutValue, int register)
    {
        while (list != NoJump)
        {
            int next = Target(list);
            Lead(list, PatchTest(list, register) ? withValue : withoutValue);
            list = next;
        }
    }

    private int ConditionalJump(Op op, int a, int b, int c)
    {
        Emit(op, a, b, c);
        return Jump();
    }
}
