using System.Text;
using Galley.Store.Keyspace;

namespace Galley.Store.Commands;

/// <summary>EXPIRE and its three sisters differ in the unit, and in where time is counted from.</summary>
internal static class Expire
{
    private const Flags WriteFast = Flags.Write | Flags.Fast;
    private const string Conditional = " [NX | XX | GT | LT]";

    [Flags]
    private enum Conditions : byte
    {
        None = 0,
        IfNone = 1,
        IfAny = 2,
        IfLater = 4,
        IfEarlier = 8,
    }

    [Command("EXPIRE", "key seconds:integer" + Conditional, Group.Generic, WriteFast, Since = "1.0.0", Cost = "O(1)",
        Summary = "Sets how many seconds a key has to live.")]
    public static void InSeconds(Execution x) => Set(x, unitMs: 1000, x.NowMs);

    [Command("PEXPIRE", "key milliseconds:integer" + Conditional, Group.Generic, WriteFast, Since = "2.6.0", Cost = "O(1)",
        Summary = "Sets how many milliseconds a key has to live.")]
    public static void InMilliseconds(Execution x) => Set(x, unitMs: 1, x.NowMs);

    [Command("EXPIREAT", "key unix-time-seconds:unix-time" + Conditional, Group.Generic, WriteFast,
        Since = "1.2.0", Cost = "O(1)",
        Summary = "Sets the second at which a key expires.")]
    public static void AtSecond(Execution x) => Set(x, unitMs: 1000, baseMs: 0);

    [Command("PEXPIREAT", "key unix-time-milliseconds:unix-time" + Conditional, Group.Generic, WriteFast,
        Since = "2.6.0", Cost = "O(1)",
        Summary = "Sets the millisecond at which a key expires.")]
    public static void AtMillisecond(Execution x) => Set(x, unitMs: 1, baseMs: 0);

    private static void Set(Execution x, long unitMs, long baseMs)
    {
        if (!TryReadConditions(x, out Conditions conditions)) return;
        if (!x.TryInteger(2, out long time)) return;
        if (!TryAbsolute(time, unitMs, baseMs, out long expiresAtMs))
        {
            x.Reply.Error(Errors.InvalidExpire(x.CommandName));
            return;
        }
        Key key = x.Write(1);
        if (!key.Exists || !IsMet(conditions, key.ExpiresAtMs, expiresAtMs))
        {
            x.Reply.Integer(0);
            return;
        }
        // A log that is read back says when a key expired; only then is a time in the past kept as it is.
        if (expiresAtMs <= x.NowMs && !x.Server.IsLoading) DeleteAtOnce(x, ref key);
        else SetExpiry(x, ref key, Math.Max(0, expiresAtMs));
        x.Reply.Integer(1);
    }

    private static void SetExpiry(Execution x, ref Key key, long expiresAtMs)
    {
        key.SetExpiry(expiresAtMs);
        x.Changed(in key, EventClass.Generic, "expire"u8);
        x.Effect(3).Word("PEXPIREAT"u8).Word(key.Name).Word(expiresAtMs);
    }

    private static void DeleteAtOnce(Execution x, ref Key key)
    {
        key.Delete();
        x.Changed(in key, EventClass.Generic, "del"u8);
        x.Effect(2).Word("DEL"u8).Word(key.Name);
    }

    private static bool TryReadConditions(Execution x, out Conditions conditions)
    {
        conditions = Conditions.None;
        for (int i = 3; i < x.Args.Count; i++)
        {
            if (x.Is(i, "NX"u8)) conditions |= Conditions.IfNone;
            else if (x.Is(i, "XX"u8)) conditions |= Conditions.IfAny;
            else if (x.Is(i, "GT"u8)) conditions |= Conditions.IfLater;
            else if (x.Is(i, "LT"u8)) conditions |= Conditions.IfEarlier;
            else return Refuse(x, "ERR Unsupported option " + Encoding.Latin1.GetString(x.Args[i]));
        }
        if ((conditions & Conditions.IfNone) != 0 && conditions != Conditions.IfNone)
            return Refuse(x, "ERR NX and XX, GT or LT options at the same time are not compatible");
        if ((conditions & Conditions.IfLater) != 0 && (conditions & Conditions.IfEarlier) != 0)
            return Refuse(x, "ERR GT and LT options at the same time are not compatible");
        return true;
    }

    private static bool Refuse(Execution x, string error)
    {
        x.Reply.Error(error);
        return false;
    }

    private static bool TryAbsolute(long time, long unitMs, long baseMs, out long absoluteMs)
    {
        absoluteMs = 0;
        if (time > long.MaxValue / unitMs || time < long.MinValue / unitMs) return false;
        if (time * unitMs > long.MaxValue - baseMs) return false;
        absoluteMs = time * unitMs + baseMs;
        return true;
    }

    /// <summary>A key that does not expire counts as one that expires at the end of time.</summary>
    private static bool IsMet(Conditions conditions, long currentMs, long nextMs)
    {
        bool expires = currentMs >= 0;
        if ((conditions & Conditions.IfNone) != 0 && expires) return false;
        if ((conditions & Conditions.IfAny) != 0 && !expires) return false;
        if ((conditions & Conditions.IfLater) != 0 && (!expires || nextMs <= currentMs)) return false;
        return (conditions & Conditions.IfEarlier) == 0 || !expires || nextMs < currentMs;
    }
}
