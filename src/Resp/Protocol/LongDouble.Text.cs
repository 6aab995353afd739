using System.Numerics;

namespace Galley.Resp.Protocol;

public readonly partial struct LongDouble
{
    private const int Decimals = 17;
    private const ulong TenToDecimals = 100_000_000_000_000_000;

    // 5^27 is the largest power of five in 64 bits: 10^27 is that, moved 27 bits.
    private const int FivePowerMax = 27;

    private static readonly ulong[] PowersOfFive = MakePowersOfFive();

    /// <summary>What redis-server takes as an increment: what <c>strtold</c> takes, without spaces, NaN and what is out of range.</summary>
    public static bool TryParse(ReadOnlySpan<byte> text, out LongDouble value)
    {
        value = default;
        if (text.Length > TextBytesMax || !FloatText.TryScan(text, out FloatText number)) return false;
        if (number.Kind == FloatKind.Infinity)
        {
            value = new LongDouble(number.IsNegative, 0, InfiniteExponent);
            return true;
        }
        if (number.IsZero)
        {
            value = new LongDouble(number.IsNegative, 0, 0);
            return true;
        }
        if (number.Kind == FloatKind.Hexadecimal) value = RoundHexadecimal(text, number);
        else if (number.DigitCount <= FloatText.LeadingDigitsMax && Math.Abs(number.Exponent) <= FivePowerMax) value = RoundDecimal(number);
        else value = RoundDecimalSlow(text, number);
        return value.IsFinite && value._mantissa != 0;
    }

    /// <summary>
    /// Prints as redis-server does (<c>%.17Lf</c>, trailing zeros and a bare point cut off) and returns the length;
    /// there must be room for <see cref="FormatBytesMax"/> bytes.
    /// </summary>
    public int Format(Span<byte> destination)
    {
        if (!IsFinite)
        {
            ReadOnlySpan<byte> word = IsNaN ? "nan"u8 : _isNegative ? "-inf"u8 : "inf"u8;
            word.CopyTo(destination);
            return word.Length;
        }
        Split(out UInt128 whole, out ulong decimals, out BigInteger huge);
        int at = 0;
        if (_isNegative && (whole != 0 || decimals != 0 || !huge.IsZero)) destination[at++] = (byte)'-';
        at += huge.IsZero ? FormatWhole(whole, destination[at..]) : FormatHuge(huge, destination[at..]);
        if (decimals == 0) return at;

        destination[at++] = (byte)'.';
        int length = Decimals;
        for (; decimals % 10 == 0; decimals /= 10) length--;
        for (int i = length - 1; i >= 0; i--, decimals /= 10) destination[at + i] = (byte)('0' + decimals % 10);
        return at + length;
    }

    /// <summary>The whole part, and the 17 decimals rounded; numbers from 2^128 on are whole and come in <paramref name="huge"/>.</summary>
    private void Split(out UInt128 whole, out ulong decimals, out BigInteger huge)
    {
        whole = 0;
        decimals = 0;
        huge = BigInteger.Zero;
        if (_exponent > 64) huge = new BigInteger(_mantissa) << _exponent;
        else if (_exponent >= 0) whole = (UInt128)_mantissa << _exponent;
        else
        {
            int bits = -_exponent;
            if (bits >= 128) return;
            whole = bits >= 64 ? 0 : _mantissa >> bits;
            ulong fraction = bits >= 64 ? _mantissa : _mantissa & ((1UL << bits) - 1);
            // Below 2^64 * 10^17 < 2^121, so that all of it is there to be rounded.
            UInt128 scaled = (UInt128)fraction * TenToDecimals;
            UInt128 rest = scaled & ((UInt128.One << bits) - 1);
            UInt128 half = UInt128.One << (bits - 1);
            decimals = (ulong)(scaled >> bits);
            if (rest > half || (rest == half && (decimals & 1) != 0)) decimals++;
            if (decimals != TenToDecimals) return;
            decimals = 0;
            whole++;
        }
    }

    private static int FormatWhole(UInt128 whole, Span<byte> destination)
    {
        if (whole <= ulong.MaxValue) return Numbers.FormatUInt64((ulong)whole, destination);
        Span<byte> digits = stackalloc byte[40];
        int at = digits.Length;
        for (; whole != 0; whole /= 10) digits[--at] = (byte)('0' + (int)(whole % 10));
        digits[at..].CopyTo(destination);
        return digits.Length - at;
    }

    private static int FormatHuge(BigInteger huge, Span<byte> destination)
    {
        string digits = huge.ToString(System.Globalization.CultureInfo.InvariantCulture);
        return System.Text.Encoding.ASCII.GetBytes(digits, destination);
    }

    private static LongDouble RoundHexadecimal(ReadOnlySpan<byte> text, in FloatText number)
    {
        // One more bit than the mantissa has, or rounding to odd could not be undone.
        UInt128 mantissa = 0;
        int exponent = number.Exponent;
        bool isInexact = false;
        foreach (byte c in text[number.Start..number.End])
        {
            if (c == '.') continue;
            uint digit = FloatText.HexValue(c);
            if (mantissa >> 124 == 0)
            {
                mantissa = (mantissa << 4) | digit;
                continue;
            }
            exponent += 4;
            isInexact |= digit != 0;
        }
        return Round(number.IsNegative, mantissa, exponent, isInexact);
    }

    private static LongDouble RoundDecimal(in FloatText number)
    {
        UInt128 digits = number.LeadingDigits;
        int power = Math.Abs(number.Exponent);
        if (number.Exponent >= 0) return Round(number.IsNegative, digits * PowersOfFive[power], power, isInexact: false);
        // Divided with its top bit at 127, the quotient keeps at least 65 bits.
        int up = (int)UInt128.LeadingZeroCount(digits);
        (UInt128 quotient, UInt128 rest) = UInt128.DivRem(digits << up, PowersOfFive[power]);
        return Round(number.IsNegative, quotient, -up - power, rest != 0);
    }

    private static LongDouble RoundDecimalSlow(ReadOnlySpan<byte> text, in FloatText number)
    {
        // 10^4933 overflows and 10^-4952 vanishes, whatever the digits before; the margin is for those.
        const long MagnitudeMax = 4940;
        long magnitude = (long)number.Exponent + number.DigitCount;
        if (magnitude > MagnitudeMax) return new LongDouble(number.IsNegative, 0, InfiniteExponent);
        if (magnitude < -MagnitudeMax - 20) return new LongDouble(number.IsNegative, 0, 0);

        BigInteger digits = ReadDigits(text[number.Start..number.End]);
        if (number.Exponent >= 0) return RoundBig(number.IsNegative, digits * BigInteger.Pow(10, number.Exponent), 0, false);
        BigInteger divisor = BigInteger.Pow(10, -number.Exponent);
        int up = (int)Math.Max(0, divisor.GetBitLength() - digits.GetBitLength() + 128);
        BigInteger quotient = BigInteger.DivRem(digits << up, divisor, out BigInteger rest);
        return RoundBig(number.IsNegative, quotient, -up, !rest.IsZero);
    }

    private static LongDouble RoundBig(bool isNegative, BigInteger value, int exponent, bool isInexact)
    {
        int drop = (int)Math.Max(0, value.GetBitLength() - 128);
        BigInteger top = value >> drop;
        return Round(isNegative, (UInt128)top, exponent + drop, isInexact || top << drop != value);
    }

    private static BigInteger ReadDigits(ReadOnlySpan<byte> text)
    {
        const ulong PartMax = 1_000_000_000_000_000_000;
        BigInteger value = BigInteger.Zero;
        ulong part = 0;
        ulong scale = 1;
        foreach (byte c in text)
        {
            if (c == '.') continue;
            part = part * 10 + (ulong)(c - '0');
            scale *= 10;
            if (scale < PartMax) continue;
            value = value * scale + part;
            part = 0;
            scale = 1;
        }
        return value * scale + part;
    }

    private static ulong[] MakePowersOfFive()
    {
        var powers = new ulong[FivePowerMax + 1];
        powers[0] = 1;
        for (int i = 1; i < powers.Length; i++) powers[i] = powers[i - 1] * 5;
        return powers;
    }
}
