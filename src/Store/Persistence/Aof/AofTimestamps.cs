using System.Buffers.Text;

namespace Galley.Store.Persistence.Aof;

/// <summary>
/// The lines <c>#TS:1795387925</c> of <c>aof-timestamp-enabled</c>: what stands behind one was written in this second, of
/// Unix time, or later. One a second at the most, in front of a stretch of the log, so that none divides a unit.
/// redis-check-aof --truncate-to-timestamp goes by them; who loads the file reads past them.
/// </summary>
internal sealed class AofTimestamps(AofOptions options)
{
    private readonly byte[] _line = new byte[32];
    private long _lastSeconds = -1;

    /// <summary>The line that is due now, or nothing.</summary>
    public ReadOnlySpan<byte> Next()
    {
        if (!options.WritesTimestamps()) return default;
        long seconds = options.Time.GetUtcNow().ToUnixTimeSeconds();
        if (seconds <= _lastSeconds) return default;
        _lastSeconds = seconds;
        Mark.CopyTo(_line);
        Utf8Formatter.TryFormat(seconds, _line.AsSpan(Mark.Length), out int digits);
        "\r\n"u8.CopyTo(_line.AsSpan(Mark.Length + digits));
        return _line.AsSpan(0, Mark.Length + digits + 2);
    }

    /// <summary>What a line begins with.</summary>
    public static ReadOnlySpan<byte> Mark => "#TS:"u8;
}
