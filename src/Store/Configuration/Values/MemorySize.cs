namespace Galley.Store.Configuration;

/// <summary>
/// Bytes as redis.conf writes them: digits, then nothing or b, k (1000), kb (1024), m, mb, g, gb in any case. As in
/// redis-server, no digits at all is zero, and what passes 64 bits is the largest number there is.
/// </summary>
public static class MemorySize
{
    private const ulong KiB = 1024;

    public static bool TryParse(string text, out ulong bytes)
    {
        bytes = 0;
        int digits = 0;
        while (digits < text.Length && char.IsAsciiDigit(text[digits])) digits++;
        ulong scale = Scale(text.AsSpan(digits));
        if (scale == 0) return false;

        ulong number = 0;
        if (digits > 0 && !ulong.TryParse(text.AsSpan(0, digits), out number)) number = ulong.MaxValue;
        bytes = number > ulong.MaxValue / scale ? ulong.MaxValue : number * scale;
        return true;
    }

    /// <summary>In the largest unit of 1024 that leaves no rest, as CONFIG REWRITE writes it: <c>64mb</c>, <c>3000</c>.</summary>
    public static string Shortened(ulong bytes)
    {
        ReadOnlySpan<string> units = ["", "kb", "mb", "gb"];
        int unit = 0;
        while (bytes != 0 && bytes % KiB == 0 && unit < units.Length - 1)
        {
            bytes /= KiB;
            unit++;
        }
        return $"{bytes}{units[unit]}";
    }

    private static ulong Scale(ReadOnlySpan<char> unit)
    {
        Span<char> lower = stackalloc char[2];
        if (unit.Length > lower.Length) return 0;
        unit.ToLowerInvariant(lower);
        return lower[..unit.Length] switch
        {
            "" or "b" => 1,
            "k" => 1000,
            "kb" => KiB,
            "m" => 1000 * 1000,
            "mb" => KiB * KiB,
            "g" => 1000UL * 1000 * 1000,
            "gb" => KiB * KiB * KiB,
            _ => 0,
        };
    }
}
