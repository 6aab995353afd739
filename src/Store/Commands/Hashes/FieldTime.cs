using Galley.Resp.Protocol;

namespace Galley.Store.Commands.Hashes;

/// <summary>The time at which fields are to expire, as commands take it.</summary>
internal static class FieldTime
{
    /// <summary>The latest time there is, in milliseconds since 1970: redis-server keeps 46 bits (the year 4199).</summary>
    public const long LatestMs = (1L << 46) - 1;

    /// <summary>Reads a span or a time, or replies why it is none.</summary>
    /// <param name="isSpan">It is counted from now.</param>
    public static bool TryRead(Execution x, int argument, bool isInSeconds, bool isSpan, out long expiresAtMs)
    {
        expiresAtMs = 0;
        if (!x.TryInteger(argument, out long time)) return false;
        if (time < 0)
        {
            x.Reply.Error("ERR invalid expire time, must be >= 0"u8);
            return false;
        }
        long fromMs = isSpan ? x.NowMs : 0;
        bool isTooLong = isInSeconds && time > LatestMs / 1000;
        if (!isTooLong && isInSeconds) time *= 1000;
        if (isTooLong || time > LatestMs - fromMs)
        {
            x.Reply.Error(Errors.InvalidExpire(x.CommandName));
            return false;
        }
        expiresAtMs = fromMs + time;
        return true;
    }

    /// <summary>As the other, of EX, PX, EXAT and PXAT.</summary>
    public static bool TryRead(Execution x, int argument, ExpirationKind kind, out long expiresAtMs)
    {
        bool isInSeconds = kind is ExpirationKind.Seconds or ExpirationKind.UnixSeconds;
        bool isSpan = kind is ExpirationKind.Seconds or ExpirationKind.Milliseconds;
        return TryRead(x, argument, isInSeconds, isSpan, out expiresAtMs);
    }

    /// <summary>Fields that are given this time go at once; not while a log is read, which says itself when they went.</summary>
    public static bool IsPast(Execution x, long expiresAtMs) => expiresAtMs <= x.NowMs && !x.Server.IsLoading;
}
