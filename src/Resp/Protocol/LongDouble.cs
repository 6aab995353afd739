using System.Numerics;

namespace Galley.Resp.Protocol;

/// <summary>
/// The 80-bit number of the x87, in software: INCRBYFLOAT and HINCRBYFLOAT of redis-server add <c>long double</c>s, so
/// that 0.1 and 0.2 make 0.3 there and 0.30000000000000004 in any 64-bit arithmetic. Replies must be the same to the
/// byte, on any processor.
/// <code>
///   value = (-1)^sign * mantissa * 2^exponent
///
///   mantissa   64 bits, the top bit set, unless the number is zero or so small that the exponent has no room
///   exponent   of the lowest bit: -16445 (2^-16445 is the smallest number) to 16320
/// </code>
/// All rounding is to nearest, ties to even, and happens once: parsing and adding keep up to 128 bits and a sticky bit
/// for what lies below. Numbers of everyday size (19 digits, powers of ten to 27) take UInt128 and allocate nothing;
/// the rest takes <see cref="BigInteger"/>. Multiplication and division are left out: no command needs them.
/// </summary>
public readonly partial struct LongDouble
{
    /// <summary>What redis-server reads at most.</summary>
    public const int TextBytesMax = 5 * 1024 - 1;

    /// <summary>Room for any number that <see cref="Format"/> prints: 4,933 digits, sign, point and 17 decimals.</summary>
    public const int FormatBytesMax = 4960;

    private const int LowestExponent = -16445;
    private const int HighestExponent = 16383 - 63;
    private const int InfiniteExponent = int.MaxValue;

    private readonly ulong _mantissa;
    private readonly int _exponent;
    private readonly bool _isNegative;

    private LongDouble(bool isNegative, ulong mantissa, int exponent)
    {
        _isNegative = isNegative;
        _mantissa = mantissa;
        _exponent = exponent;
    }

    /// <summary>Neither infinite nor NaN.</summary>
    public bool IsFinite => _exponent != InfiniteExponent;

    public bool IsNaN => _exponent == InfiniteExponent && _mantissa != 0;

    private bool IsInfinite => _exponent == InfiniteExponent && _mantissa == 0;

    private static LongDouble NaN => new(false, 1, InfiniteExponent);

    /// <summary>Exact: a long has no more than 64 bits.</summary>
    public static LongDouble FromInt64(long value) =>
        Round(value < 0, value < 0 ? 0 - (ulong)value : (ulong)value, 0, isInexact: false);

    /// <summary>Exact: a double has fewer bits in mantissa and exponent.</summary>
    public static LongDouble FromDouble(double value)
    {
        if (double.IsNaN(value)) return NaN;
        if (double.IsInfinity(value)) return new LongDouble(value < 0, 0, InfiniteExponent);
        long bits = BitConverter.DoubleToInt64Bits(value);
        int biased = (int)(bits >> 52) & 0x7FF;
        ulong mantissa = (ulong)bits & ((1UL << 52) - 1);
        if (biased == 0) biased = 1;
        else mantissa |= 1UL << 52;
        return Round(bits < 0, mantissa, biased - 1075, isInexact: false);
    }

    public static LongDouble operator +(LongDouble left, LongDouble right) => Add(left, right);

    public static LongDouble Add(LongDouble left, LongDouble right)
    {
        if (!left.IsFinite || !right.IsFinite) return AddInfinite(left, right);
        if (left._mantissa == 0) return right._mantissa == 0 && !left._isNegative ? left : right;
        if (right._mantissa == 0) return left;
        if (left._exponent < right._exponent) (left, right) = (right, left);

        // The larger exponent moves up 63 bits, which leaves one bit for a carry; the smaller moves down to meet it.
        UInt128 large = (UInt128)left._mantissa << 63;
        UInt128 small = (UInt128)right._mantissa << 63;
        int distance = left._exponent - right._exponent;
        bool isInexact = distance >= 128 || (distance > 0 && (small & ((UInt128.One << distance) - 1)) != 0);
        small = distance >= 128 ? 0 : small >> distance;
        int exponent = left._exponent - 63;

        if (left._isNegative == right._isNegative) return Round(left._isNegative, large + small, exponent, isInexact);
        if (large == small && !isInexact) return new LongDouble(false, 0, 0);
        bool isNegative = large >= small ? left._isNegative : right._isNegative;
        UInt128 difference = large >= small ? large - small : small - large;
        // What was cut off the smaller makes the difference less by a part of its last bit: one less, and then some.
        if (isInexact) difference--;
        return Round(isNegative, difference, exponent, isInexact);
    }

    private static LongDouble AddInfinite(LongDouble left, LongDouble right)
    {
        if (left.IsNaN || right.IsNaN) return NaN;
        if (left.IsInfinite && right.IsInfinite && left._isNegative != right._isNegative) return NaN;
        return left.IsInfinite ? left : right;
    }

    /// <summary>The number nearest to <paramref name="value"/> * 2^<paramref name="exponent"/>, or a little more if that is inexact.</summary>
    private static LongDouble Round(bool isNegative, UInt128 value, int exponent, bool isInexact)
    {
        if (value == 0) return new LongDouble(isNegative, 0, 0);
        int drop = 64 - (int)UInt128.LeadingZeroCount(value);
        if (drop < 0)
        {
            // Room to spare: move up as far as the exponent allows.
            int up = Math.Min(-drop, Math.Max(0, exponent - LowestExponent));
            value <<= up;
            exponent -= up;
        }
        drop = Math.Max(Math.Max(drop, 0), LowestExponent - exponent);
        if (drop > 0)
        {
            if (drop >= 128) return new LongDouble(isNegative, 0, 0);
            UInt128 rest = value & ((UInt128.One << drop) - 1);
            UInt128 half = UInt128.One << (drop - 1);
            value >>= drop;
            exponent += drop;
            if (rest > half || (rest == half && (isInexact || (value & 1) != 0))) value++;
            if (value >> 64 != 0)
            {
                value >>= 1;
                exponent++;
            }
        }
        return exponent > HighestExponent && value != 0
            ? new LongDouble(isNegative, 0, InfiniteExponent)
            : new LongDouble(isNegative, (ulong)value, exponent);
    }
}
