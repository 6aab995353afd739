using Galley.Store.Keyspace;
using Galley.Store.Keyspace.Values;
using Galley.Store.Types;

namespace Galley.Store.Commands.Streams;

/// <summary>XDEL and XTRIM: entries go.</summary>
internal static class XDel
{
    /// <summary>More identifiers than this wait in an array, and not on the stack.</summary>
    internal const int IdsOnStackMax = 64;

    [Command("XDEL", "key id [id ...]", Group.Stream, Flags.Write | Flags.Fast, Since = "5.0.0", Cost = "O(log N) for each identifier",
        Keys = "RW DELETE", Summary = "Deletes entries by their identifiers.")]
    public static void Delete(Execution x)
    {
        if (!StreamArgument.TryWrite(x, 1, out Key key)) return;
        if (!key.Exists)
        {
            x.Reply.Integer(0);
            return;
        }
        int count = x.Args.Count - 2;
        Span<StreamId> ids = count <= IdsOnStackMax ? stackalloc StreamId[count] : new StreamId[count];
        if (!StreamArgument.TryIds(x, 2, count, ids)) return;
        int deleted = 0;
        foreach (StreamId id in ids)
            if (StreamValue.Remove(ref key, id)) deleted++;
        if (deleted > 0) x.Changed(in key, EventClass.Stream, "xdel"u8);
        x.Reply.Integer(deleted);
    }

    [Command("XTRIM", "key ((MAXLEN | MINID) [= | ~] threshold [LIMIT count:integer] [KEEPREF | DELREF | ACKED])", Group.Stream, Flags.Write,
        Since = "5.0.0", Cost = "O(N) in the nodes that go", Keys = "RW DELETE", Tips = "nondeterministic_output",
        Summary = "Deletes entries from the first on, down to a length or up to an identifier.")]
    public static void Trim(Execution x)
    {
        var trim = new TrimArgument();
        for (int i = 2; i < x.Args.Count;)
        {
            if (!trim.TryReadOption(x, ref i, out bool isOther)) return;
            if (!isOther) continue;
            x.Reply.Error(Errors.Syntax);
            return;
        }
        if (!trim.TryEnd(x, mustBeGiven: true)) return;
        if (!StreamArgument.TryWrite(x, 1, out Key key)) return;
        if (!key.Exists)
        {
            x.Reply.Integer(0);
            return;
        }
        long deleted = trim.Apply(x, ref key);
        if (deleted > 0)
        {
            if (trim.IsApproximate) LogExactly(x, in key, in trim);
            x.Changed(in key, EventClass.Stream, "xtrim"u8);
        }
        x.Reply.Integer(deleted);
    }

    /// <summary>How many entries go approximately depends on how they lie in nodes, which is not to matter to whoever reads the log.</summary>
    private static void LogExactly(Execution x, in Key key, in TrimArgument trim)
    {
        if (trim.References == ReferenceRule.Keep)
            x.Effect(5).Word("XTRIM"u8).Word(key.Name).Word("MAXLEN"u8).Word("="u8).Word(StreamValue.Length(in key));
    }
}
