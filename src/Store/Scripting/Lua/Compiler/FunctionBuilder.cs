namespace Galley.Store.Scripting.Lua;

/// <summary>The code of one function while it is parsed: instructions, constants, registers, jumps.</summary>
internal sealed partial class FunctionBuilder(FunctionBuilder? outer, Lexer lexer, int lineDefined)
{
    /// <summary>The end of a list of jumps.</summary>
    public const int NoJump = -1;

    private const int RegistersMax = 250;
    private const int ConstantsMax = (1 << 18) - 1;

    // Up to here constants are looked for one by one: most functions have few.
    private const int ConstantsScanned = 12;

    private Instruction[] _code = new Instruction[32];
    private int[] _lines = new int[32];
    private LuaValue[] _constants = new LuaValue[8];
    private int _constantCount;
    private Dictionary<LuaValue, int>? _constantIndex;
    private readonly List<LuaPrototype> _functions = [];

    // Jumps to the next instruction, whatever it will be.
    private int _toHere = NoJump;

    // The last instruction that a jump leads to: what is before it may not be merged with what follows.
    private int _lastTarget = -1;

    public FunctionBuilder? Outer { get; } = outer;

    public int LineDefined { get; } = lineDefined;

    public bool IsVararg { get; set; }

    public bool NeedsArgTable { get; set; }

    public int ParameterCount { get; set; }

    /// <summary>Where the next instruction goes.</summary>
    public int Pc { get; private set; }

    /// <summary>The first register that nothing lives in.</summary>
    public int FreeRegister { get; set; }

    private int StackSize { get; set; } = 2;

    public LuaPrototype Build()
    {
        Emit(new Instruction(Op.Return, 0, 1, 0));
        CloseScope(0);
        return new LuaPrototype
        {
            Code = _code.AsSpan(0, Pc).ToArray(),
            Lines = _lines.AsSpan(0, Pc).ToArray(),
            Constants = _constants.AsSpan(0, _constantCount).ToArray(),
            Functions = [.. _functions],
            Captured = [.. _captured],
            Locals = [.. _locals],
            Source = lexer.ChunkName,
            ShortSource = lexer.ShortName,
            LineDefined = LineDefined,
            ParameterCount = ParameterCount,
            IsVararg = IsVararg,
            NeedsArgTable = NeedsArgTable,
            StackSize = StackSize,
        };
    }

    public int Emit(Instruction instruction)
    {
        PatchList(_toHere, Pc, Pc, NoRegister);
        _toHere = NoJump;
        if (Pc == _code.Length)
        {
            Array.Resize(ref _code, Pc * 2);
            Array.Resize(ref _lines, Pc * 2);
        }
        _code[Pc] = instruction;
        _lines[Pc] = lexer.LastLine;
        return Pc++;
    }

    public int Emit(Op op, int a, int b, int c) => Emit(new Instruction(op, a, b, c));

    /// <summary>The last instruction belongs to another line than that of the last token.</summary>
    public void SetLine(int line) => _lines[Pc - 1] = line;

    public ref Instruction At(int pc) => ref _code[pc];

    public int AddFunction(LuaPrototype function)
    {
        _functions.Add(function);
        return _functions.Count - 1;
    }

    public int Constant(LuaString text) => Constant((LuaValue)text);

    /// <summary>The index of a constant. 0 and -0 are equal, so they share one: as in Lua 5.1, whichever comes first.</summary>
    public int Constant(LuaValue value)
    {
        if (_constantCount > ConstantsScanned) return ConstantByIndex(value);
        for (int i = 0; i < _constantCount; i++)
        {
            if (_constants[i].Equals(value)) return i;
        }
        return AddConstant(value);
    }

    private int ConstantByIndex(LuaValue value)
    {
        if (_constantIndex is null)
        {
            _constantIndex = [];
            for (int i = 0; i < _constantCount; i++) _constantIndex[_constants[i]] = i;
        }
        if (_constantIndex.TryGetValue(value, out int index)) return index;
        _constantIndex[value] = _constantCount;
        return AddConstant(value);
    }

    private int AddConstant(LuaValue value)
    {
        if (_constantCount == ConstantsMax) throw lexer.Error("constant table overflow");
        if (_constantCount == _constants.Length) Array.Resize(ref _constants, _constantCount * 2);
        if (value.Object is LuaString text)
        {
            text.GetHashCode(); // Now: afterwards states of several threads may read it.
            text.SeenBy = MemoryWalk.Shared;
        }
        _constants[_constantCount] = value;
        return _constantCount++;
    }

    /// <summary>Sees to it that registers exist.</summary>
    public void CheckRegisters(int count)
    {
        int size = FreeRegister + count;
        if (size <= StackSize) return;
        if (size >= RegistersMax) throw lexer.SyntaxError("function or expression too complex");
        StackSize = size;
    }

    public void Reserve(int count)
    {
        CheckRegisters(count);
        FreeRegister += count;
    }

    /// <summary>Gives back the register of a value that was no variable's.</summary>
    public void Free(in Operand e)
    {
        if (e.Kind == OperandKind.Register) FreeTemporary(e.Info);
    }

    private void FreeTemporary(int register)
    {
        if (register >= ActiveCount && register < Instruction.ConstantBit) FreeRegister--;
    }

    public void LoadNil(int from, int count)
    {
        if (Pc > _lastTarget && Pc > 0)
        {
            ref Instruction last = ref _code[Pc - 1];
            if (last.Op == Op.LoadNil && last.A <= from && from <= last.B + 1 && _toHere == NoJump)
            {
                if (from + count - 1 > last.B) last = last.WithB(from + count - 1);
                return;
            }
        }
        Emit(Op.LoadNil, from, from + count - 1, 0);
    }

    public void Return(int first, int count) => Emit(Op.Return, first, count + 1, 0);
}
