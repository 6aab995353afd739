using Galley.Resp.Protocol;
using Galley.Store.Types;

namespace Galley.Store.Commands.Streams;

/// <summary>The identifiers that a command names behind <c>IDS numids</c>, wherever that stands among its options.</summary>
/// <param name="First">The argument of the first of them.</param>
internal readonly record struct IdList(int First, int Count)
{
    /// <summary>Reads the list that begins with the word IDS at this argument, or replies with an error.</summary>
    public static bool TryRead(Execution x, int argument, out IdList ids)
    {
        ids = default;
        if (argument + 1 >= x.Args.Count)
        {
            x.Reply.Error(Errors.Syntax);
            return false;
        }
        if (!CountArgument.TryReadFromOne(x, argument + 1, "ERR Number of IDs must be a positive integer"u8, out long count)) return false;
        if (count > x.Args.Count - argument - 2)
        {
            x.Reply.Error("ERR The `numids` parameter must match the number of arguments"u8);
            return false;
        }
        ids = new IdList(argument + 2, (int)count);
        for (int i = 0; i < ids.Count; i++)
            if (!StreamArgument.TryId(x, ids.First + i, out _)) return false;
        return true;
    }

    /// <summary>The argument behind the last of them.</summary>
    public int End => First + Count;

    /// <summary>One of them; that it is an identifier is known.</summary>
    public StreamId At(Execution x, int index)
    {
        StreamId.TryParse(x.Args[First + index], 0, out StreamId id);
        return id;
    }

    /// <summary>Replies with the same number for each: what an absent key does.</summary>
    public void ReplyEach(RespWriter reply, long code)
    {
        reply.Array(Count);
        for (int i = 0; i < Count; i++) reply.Integer(code);
    }
}
