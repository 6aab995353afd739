using Galley.Store.Keyspace;
using Galley.Store.Keyspace.Values;

namespace Galley.Store.Commands.Sets;

/// <summary>What is asked of a single set: how many members, whether these are, which.</summary>
internal static class SetQueries
{
    [Command("SCARD", "key", Group.Set, Flags.ReadOnly | Flags.Fast, Since = "1.0.0", Cost = "O(1)", Keys = "RO",
        Summary = "Counts the members of a set.")]
    public static void Count(Execution x)
    {
        if (TryRead(x, out Key key)) x.Reply.Integer(SetValue.Count(in key));
    }

    [Command("SISMEMBER", "key member", Group.Set, Flags.ReadOnly | Flags.Fast, Since = "1.0.0", Cost = "O(1)", Keys = "RO",
        Summary = "Tells whether something is a member of a set.")]
    public static void IsMember(Execution x)
    {
        if (TryRead(x, out Key key)) x.Reply.Integer(SetValue.Contains(in key, x.Args[2]) ? 1 : 0);
    }

    [Command("SMISMEMBER", "key member [member ...]", Group.Set, Flags.ReadOnly | Flags.Fast, Since = "6.2.0",
        Cost = "O(1) for each member", Keys = "RO ACCESS", Summary = "Tells of several things whether each is a member of a set.")]
    public static void AreMembers(Execution x)
    {
        if (!TryRead(x, out Key key)) return;
        x.Reply.Array(x.Args.Count - 2);
        for (int i = 2; i < x.Args.Count; i++) x.Reply.Integer(SetValue.Contains(in key, x.Args[i]) ? 1 : 0);
    }

    [Command("SMEMBERS", "key", Group.Set, Flags.ReadOnly, Since = "1.0.0", Cost = "O(N) in the members of the set",
        Tips = "nondeterministic_output_order", Summary = "Lists the members of a set.")]
    public static void Members(Execution x)
    {
        if (TryRead(x, out Key key)) SetReply.Members(x.Reply, in key);
    }

    private static bool TryRead(Execution x, out Key key) => x.TryRead(1, KeyType.Set, out key);
}
