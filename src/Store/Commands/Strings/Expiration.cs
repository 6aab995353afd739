namespace Galley.Store.Commands;

/// <summary>How a command of the string family says when a key is to expire.</summary>
internal enum ExpirationKind : byte
{
    None,
    Seconds,
    Milliseconds,
    UnixSeconds,
    UnixMilliseconds,
    KeepTtl,
    Persist,
}

/// <summary>An expiration as it was asked for: its kind, and the argument that holds the number.</summary>
internal readonly record struct Expiration(ExpirationKind Kind, int Argument)
{
    /// <summary>The four ways to name a time, as a part of a grammar.</summary>
    public const string TimeGrammar = "EX seconds:integer | PX milliseconds:integer | "
        + "EXAT unix-time-seconds:unix-time | PXAT unix-time-milliseconds:unix-time";

    /// <summary>The key is to get another time at which it expires.</summary>
    public bool SetsTime => Kind is >= ExpirationKind.Seconds and <= ExpirationKind.UnixMilliseconds;

    /// <summary>It names a point in time, which may have passed.</summary>
    public bool IsAbsolute => Kind is ExpirationKind.UnixSeconds or ExpirationKind.UnixMilliseconds;

    /// <summary>Works out the time in milliseconds since 1970, or replies why it is none; without a time, -1.</summary>
    public bool TryResolve(Execution x, out long expiresAtMs)
    {
        expiresAtMs = -1;
        if (!SetsTime) return true;
        if (!x.TryInteger(Argument, out long time)) return false;
        bool isInSeconds = Kind is ExpirationKind.Seconds or ExpirationKind.UnixSeconds;
        bool isValid = time > 0 && (!isInSeconds || time <= long.MaxValue / 1000);
        if (isValid)
        {
            if (isInSeconds) time *= 1000;
            isValid = IsAbsolute || time <= long.MaxValue - x.NowMs;
        }
        if (!isValid)
        {
            x.Reply.Error(Errors.InvalidExpire(x.CommandName));
            return false;
        }
        expiresAtMs = IsAbsolute ? time : time + x.NowMs;
        return true;
    }
}
