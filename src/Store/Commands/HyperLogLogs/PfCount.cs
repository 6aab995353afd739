using Galley.Store.Keyspace;
using Galley.Store.Types;

namespace Galley.Store.Commands.HyperLogLogs;

internal static class PfCount
{
    [Command("PFCOUNT", "key [key ...]", Group.HyperLogLog, Flags.ReadOnly, Since = "2.8.9",
        Cost = "O(1) for one key while nothing is added; O(N) in the number of keys",
        Keys = "RW ACCESS -- RW because it may change the internal representation of the key, and propagate to replicas",
        Summary = "Estimates how many different elements one or more HyperLogLogs have seen.")]
    public static void Count(Execution x)
    {
        if (x.Args.Count == 2) CountOne(x);
        else CountUnion(x);
    }

    /// <summary>The count is kept in the value until something is added, and the log and the replicas keep it with it.</summary>
    private static void CountOne(Execution x)
    {
        if (!HyperLogLogArgument.TryRead(x, 1, out Key key)) return;
        if (!key.Exists)
        {
            x.Reply.Integer(0);
            return;
        }
        key.ShowAsRaw();
        if (!HyperLogLog.TryGetCachedCount(key.String, out ulong count))
        {
            if (!HyperLogLog.TryCount(key.String, out count))
            {
                x.Reply.Error(HyperLogLogArgument.Corrupt);
                return;
            }
            HyperLogLog.CacheCount(key.EditString(key.String.Length), count);
            x.Changed(in key, EventClass.None, default);
        }
        x.Reply.Integer((long)count);
    }

    private static void CountUnion(Execution x)
    {
        Span<byte> ranks = stackalloc byte[HyperLogLog.Registers];
        ranks.Clear();
        for (int i = 1; i < x.Args.Count; i++)
        {
            if (!HyperLogLogArgument.TryRead(x, i, out Key key)) return;
            if (!key.Exists || HyperLogLog.TryMergeInto(ranks, key.String)) continue;
            x.Reply.Error(HyperLogLogArgument.Corrupt);
            return;
        }
        var histogram = new RankHistogram();
        histogram.Add(ranks);
        x.Reply.Integer((long)histogram.EstimateCount());
    }
}
