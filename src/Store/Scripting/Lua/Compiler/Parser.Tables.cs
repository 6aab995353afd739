namespace Galley.Store.Scripting.Lua;

/// <content>Table constructors.</content>
internal sealed partial class Parser
{
    /// <summary>So many elements are gathered in registers before they are put in the table.</summary>
    internal const int ElementsPerBatch = 50;

    private const int SizeMax = ushort.MaxValue;

    private Operand Table()
    {
        int line = lexer.Line;
        int at = _function.Emit(Op.NewTable, 0, 0, 0);
        int elements = 0, fields = 0, gathered = 0;
        var table = new Operand(OperandKind.Anywhere, at);
        Operand last = default;
        _function.ToNextRegister(ref table);
        Check('{');
        while (!lexer.Current.Is('}'))
        {
            if (last.Kind != OperandKind.None)
            {
                _function.ToNextRegister(ref last);
                last = default;
                if (gathered == ElementsPerBatch)
                {
                    SetList(table.Info, elements, gathered);
                    gathered = 0;
                }
            }
            if (lexer.Current.Is('[') || (lexer.Current.Kind == TokenKind.Name && NextIsEquals()))
            {
                KeyedField(table);
                fields++;
            }
            else
            {
                last = Expression();
                elements++;
                gathered++;
            }
            if (!Accept(',') && !Accept(';')) break;
        }
        CheckMatch("}", "{", line, lexer.Current.Is('}'));
        if (gathered > 0)
        {
            if (last.IsMulti)
            {
                _function.SetResults(ref last, -1);
                SetList(table.Info, elements, -1);
                elements--;
            }
            else
            {
                if (last.Kind != OperandKind.None) _function.ToNextRegister(ref last);
                SetList(table.Info, elements, gathered);
            }
        }
        _function.At(at) = _function.At(at).WithB(Rounded(elements)).WithC(Rounded(fields));
        return table;
    }

    // As lua5.1 keeps sizes: three bits after the first. How large an array is shows in what # says of one with holes.
    private static int Rounded(int size)
    {
        int shift = 0;
        for (; size >= 16; shift++) size = (size + 1) >> 1;
        return Math.Min(size << shift, SizeMax);
    }

    private bool NextIsEquals() => lexer.LookAhead() == TokenKind.Character && lexer.IsAhead('=');

    private void KeyedField(Operand table)
    {
        int free = _function.FreeRegister;
        Operand key = lexer.Current.Is('[') ? BracketedKey() : new Operand(OperandKind.Constant, _function.Constant(CheckName()));
        Check('=');
        _function.Index(ref table, ref key);
        Operand value = Expression();
        _function.Store(table, ref value);
        _function.FreeRegister = free;
    }

    private void SetList(int table, int elements, int gathered)
    {
        int batch = ((elements - 1) / ElementsPerBatch) + 1;
        _function.Emit(new Instruction(Op.SetList, table, gathered < 0 ? 0 : gathered, batch & 0xFFFF, batch >> 16));
        _function.FreeRegister = table + 1;
    }
}
