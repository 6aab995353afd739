using Galley.Store.Keyspace;
using Galley.Store.Keyspace.Values;
using Galley.Store.Types;

namespace Galley.Store.Commands.Hashes;

/// <summary>When fields expire, as a span or a time. -2 is no such field, -1 a field that does not expire.</summary>
internal static class FieldTimeToLive
{
    private const long NoField = -2;
    private const long NoExpiry = -1;
    private const Flags ReadFast = Flags.ReadOnly | Flags.Fast;
    private const string Grammar = "key (FIELDS numfields:integer field [field ...])";

    [Command("HTTL", Grammar, Group.Hash, ReadFast, Since = "7.4.0", Cost = "O(1) for each field", Tips = "nondeterministic_output",
        Summary = "Tells how many seconds fields of a hash have to live.")]
    public static void Seconds(Execution x) => Reply(x, isSpan: true, inSeconds: true);

    [Command("HPTTL", Grammar, Group.Hash, ReadFast, Since = "7.4.0", Cost = "O(1) for each field", Tips = "nondeterministic_output",
        Summary = "Tells how many milliseconds fields of a hash have to live.")]
    public static void Milliseconds(Execution x) => Reply(x, isSpan: true, inSeconds: false);

    [Command("HEXPIRETIME", Grammar, Group.Hash, ReadFast, Since = "7.4.0", Cost = "O(1) for each field",
        Summary = "Tells the second at which fields of a hash expire.")]
    public static void Second(Execution x) => Reply(x, isSpan: false, inSeconds: true);

    [Command("HPEXPIRETIME", Grammar, Group.Hash, ReadFast, Since = "7.4.0", Cost = "O(1) for each field",
        Summary = "Tells the millisecond at which fields of a hash expire.")]
    public static void Millisecond(Execution x) => Reply(x, isSpan: false, inSeconds: false);

    [Command("HPERSIST", Grammar, Group.Hash, Flags.Write | Flags.Fast, Since = "7.4.0", Cost = "O(1) for each field",
        Keys = "RW UPDATE", Summary = "Lets fields of a hash stay that would have expired.")]
    public static void Persist(Execution x)
    {
        if (!HashArgument.TryWrite(x, out Key key)) return;
        if (!FieldList.TryRead(x, 2, FieldList.NotPositive, out FieldList fields)) return;
        Span<int> done = fields.Count <= FieldList.CountOnStack ? stackalloc int[FieldList.CountOnStack] : new int[fields.Count];
        int count = 0;
        x.Reply.Array(fields.Count);
        for (int i = fields.First; i < x.Args.Count; i++)
        {
            bool isThere = HashValue.TryGet(in key, x.Args[i], out _, out long expiresAtMs);
            if (!isThere || expiresAtMs == FieldLayout.Never)
            {
                x.Reply.Integer(isThere ? NoExpiry : NoField);
                continue;
            }
            HashValue.SetExpiry(ref key, x.Args[i], FieldLayout.Never);
            done[count++] = i;
            x.Reply.Integer(1);
        }
        if (count > 0) TellPersisted(x, in key, done[..count]);
    }

    /// <summary>Tells of fields that expire no more.</summary>
    public static void TellPersisted(Execution x, in Key key, scoped ReadOnlySpan<int> fields)
    {
        FieldEffects.Persist(x, in key, fields);
        x.Changed(in key, EventClass.Hash, "hpersist"u8);
        x.OfFields(fields);
    }

    private static void Reply(Execution x, bool isSpan, bool inSeconds)
    {
        if (!HashArgument.TryRead(x, out Key key)) return;
        if (!FieldList.TryRead(x, 2, FieldList.NotPositive, out FieldList fields)) return;
        x.Reply.Array(fields.Count);
        for (int i = fields.First; i < x.Args.Count; i++)
        {
            if (!HashValue.TryGet(in key, x.Args[i], out _, out long timeMs)) x.Reply.Integer(NoField);
            else if (timeMs == FieldLayout.Never) x.Reply.Integer(NoExpiry);
            else
            {
                if (isSpan) timeMs -= x.NowMs;
                // Rounded up, where TTL of a key rounds to the nearest.
                x.Reply.Integer(inSeconds ? (timeMs + 999) / 1000 : timeMs);
            }
        }
    }
}
