using Galley.Store.Keyspace;
using Galley.Store.Keyspace.Values;
using Galley.Store.Types;

namespace Galley.Store.Commands.Streams;

/// <summary>XDELEX and XACKDEL: entries go, with a say in what becomes of the groups' references to them.</summary>
internal static class XDelEx
{
    private const int NotThere = -1;
    private const int IsDeleted = 1;
    private const int IsReferenced = 2;

    [Command("XDELEX", "key [KEEPREF | DELREF | ACKED] (IDS numids:integer id...)", Group.Stream, Flags.Write | Flags.Fast, Since = "8.2.0",
        Cost = "O(log N) for each identifier and group", Keys = "RW DELETE", Summary = "Deletes entries, and says what becomes of references to them.")]
    public static void Delete(Execution x)
    {
        if (!TryReadOptions(x, 2, out ReferenceRule rule, out IdList ids)) return;
        if (!StreamArgument.TryWrite(x, 1, out Key key)) return;
        if (!key.Exists)
        {
            ids.ReplyEach(x.Reply, NotThere);
            return;
        }
        x.Reply.Array(ids.Count);
        int deleted = 0;
        for (int i = 0; i < ids.Count; i++)
        {
            int outcome = DeleteOne(x, ref key, ids.At(x, i), rule);
            if (outcome == IsDeleted) deleted++;
            x.Reply.Integer(outcome);
        }
        if (deleted > 0) x.Changed(in key, EventClass.Stream, "xdel"u8);
    }

    [Command("XACKDEL", "key group [KEEPREF | DELREF | ACKED] (IDS numids:integer id...)", Group.Stream, Flags.Write | Flags.Fast, Since = "8.2.0",
        Cost = "O(log N) for each identifier and group", Keys = "RW UPDATE DELETE", Summary = "Acknowledges entries of a group, and deletes them.")]
    public static void AcknowledgeAndDelete(Execution x)
    {
        if (!TryReadOptions(x, 3, out ReferenceRule rule, out IdList ids)) return;
        if (!StreamArgument.TryWrite(x, 1, out Key key)) return;
        if (!StreamValue.TryEditGroup(ref key, x.Args[2], out StreamGroup group))
        {
            ids.ReplyEach(x.Reply, NotThere);
            return;
        }
        x.Reply.Array(ids.Count);
        int deleted = 0;
        for (int i = 0; i < ids.Count; i++)
        {
            StreamId id = ids.At(x, i);
            int outcome = NotThere;
            if (group.Acknowledge(id))
            {
                x.ChangedBeside(in key);
                outcome = DeleteOne(x, ref key, id, rule);
            }
            if (outcome == IsDeleted) deleted++;
            x.Reply.Integer(outcome);
        }
        if (deleted > 0) x.Changed(in key, EventClass.Stream, "xdel"u8);
    }

    private static int DeleteOne(Execution x, ref Key key, StreamId id, ReferenceRule rule)
    {
        if (StreamValue.Contains(in key, id)) return ReferencedTrim.TryDelete(ref key, id, rule) ? IsDeleted : IsReferenced;
        // What still refers to an entry that is long gone goes too.
        if (rule == ReferenceRule.Delete && ReferencedTrim.Forget(ref key, id)) x.ChangedBeside(in key);
        return NotThere;
    }

    private static bool TryReadOptions(Execution x, int first, out ReferenceRule rule, out IdList ids)
    {
        rule = ReferenceRule.Keep;
        ids = default;
        bool hasRule = false;
        for (int i = first; i < x.Args.Count;)
        {
            if (ids.Count == 0 && x.Is(i, "IDS"u8))
            {
                if (!IdList.TryRead(x, i, out ids)) return false;
                i = ids.End;
                continue;
            }
            if (hasRule || !ReferenceRules.TryRead(x, i, out rule)) return Refuse(x);
            hasRule = true;
            i++;
        }
        return ids.Count > 0 || Refuse(x);
    }

    private static bool Refuse(Execution x)
    {
        x.Reply.Error(Errors.Syntax);
        return false;
    }
}
