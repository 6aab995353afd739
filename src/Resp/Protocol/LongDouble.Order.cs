namespace Galley.Resp.Protocol;

/// <content>Order and sign, for commands that hold a number between bounds.</content>
public readonly partial struct LongDouble
{
    /// <summary>The greatest finite number, about 1.19e4932.</summary>
    public static LongDouble MaxValue => new(false, ulong.MaxValue, HighestExponent);

    public static LongDouble operator -(LongDouble value) => new(!value._isNegative, value._mantissa, value._exponent);

    public static LongDouble operator -(LongDouble left, LongDouble right) => left + -right;

    public static bool operator <(LongDouble left, LongDouble right) => Compare(left, right) < 0;

    public static bool operator >(LongDouble left, LongDouble right) => Compare(left, right) > 0;

    /// <summary>Less than 0, 0, or more, as left is less than, equal to or greater than right; neither is NaN.</summary>
    private static int Compare(LongDouble left, LongDouble right)
    {
        bool areZero = left.IsZero && right.IsZero;
        if (areZero || left._isNegative != right._isNegative) return areZero ? 0 : left._isNegative ? -1 : 1;
        int magnitudes = CompareMagnitudes(left, right);
        return left._isNegative ? -magnitudes : magnitudes;
    }

    /// <summary>The top bit of a mantissa is set unless the exponent is the lowest, so exponents decide first.</summary>
    private static int CompareMagnitudes(LongDouble left, LongDouble right)
    {
        if (left.IsZero || right.IsZero) return left.IsZero == right.IsZero ? 0 : left.IsZero ? -1 : 1;
        return left._exponent != right._exponent
            ? left._exponent.CompareTo(right._exponent)
            : left._mantissa.CompareTo(right._mantissa);
    }

    private bool IsZero => _mantissa == 0 && _exponent != InfiniteExponent;
}
