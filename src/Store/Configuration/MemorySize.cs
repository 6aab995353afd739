namespace Galley.Store.Configuration;

/// <summary>
/// Bytes as redis.conf writes them: digits, then nothing or b, k (1000), kb (1024), m, mb, g, gb in any case. As in
/// redis-server, no digits at all is zero, and what passes 63 bits is the largest number there is.
/// </summary>
public static class MemorySize
{
    public static bool TryParse(string text, out long bytes)
    {
        bytes = 0;
        int digits = 0;
        while (digits < text.Length && char.IsAsciiDigit(text[digits])) digits++;
        long scale = Scale(text.AsSpan(digits));
        if (scale == 0) return false;

        ulong number = 0;
        if (digits > 0 && !ulong.TryParse(text.AsSpan(0, digits), out number)) number = ulong.MaxValue;
        bytes = number > (ulong)(long.MaxValue / scale) ? long.MaxValue : (long)number * scale;
        return true;
    }

    private static long Scale(ReadOnlySpan<char> unit)
    {
        Span<char> lower = stackalloc char[2];
        if (unit.Length > lower.Length) return 0;
        unit.ToLowerInvariant(lower);
        return lower[..unit.Length] switch
        {
            "" or "b" => 1,
            "k" => 1000,
            "kb" => 1024,
            "m" => 1000 * 1000,
            "mb" => 1024 * 1024,
            "g" => 1000L * 1000 * 1000,
            "gb" => 1024L * 1024 * 1024,
            _ => 0,
        };
    }
}
