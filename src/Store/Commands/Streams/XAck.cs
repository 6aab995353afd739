using Galley.Store.Keyspace;
using Galley.Store.Keyspace.Values;
using Galley.Store.Types;

namespace Galley.Store.Commands.Streams;

/// <summary>XACK: what a consumer has done with is pending no more.</summary>
internal static class XAck
{
    [Command("XACK", "key group id [id ...]", Group.Stream, Flags.Write | Flags.Fast, Since = "5.0.0", Cost = "O(log N) for each identifier",
        Summary = "Acknowledges entries of a group.")]
    public static void Acknowledge(Execution x)
    {
        if (!StreamArgument.TryWrite(x, 1, out Key key)) return;
        if (!StreamValue.TryEditGroup(ref key, x.Args[2], out StreamGroup group))
        {
            x.Reply.Integer(0);
            return;
        }
        int count = x.Args.Count - 3;
        Span<StreamId> ids = count <= XDel.IdsOnStackMax ? stackalloc StreamId[count] : new StreamId[count];
        if (!StreamArgument.TryIds(x, 3, count, ids)) return;
        int acknowledged = 0;
        foreach (StreamId id in ids)
            if (group.Acknowledge(id)) acknowledged++;
        if (acknowledged > 0) x.ChangedBeside(in key);
        x.Reply.Integer(acknowledged);
    }
}
