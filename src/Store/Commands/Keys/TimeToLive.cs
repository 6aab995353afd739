using Galley.Store.Keyspace;

namespace Galley.Store.Commands;

/// <summary>When a key expires, as a span or a time. -2 is no such key, -1 a key that does not expire.</summary>
internal static class TimeToLive
{
    private const long NoKey = -2;
    private const long NoExpiry = -1;
    private const Flags ReadFast = Flags.ReadOnly | Flags.Fast;

    [Command("TTL", "key", Group.Generic, ReadFast, Since = "1.0.0", Cost = "O(1)", Tips = "nondeterministic_output",
        Summary = "Tells how many seconds a key has to live.")]
    public static void Seconds(Execution x) => Reply(x, isSpan: true, inSeconds: true);

    [Command("PTTL", "key", Group.Generic, ReadFast, Since = "2.6.0", Cost = "O(1)", Tips = "nondeterministic_output",
        Summary = "Tells how many milliseconds a key has to live.")]
    public static void Milliseconds(Execution x) => Reply(x, isSpan: true, inSeconds: false);

    [Command("EXPIRETIME", "key", Group.Generic, ReadFast, Since = "7.0.0", Cost = "O(1)",
        Summary = "Tells the second at which a key expires.")]
    public static void Second(Execution x) => Reply(x, isSpan: false, inSeconds: true);

    [Command("PEXPIRETIME", "key", Group.Generic, ReadFast, Since = "7.0.0", Cost = "O(1)",
        Summary = "Tells the millisecond at which a key expires.")]
    public static void Millisecond(Execution x) => Reply(x, isSpan: false, inSeconds: false);

    private static void Reply(Execution x, bool isSpan, bool inSeconds)
    {
        Key key = x.Look(1);
        long timeMs = key.ExpiresAtMs;
        if (timeMs < 0)
        {
            x.Reply.Integer(key.Exists ? NoExpiry : NoKey);
            return;
        }
        if (isSpan) timeMs = Math.Max(0, timeMs - x.NowMs);
        // To the nearest second; written so that the latest time there is does not overflow.
        x.Reply.Integer(inSeconds ? timeMs / 1000 + (timeMs % 1000 >= 500 ? 1 : 0) : timeMs);
    }
}
