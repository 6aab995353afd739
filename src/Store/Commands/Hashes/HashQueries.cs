using Galley.Resp.Protocol;
using Galley.Store.Keyspace;
using Galley.Store.Keyspace.Values;
using Galley.Store.Types;

namespace Galley.Store.Commands.Hashes;

/// <summary>What is asked of a hash: fields, values, how many.</summary>
internal static class HashQueries
{
    [Command("HGET", "key field", Group.Hash, Flags.ReadOnly | Flags.Fast, Since = "2.0.0", Cost = "O(1)",
        Summary = "Tells the value of a field of a hash.")]
    public static void Get(Execution x)
    {
        if (HashArgument.TryRead(x, out Key key)) SendValue(x, in key, 2);
    }

    [Command("HMGET", "key field [field ...]", Group.Hash, Flags.ReadOnly | Flags.Fast, Since = "2.0.0", Cost = "O(1) for each field",
        Summary = "Tells the values of fields of a hash.")]
    public static void GetMany(Execution x)
    {
        if (!HashArgument.TryRead(x, out Key key)) return;
        x.Reply.Array(x.Args.Count - 2);
        for (int i = 2; i < x.Args.Count; i++) SendValue(x, in key, i);
    }

    [Command("HGETALL", "key", Group.Hash, Flags.ReadOnly, Since = "2.0.0", Cost = "O(N) in the fields of the hash",
        Tips = "nondeterministic_output_order", Summary = "Lists the fields and values of a hash.")]
    public static void GetAll(Execution x)
    {
        if (!HashArgument.TryRead(x, out Key key)) return;
        x.Reply.Map((int)HashValue.Count(in key));
        Send(x, in key, sendsFields: true, sendsValues: true);
    }

    [Command("HKEYS", "key", Group.Hash, Flags.ReadOnly, Since = "2.0.0", Cost = "O(N) in the fields of the hash",
        Tips = "nondeterministic_output_order", Summary = "Lists the fields of a hash.")]
    public static void Keys(Execution x)
    {
        if (!HashArgument.TryRead(x, out Key key)) return;
        x.Reply.Array((int)HashValue.Count(in key));
        Send(x, in key, sendsFields: true, sendsValues: false);
    }

    [Command("HVALS", "key", Group.Hash, Flags.ReadOnly, Since = "2.0.0", Cost = "O(N) in the fields of the hash",
        Tips = "nondeterministic_output_order", Summary = "Lists the values of a hash.")]
    public static void Values(Execution x)
    {
        if (!HashArgument.TryRead(x, out Key key)) return;
        x.Reply.Array((int)HashValue.Count(in key));
        Send(x, in key, sendsFields: false, sendsValues: true);
    }

    [Command("HLEN", "key", Group.Hash, Flags.ReadOnly | Flags.Fast, Since = "2.0.0", Cost = "O(1)", Keys = "RO",
        Summary = "Counts the fields of a hash.")]
    public static void Length(Execution x)
    {
        if (HashArgument.TryRead(x, out Key key)) x.Reply.Integer(HashValue.Count(in key));
    }

    [Command("HSTRLEN", "key field", Group.Hash, Flags.ReadOnly | Flags.Fast, Since = "3.2.0", Cost = "O(1)", Keys = "RO",
        Summary = "Tells the length of the value of a field of a hash.")]
    public static void ValueLength(Execution x)
    {
        if (!HashArgument.TryRead(x, out Key key)) return;
        x.Reply.Integer(HashValue.TryGet(in key, x.Args[2], out ListPackElement value) ? value.Length : 0);
    }

    [Command("HEXISTS", "key field", Group.Hash, Flags.ReadOnly | Flags.Fast, Since = "2.0.0", Cost = "O(1)", Keys = "RO",
        Summary = "Tells whether a hash has a field.")]
    public static void Exists(Execution x)
    {
        if (HashArgument.TryRead(x, out Key key)) x.Reply.Integer(HashValue.Contains(in key, x.Args[2]) ? 1 : 0);
    }

    private static void SendValue(Execution x, in Key key, int field)
    {
        if (HashValue.TryGet(in key, x.Args[field], out ListPackElement value)) value.SendTo(x.Reply);
        else x.Reply.Null();
    }

    private static void Send(Execution x, in Key key, bool sendsFields, bool sendsValues)
    {
        var sending = new Sending(x.Reply, sendsFields, sendsValues);
        HashValue.Each(in key, ref sending);
    }

    private readonly struct Sending(RespWriter reply, bool sendsFields, bool sendsValues) : IFieldVisitor
    {
        public void Visit(scoped ListPackElement field, scoped ListPackElement value, long expiresAtMs)
        {
            if (sendsFields) field.SendTo(reply);
            if (sendsValues) value.SendTo(reply);
        }
    }
}
