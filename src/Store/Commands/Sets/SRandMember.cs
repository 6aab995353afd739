using Galley.Resp.Protocol;
using Galley.Store.Keyspace;
using Galley.Store.Keyspace.Values;
using Galley.Store.Types;

namespace Galley.Store.Commands.Sets;

internal static class SRandMember
{
    /// <summary>With so many times more members than are asked for, drawing again what was drawn already is rare.</summary>
    private const int DrawShare = 3;

    [Command("SRANDMEMBER", "key [count:integer]", Group.Set, Flags.ReadOnly, Since = "1.0.0",
        Cost = "O(1) for each member asked for; O(N) in the members of the set where that is more than a third of them",
        Tips = "nondeterministic_output", Summary = "Tells members of a set at random: different ones, or with a negative count any.")]
    public static void Run(Execution x)
    {
        long count = 1;
        bool hasCount = x.Args.Count == 3;
        if (x.Args.Count > 3)
        {
            x.Reply.Error(Errors.Syntax);
            return;
        }
        if (hasCount && !TryReadCount(x, out count)) return;
        if (!x.TryRead(1, KeyType.Set, out Key key)) return;
        if (!key.Exists && !hasCount) x.Reply.Null();
        else if (!key.Exists || count == 0) x.Reply.Array(0);
        else if (!hasCount) SendAny(x.Reply, in key, 1);
        else Several(x.Reply, in key, count);
    }

    private static bool TryReadCount(Execution x, out long count)
    {
        if (!x.TryInteger(2, out count)) return false;
        if (count == long.MinValue) x.Reply.Error($"ERR value is out of range, value must between {-long.MaxValue} and {long.MaxValue}");
        else if (count < -CountArgument.RepeatedMax) x.Reply.Error(Errors.OutOfRange);
        else return true;
        return false;
    }

    private static void Several(RespWriter reply, in Key key, long count)
    {
        long size = SetValue.Count(in key);
        int sent = (int)(count < 0 ? -count : Math.Min(count, size));
        reply.Array(sent);
        if (count < 0 || sent == 1) SendAny(reply, in key, sent);
        else if (sent == size) SetReply.Each(reply, in key);
        else if (sent <= size / DrawShare) SendDistinct(reply, in key, sent);
        else
        {
            var choosing = new Choosing(reply, sent, size);
            SetValue.Each(in key, ref choosing);
        }
    }

    private static void SendAny(RespWriter reply, in Key key, int count)
    {
        for (; count > 0; count--) SetValue.Draw(in key, Random.Shared).Member.SendTo(reply);
    }

    private static void SendDistinct(RespWriter reply, in Key key, int count)
    {
        var drawn = new HashSet<ulong>(count);
        while (drawn.Count < count)
        {
            DrawnMember member = SetValue.Draw(in key, Random.Shared);
            if (drawn.Add(member.Place)) member.Member.SendTo(reply);
        }
    }

    /// <summary>Takes so many of the members that it is shown, each set of them as likely (Knuth 1969, 3.4.2, algorithm S).</summary>
    private struct Choosing(RespWriter reply, long wanted, long toCome) : IMemberVisitor
    {
        private long _wanted = wanted;
        private long _toCome = toCome;

        public void Visit(ListPackElement member)
        {
            bool takes = Random.Shared.NextInt64(_toCome--) < _wanted;
            if (!takes) return;
            _wanted--;
            member.SendTo(reply);
        }
    }
}
