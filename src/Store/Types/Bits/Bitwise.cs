using System.Numerics;
using System.Runtime.InteropServices;

namespace Galley.Store.Types;

/// <summary>Operations on the bits of two strings of the same length, a vector at a time; the first takes the result.</summary>
internal static class Bitwise
{
    /// <summary>Bits set in both.</summary>
    public static void And(Span<byte> target, ReadOnlySpan<byte> other) => Apply<AndOperator>(target, other);

    /// <summary>Bits set in either.</summary>
    public static void Or(Span<byte> target, ReadOnlySpan<byte> other) => Apply<OrOperator>(target, other);

    /// <summary>Bits set in one of the two.</summary>
    public static void Xor(Span<byte> target, ReadOnlySpan<byte> other) => Apply<XorOperator>(target, other);

    /// <summary>Bits set in the target and not in the other.</summary>
    public static void Except(Span<byte> target, ReadOnlySpan<byte> other) => Apply<ExceptOperator>(target, other);

    /// <summary>Bits that were clear.</summary>
    public static void Not(Span<byte> target)
    {
        Span<Vector<byte>> wide = MemoryMarshal.Cast<byte, Vector<byte>>(target);
        foreach (ref Vector<byte> bits in wide) bits = ~bits;
        foreach (ref byte bits in target[(wide.Length * Vector<byte>.Count)..]) bits = (byte)~bits;
    }

    /// <summary>Notes one string more: which bits have been set in any so far, and which in more than one.</summary>
    public static void Collect(Span<byte> any, Span<byte> several, ReadOnlySpan<byte> next)
    {
        Span<Vector<byte>> wideAny = MemoryMarshal.Cast<byte, Vector<byte>>(any);
        Span<Vector<byte>> wideSeveral = MemoryMarshal.Cast<byte, Vector<byte>>(several)[..wideAny.Length];
        ReadOnlySpan<Vector<byte>> wideNext = MemoryMarshal.Cast<byte, Vector<byte>>(next)[..wideAny.Length];
        for (int i = 0; i < wideAny.Length; i++)
        {
            wideSeveral[i] |= wideAny[i] & wideNext[i];
            wideAny[i] |= wideNext[i];
        }
        for (int i = wideAny.Length * Vector<byte>.Count; i < any.Length; i++)
        {
            several[i] |= (byte)(any[i] & next[i]);
            any[i] |= next[i];
        }
    }

    private static void Apply<T>(Span<byte> target, ReadOnlySpan<byte> other) where T : IOperator
    {
        Span<Vector<byte>> wide = MemoryMarshal.Cast<byte, Vector<byte>>(target);
        ReadOnlySpan<Vector<byte>> wideOther = MemoryMarshal.Cast<byte, Vector<byte>>(other)[..wide.Length];
        for (int i = 0; i < wide.Length; i++) wide[i] = T.Of(wide[i], wideOther[i]);
        for (int i = wide.Length * Vector<byte>.Count; i < target.Length; i++) target[i] = T.Of(target[i], other[i]);
    }

    private interface IOperator
    {
        static abstract Vector<byte> Of(Vector<byte> a, Vector<byte> b);

        static abstract byte Of(byte a, byte b);
    }

    private readonly struct AndOperator : IOperator
    {
        public static Vector<byte> Of(Vector<byte> a, Vector<byte> b) => a & b;

        public static byte Of(byte a, byte b) => (byte)(a & b);
    }

    private readonly struct OrOperator : IOperator
    {
        public static Vector<byte> Of(Vector<byte> a, Vector<byte> b) => a | b;

        public static byte Of(byte a, byte b) => (byte)(a | b);
    }

    private readonly struct XorOperator : IOperator
    {
        public static Vector<byte> Of(Vector<byte> a, Vector<byte> b) => a ^ b;

        public static byte Of(byte a, byte b) => (byte)(a ^ b);
    }

    private readonly struct ExceptOperator : IOperator
    {
        public static Vector<byte> Of(Vector<byte> a, Vector<byte> b) => Vector.AndNot(a, b);

        public static byte Of(byte a, byte b) => (byte)(a & ~b);
    }
}
