namespace Galley.Store.Scripting.Lua;

/// <content>Calls and assignments, the statements that begin with an expression.</content>
internal sealed partial class Parser
{
    private void ExpressionStatement()
    {
        Operand e = Suffixed();
        if (e.Kind == OperandKind.Call)
        {
            _function.At(e.Info) = _function.At(e.Info).WithC(1); // No results.
            return;
        }
        var targets = new List<Operand>();
        Assign(e, targets);
    }

    // All on the left are read before the values; then they are given them from right to left.
    private void Assign(Operand target, List<Operand> targets)
    {
        while (true)
        {
            if (target.Kind is not (OperandKind.Local or OperandKind.Upvalue or OperandKind.Global or OperandKind.Indexed))
                throw lexer.SyntaxError("syntax error");
            if (target.Kind == OperandKind.Local) KeepFromConflict(targets, target.Info);
            targets.Add(target);
            if (!Accept(',')) break;
            target = Suffixed();
            if (targets.Count > LevelsMax - _level) throw _function.LimitError(LevelsMax - _level, "variables in assignment");
        }
        Check('=');
        int values = ExpressionList(out Operand last);
        int at = targets.Count - 1;
        if (values == targets.Count)
        {
            _function.SetOneResult(ref last);
            _function.Store(targets[at], ref last);
            at--;
        }
        else
        {
            AdjustAssignment(targets.Count, values, ref last);
            if (values > targets.Count) _function.FreeRegister -= values - targets.Count;
        }
        for (; at >= 0; at--)
        {
            var value = new Operand(OperandKind.Register, _function.FreeRegister - 1);
            _function.Store(targets[at], ref value);
        }
    }

    // A local variable is assigned to, and indexes or is indexed further left: there its old value is meant.
    private void KeepFromConflict(List<Operand> targets, int local)
    {
        int copy = _function.FreeRegister;
        bool conflict = false;
        for (int i = 0; i < targets.Count; i++)
        {
            Operand earlier = targets[i];
            if (earlier.Kind != OperandKind.Indexed) continue;
            if (earlier.Info == local)
            {
                conflict = true;
                earlier.Info = copy;
            }
            if (earlier.Key == local)
            {
                conflict = true;
                earlier.Key = copy;
            }
            targets[i] = earlier;
        }
        if (!conflict) return;
        _function.Emit(Op.Move, copy, local, 0);
        _function.Reserve(1);
    }

    // So many values come to so many variables: what lacks is nil.
    private void AdjustAssignment(int variables, int values, ref Operand last)
    {
        int extra = variables - values;
        if (last.IsMulti && values > 0)
        {
            extra = Math.Max(extra + 1, 0);
            _function.SetResults(ref last, extra);
            if (extra > 1) _function.Reserve(extra - 1);
            return;
        }
        if (values > 0) _function.ToNextRegister(ref last);
        if (extra <= 0) return;
        int first = _function.FreeRegister;
        _function.Reserve(extra);
        _function.LoadNil(first, extra);
    }
}
