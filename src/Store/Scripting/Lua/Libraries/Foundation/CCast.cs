namespace Galley.Store.Scripting.Lua.Libraries;

/// <summary>
/// Doubles cast to integers as C programs on x86-64 cast them, also where C leaves it open: scripts see what comes out.
/// </summary>
internal static class CCast
{
    private const double TwoTo31 = 2147483648.0;
    private const double TwoTo63 = 9223372036854775808.0;

    /// <summary>To int: what does not fit is the smallest.</summary>
    internal static int ToInt32(double value) => value > -TwoTo31 - 1 && value < TwoTo31 ? (int)value : int.MinValue;

    /// <summary>To long: what does not fit is the smallest.</summary>
    internal static long ToInt64(double value) => value >= -TwoTo63 && value < TwoTo63 ? (long)value : long.MinValue;

    /// <summary>To unsigned long: a negative number wraps round, what is too large is 0, NaN is 2^63.</summary>
    internal static ulong ToUInt64(double value) =>
        value >= TwoTo63 ? unchecked((ulong)ToInt64(value - TwoTo63)) ^ (1UL << 63) : unchecked((ulong)ToInt64(value));
}
