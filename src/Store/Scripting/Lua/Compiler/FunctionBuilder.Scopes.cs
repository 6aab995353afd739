using System.Runtime.InteropServices;

namespace Galley.Store.Scripting.Lua;

/// <summary>A block of statements, for what leaves it.</summary>
internal sealed class Scope(Scope? outer, bool isLoop, int activeCount)
{
    public Scope? Outer { get; } = outer;

    public bool IsLoop { get; } = isLoop;

    public int ActiveCount { get; } = activeCount;

    /// <summary>Whether a closure holds a variable of the block.</summary>
    public bool HasCaptured { get; set; }

    /// <summary>The jumps of break.</summary>
    public int Breaks = FunctionBuilder.NoJump;
}

/// <content>Variables: which are in reach, and where.</content>
internal sealed partial class FunctionBuilder
{
    private const int LocalsMax = 200;
    private const int UpvaluesMax = 60;

    private readonly List<LocalVariable> _locals = [];
    private readonly List<(LuaString Name, int Local)> _active = [];
    private readonly List<(LuaString Name, int Local)> _declared = [];
    private readonly List<CapturedVariable> _captured = [];
    private readonly List<LuaString> _capturedNames = [];

    public Scope? Scope { get; private set; }

    /// <summary>Variables in reach; they have the first registers.</summary>
    public int ActiveCount => _active.Count;

    /// <summary>Names a variable, which comes into reach with <see cref="Activate"/>.</summary>
    public void Declare(LuaString name)
    {
        if (_active.Count + _declared.Count + 1 > LocalsMax) throw LimitError(LocalsMax, "local variables");
        _locals.Add(new LocalVariable { Name = name.ToString() });
        _declared.Add((name, _locals.Count - 1));
    }

    public void Activate(int count)
    {
        for (int i = 0; i < count; i++)
        {
            CollectionsMarshal.AsSpan(_locals)[_declared[i].Local].StartPc = Pc;
            _active.Add(_declared[i]);
        }
        _declared.RemoveRange(0, count);
    }

    /// <summary>The variable declared last has a value from here on only: a local function's, which its own body sees before.</summary>
    public void RestartLocal() => CollectionsMarshal.AsSpan(_locals)[_active[^1].Local].StartPc = Pc;

    private void CloseScope(int activeCount)
    {
        for (int i = activeCount; i < _active.Count; i++) CollectionsMarshal.AsSpan(_locals)[_active[i].Local].EndPc = Pc;
        _active.RemoveRange(activeCount, _active.Count - activeCount);
    }

    public void EnterScope(bool isLoop) => Scope = new Scope(Scope, isLoop, ActiveCount);

    public void LeaveScope()
    {
        Scope scope = Scope!;
        Scope = scope.Outer;
        CloseScope(scope.ActiveCount);
        if (scope.HasCaptured) Emit(Op.Close, scope.ActiveCount, 0, 0);
        FreeRegister = ActiveCount;
        PatchToHere(scope.Breaks);
    }

    /// <summary>Finds a name: a local variable, an upvalue, or else a global.</summary>
    public Operand Find(LuaString name)
    {
        return Resolve(name, true) is { } found ? found : new Operand(OperandKind.Global, Constant(name));
    }

    private Operand? Resolve(LuaString name, bool isOwn)
    {
        for (int i = _active.Count - 1; i >= 0; i--)
        {
            if (!ReferenceEquals(_active[i].Name, name) && !_active[i].Name.Equals(name)) continue;
            if (!isOwn) MarkCaptured(i);
            return new Operand(OperandKind.Local, i);
        }
        for (int i = 0; i < _capturedNames.Count; i++)
        {
            if (_capturedNames[i].Equals(name)) return new Operand(OperandKind.Upvalue, i);
        }
        if (Outer?.Resolve(name, false) is not { } outer) return null;
        if (_captured.Count + 1 > UpvaluesMax) throw LimitError(UpvaluesMax, "upvalues");
        _captured.Add(new CapturedVariable(name.ToString(), outer.Kind == OperandKind.Local, outer.Info));
        _capturedNames.Add(name);
        return new Operand(OperandKind.Upvalue, _captured.Count - 1);
    }

    private void MarkCaptured(int register)
    {
        Scope? scope = Scope;
        while (scope is not null && scope.ActiveCount > register) scope = scope.Outer;
        if (scope is not null) scope.HasCaptured = true;
    }

    public LuaException LimitError(int limit, string what) => lexer.Error(LineDefined == 0
        ? $"main function has more than {limit} {what}"
        : $"function at line {LineDefined} has more than {limit} {what}");
}
