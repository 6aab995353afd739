using Galley.Store.Keyspace;
using Galley.Store.Types;

namespace Galley.Store.Commands.HyperLogLogs;

internal static class PfMerge
{
    [Command("PFMERGE", "destkey:key sourcekey:key [sourcekey:key ...]", Group.HyperLogLog, Flags.Write | Flags.DenyOom, Since = "2.8.9",
        Cost = "O(N) in the number of keys", Keys = "RW ACCESS INSERT; RO ACCESS", Arity = -2,
        Summary = "Merges HyperLogLogs, and the one that the first key may hold, into the first key.")]
    public static void Merge(Execution x)
    {
        Span<byte> ranks = stackalloc byte[HyperLogLog.Registers];
        ranks.Clear();
        bool isDense = false;
        for (int i = 1; i < x.Args.Count; i++)
        {
            if (!HyperLogLogArgument.TryRead(x, i, out Key source)) return;
            if (!source.Exists) continue;
            isDense |= HyperLogLog.IsDense(source.String);
            if (HyperLogLog.TryMergeInto(ranks, source.String)) continue;
            x.Reply.Error(HyperLogLogArgument.Corrupt);
            return;
        }
        Key target = x.Write(1);
        using var draft = new HyperLogLogDraft(target.String, x.Server.Settings.HllSparseBytesMax);
        // The target is among what was merged: it is not corrupt.
        bool isMerged = (!isDense || draft.TryMakeDense()) && draft.TryAddAll(ranks);
        System.Diagnostics.Debug.Assert(isMerged, "What could be merged can be added to.");
        target.PutRaw(draft.Take(), target.ExpiresAtMs);
        x.Changed(in target, EventClass.String, "pfadd"u8);
        x.Reply.Ok();
    }
}
