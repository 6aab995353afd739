using Galley.Store.Keyspace;
using Galley.Store.Keyspace.Values;
using Galley.Store.Types;

namespace Galley.Store.Commands.Streams;

/// <summary>XRANGE and XREVRANGE, and XLEN.</summary>
internal static class XRange
{
    private const string Cost = "O(log N + M) for M entries replied";

    [Command("XRANGE", "key start end [COUNT count:integer]", Group.Stream, Flags.ReadOnly, Since = "5.0.0", Cost = Cost,
        Summary = "Gives the entries between two identifiers.")]
    public static void Forward(Execution x) => Run(x, isBackward: false);

    [Command("XREVRANGE", "key end start [COUNT count:integer]", Group.Stream, Flags.ReadOnly, Since = "5.0.0", Cost = Cost,
        Summary = "Gives the entries between two identifiers, the last one first.")]
    public static void Backward(Execution x) => Run(x, isBackward: true);

    [Command("XLEN", "key", Group.Stream, Flags.ReadOnly | Flags.Fast, Since = "5.0.0", Cost = "O(1)", Keys = "RO", Summary = "Counts the entries of a stream.")]
    public static void Length(Execution x)
    {
        if (!StreamArgument.TryRead(x, 1, out Key key)) return;
        x.Reply.Integer(StreamValue.Length(in key));
    }

    private static void Run(Execution x, bool isBackward)
    {
        if (!StreamArgument.TryStart(x, isBackward ? 3 : 2, out StreamId from) || !StreamArgument.TryStop(x, isBackward ? 2 : 3, out StreamId to)) return;
        long count = -1;
        for (int i = 4; i < x.Args.Count; i += 2)
        {
            if (i + 1 == x.Args.Count || !x.Is(i, "COUNT"u8))
            {
                x.Reply.Error(Errors.Syntax);
                return;
            }
            if (!x.TryInteger(i + 1, out count)) return;
            count = Math.Max(count, 0);
        }
        if (!StreamArgument.TryRead(x, 1, out Key key)) return;
        if (!key.Exists) x.Reply.Array(0);
        else if (count == 0) x.Reply.NullArray();
        else
        {
            StreamWalk walk = StreamValue.Walk(in key, from, to, isBackward);
            StreamReply.Entries(x.Reply, ref walk, Math.Max(count, 0));
        }
    }
}
