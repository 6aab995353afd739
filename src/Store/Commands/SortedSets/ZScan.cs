using Galley.Resp.Protocol;
using Galley.Store.Keyspace;
using Galley.Store.Keyspace.Values;
using Galley.Store.Types;

namespace Galley.Store.Commands.SortedSets;

internal static class ZScan
{
    [Command("ZSCAN", "key cursor:integer [MATCH pattern] [COUNT count:integer] [NOSCORES]", Group.SortedSet, Flags.ReadOnly,
        Since = "2.8.0", Cost = "O(N) in the count, O(1) for each element of a whole walk", Tips = "nondeterministic_output",
        Summary = "Walks over the elements of a sorted set, a few at a call.")]
    public static void Run(Execution x)
    {
        if (!CollectionScan.TryReadCursor(x, out CollectionScan scan)) return;
        if (!SortedSetArgument.TryRead(x, 1, out Key key)) return;
        if (!key.Exists)
        {
            CollectionScan.ReplyEmpty(x);
            return;
        }
        if (!scan.TryReadOptions(x, "NOSCORES"u8)) return;

        // The cursor stands before the elements and is known after them: they wait in an output of their own.
        var output = new OutputBuffer();
        var elements = new Matching(new RespWriter(output), scan, key);
        ulong cursor = SortedSetValue.Scan(in key, scan.Cursor, scan.Count, ref elements);
        CollectionScan.Reply(x, cursor, elements.Words, output);
    }

    /// <summary>Replies with the elements whose member the pattern accepts, and counts the words.</summary>
    private ref struct Matching(RespWriter reply, CollectionScan scan, Key key) : ISortedVisitor
    {
        private readonly RespWriter _reply = reply;
        private readonly CollectionScan _scan = scan;
        private readonly Key _key = key;

        public int Words { get; private set; }

        public void Visit(scoped ListPackElement member, double score)
        {
            Span<byte> text = stackalloc byte[Numbers.DoubleBytesMax];
            if (!_scan.Accepts(member.TextIn(text))) return;
            member.SendTo(_reply);
            Words++;
            if (_scan.NamesOnly) return;
            _reply.Bulk(text[..SortedSetValue.FormatScore(in _key, score, text)]);
            Words++;
        }
    }
}
