using Galley.Resp.Protocol;
using Galley.Store.Keyspace;
using Galley.Store.Keyspace.Values;
using Galley.Store.Types;

namespace Galley.Store.Commands.Sets;

internal static class SPop
{
    /// <summary>So many members of a pop are one command of the log at the most.</summary>
    private const int LoggedTogetherMax = 1024;

    [Command("SPOP", "key [count:integer]", Group.Set, Flags.Write | Flags.Fast, Since = "1.0.0",
        Cost = "O(1) for each member taken", Keys = "RW ACCESS DELETE", Tips = "nondeterministic_output",
        Summary = "Takes members at random out of a set, and tells them.")]
    public static void Run(Execution x)
    {
        if (x.Args.Count > 3)
        {
            x.Reply.Error(Errors.Syntax);
            return;
        }
        long count = 1;
        bool hasCount = x.Args.Count == 3;
        if (hasCount && !CountArgument.TryReadPositive(x, 2, out count)) return;
        if (!x.TryWrite(1, KeyType.Set, out Key key)) return;
        if (!key.Exists && !hasCount) x.Reply.Null();
        else if (!key.Exists || count == 0) x.Reply.Set(0);
        else if (!hasCount) Take(x, ref key, 1);
        else if (count >= SetValue.Count(in key)) TakeAll(x, ref key);
        else
        {
            x.Reply.Set((int)count);
            Take(x, ref key, count);
        }
    }

    /// <summary>Replies with so many members, which are there, and takes them out; the log is told which.</summary>
    private static void Take(Execution x, ref Key key, long count)
    {
        Span<byte> digits = stackalloc byte[Numbers.IntegerBytesMax];
        while (count > 0)
        {
            int together = (int)Math.Min(count, LoggedTogetherMax);
            EffectWriter effect = x.Effect(2 + together).Word("SREM"u8).Word(key.Name);
            for (int i = 0; i < together; i++)
            {
                DrawnMember drawn = SetValue.Draw(in key, Random.Shared);
                drawn.Member.SendTo(x.Reply);
                effect.Word(drawn.Member.TextIn(digits));
                SetValue.Remove(ref key, drawn);
            }
            count -= together;
        }
        x.Changed(in key, EventClass.Set, "spop"u8);
        if (SetValue.Count(in key) == 0) x.DeleteEmptied(ref key);
    }

    /// <summary>A whole set is not emptied member by member: it goes as one, and is freed in slices.</summary>
    private static void TakeAll(Execution x, ref Key key)
    {
        SetReply.Members(x.Reply, in key);
        x.Effect(2).Word("DEL"u8).Word(key.Name);
        x.Changed(in key, EventClass.Set, "spop"u8);
        x.DeleteEmptied(ref key);
    }
}
