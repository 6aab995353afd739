using Galley.Store.Keyspace;
using Galley.Store.Keyspace.Values;
using Galley.Store.Types;

namespace Galley.Store.Commands.Hashes;

/// <summary>HEXPIRE and its three sisters differ in the unit, and in where time is counted from.</summary>
internal static class HExpire
{
    private const Flags WriteFast = Flags.Write | Flags.DenyOom | Flags.Fast;
    private const string Fields = " [NX | XX | GT | LT] (FIELDS numfields:integer field [field ...])";

    private enum Condition : byte
    {
        None,
        IfNone,
        IfAny,
        IfLater,
        IfEarlier,
    }

    /// <summary>What the reply says of a field.</summary>
    private enum Outcome
    {
        NoField = -2,
        NotMet = 0,
        Set = 1,
        Deleted = 2,
    }

    [Command("HEXPIRE", "key seconds:integer" + Fields, Group.Hash, WriteFast, Since = "7.4.0", Cost = "O(1) for each field",
        Keys = "RW UPDATE", Summary = "Sets how many seconds fields of a hash have to live.")]
    public static void InSeconds(Execution x) => Run(x, isInSeconds: true, isSpan: true);

    [Command("HPEXPIRE", "key milliseconds:integer" + Fields, Group.Hash, WriteFast, Since = "7.4.0", Cost = "O(1) for each field",
        Keys = "RW UPDATE", Summary = "Sets how many milliseconds fields of a hash have to live.")]
    public static void InMilliseconds(Execution x) => Run(x, isInSeconds: false, isSpan: true);

    [Command("HEXPIREAT", "key unix-time-seconds:unix-time" + Fields, Group.Hash, WriteFast, Since = "7.4.0", Cost = "O(1) for each field",
        Keys = "RW UPDATE", Summary = "Sets the second at which fields of a hash expire.")]
    public static void AtSecond(Execution x) => Run(x, isInSeconds: true, isSpan: false);

    [Command("HPEXPIREAT", "key unix-time-milliseconds:unix-time" + Fields, Group.Hash, WriteFast, Since = "7.4.0",
        Cost = "O(1) for each field", Keys = "RW UPDATE", Summary = "Sets the millisecond at which fields of a hash expire.")]
    public static void AtMillisecond(Execution x) => Run(x, isInSeconds: false, isSpan: false);

    private static void Run(Execution x, bool isInSeconds, bool isSpan)
    {
        if (!HashArgument.TryWrite(x, out Key key)) return;
        if (!FieldTime.TryRead(x, 2, isInSeconds, isSpan, out long expiresAtMs)) return;
        Condition condition = ConditionAt(x, 3);
        int list = condition == Condition.None ? 3 : 4;
        if (!FieldList.TryRead(x, list, FieldList.NotAboveZero, out FieldList fields)) return;
        if (!key.Exists)
        {
            fields.ReplyEach(x.Reply, (long)Outcome.NoField);
            return;
        }
        Span<int> done = fields.Count <= FieldList.CountOnStack ? stackalloc int[FieldList.CountOnStack] : new int[fields.Count];
        int count = 0;
        x.Reply.Array(fields.Count);
        for (int i = fields.First; i < x.Args.Count; i++)
        {
            Outcome outcome = Apply(x, ref key, i, expiresAtMs, condition);
            if (outcome is Outcome.Set or Outcome.Deleted) done[count++] = i;
            x.Reply.Integer((long)outcome);
        }
        if (count > 0) Tell(x, ref key, expiresAtMs, done[..count]);
    }

    /// <summary>Tells of fields that were given this time, and have gone if it has passed.</summary>
    public static void Tell(Execution x, ref Key key, long expiresAtMs, scoped ReadOnlySpan<int> fields)
    {
        if (!FieldTime.IsPast(x, expiresAtMs))
        {
            FieldEffects.Expire(x, in key, expiresAtMs, fields);
            x.Changed(in key, EventClass.Hash, "hexpire"u8);
            x.OfFields(fields);
            return;
        }
        FieldEffects.Delete(x, in key, fields);
        x.Changed(in key, EventClass.Hash, "hdel"u8);
        x.OfFields(fields);
        if (HashValue.IsEmpty(in key)) x.DeleteEmptied(ref key);
    }

    /// <summary>Gives a field, which is there, this time; it goes if that has passed.</summary>
    public static void Set(Execution x, ref Key key, int field, long expiresAtMs)
    {
        if (FieldTime.IsPast(x, expiresAtMs)) HashValue.Remove(ref key, x.Args[field]);
        else HashValue.SetExpiry(ref key, x.Args[field], expiresAtMs);
    }

    private static Outcome Apply(Execution x, ref Key key, int field, long expiresAtMs, Condition condition)
    {
        if (!HashValue.TryGet(in key, x.Args[field], out _, out long currentMs)) return Outcome.NoField;
        if (!IsMet(condition, currentMs, expiresAtMs)) return Outcome.NotMet;
        Set(x, ref key, field, expiresAtMs);
        return FieldTime.IsPast(x, expiresAtMs) ? Outcome.Deleted : Outcome.Set;
    }

    private static Condition ConditionAt(Execution x, int argument)
    {
        if (x.Is(argument, "NX"u8)) return Condition.IfNone;
        if (x.Is(argument, "XX"u8)) return Condition.IfAny;
        if (x.Is(argument, "GT"u8)) return Condition.IfLater;
        return x.Is(argument, "LT"u8) ? Condition.IfEarlier : Condition.None;
    }

    /// <summary>A field that does not expire counts as one that does at the end of time.</summary>
    private static bool IsMet(Condition condition, long currentMs, long nextMs)
    {
        bool expires = currentMs != FieldLayout.Never;
        return condition switch
        {
            Condition.IfNone => !expires,
            Condition.IfAny => expires,
            Condition.IfLater => expires && nextMs > currentMs,
            Condition.IfEarlier => !expires || nextMs < currentMs,
            _ => true,
        };
    }
}
