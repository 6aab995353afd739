using Galley.Resp.Protocol;
using Galley.Store.Keyspace;
using Galley.Store.Keyspace.Values;
using Galley.Store.Types;

namespace Galley.Store.Commands.Sets;

/// <summary>Replies with members of sets.</summary>
internal static class SetReply
{
    /// <summary>All members of a set, which may be absent, as a set.</summary>
    public static void Members(RespWriter reply, in Key key)
    {
        reply.Set((int)SetValue.Count(in key));
        Each(reply, in key);
    }

    /// <summary>All members of a set; what stands before them is the caller's to reply.</summary>
    public static void Each(RespWriter reply, in Key key)
    {
        var sending = new Sending(reply);
        SetValue.Each(in key, ref sending);
    }

    private readonly struct Sending(RespWriter reply) : IMemberVisitor
    {
        public void Visit(ListPackElement member) => member.SendTo(reply);
    }
}
