namespace Galley.Store.Scripting.Lua;

/// <summary>
/// One step of compiled code in 64 bits, so that it holds a register and two operands of 16 bits each, or one of 32:
/// <code>
///   0      8      16             32              48              64
///   | op   | A    | D            | B             | C             |
///                                | Bx, signed                    |
/// </code>
/// </summary>
internal readonly struct Instruction(ulong bits)
{
    /// <summary>An operand with this bit is a constant, else a register.</summary>
    public const int ConstantBit = 0x8000;

    private readonly ulong _bits = bits;

    public Instruction(Op op, int a, int b, int c, int d = 0)
        : this((byte)op | ((ulong)(byte)a << 8) | ((ulong)(ushort)d << 16) | ((ulong)(ushort)b << 32) | ((ulong)(ushort)c << 48))
    {
    }

    public Op Op => (Op)(byte)_bits;

    public int A => (byte)(_bits >> 8);

    public int D => (ushort)(_bits >> 16);

    public int B => (ushort)(_bits >> 32);

    public int C => (int)(_bits >> 48);

    public int Bx => (int)((long)_bits >> 32);

    public static Instruction Wide(Op op, int a, int bx) => new((byte)op | ((ulong)(byte)a << 8) | ((ulong)(uint)bx << 32));

    public Instruction WithA(int a) => new((_bits & ~0xFF00UL) | ((ulong)(byte)a << 8));

    public Instruction WithB(int b) => new((_bits & ~0xFFFF_0000_0000UL) | ((ulong)(ushort)b << 32));

    public Instruction WithC(int c) => new((_bits & ~0xFFFF_0000_0000_0000UL) | ((ulong)(ushort)c << 48));

    public Instruction WithBx(int bx) => new((uint)_bits | ((ulong)(uint)bx << 32));
}
