using Galley.Resp.Protocol;
using Galley.Store.Keyspace;
using Galley.Store.Keyspace.Values;
using Galley.Store.Types;

namespace Galley.Store.Commands.Sets;

internal static class SScan
{
    [Command("SSCAN", "key cursor:integer [MATCH pattern] [COUNT count:integer]", Group.Set, Flags.ReadOnly, Since = "2.8.0",
        Cost = "O(N) in the count, O(1) for each member of a whole walk", Tips = "nondeterministic_output",
        Summary = "Walks over the members of a set, a few at a call.")]
    public static void Run(Execution x)
    {
        if (!CollectionScan.TryReadCursor(x, out CollectionScan scan)) return;
        if (!x.TryRead(1, KeyType.Set, out Key key)) return;
        if (!key.Exists)
        {
            CollectionScan.ReplyEmpty(x);
            return;
        }
        if (!scan.TryReadOptions(x)) return;

        // The cursor stands before the members and is known after them: they wait in an output of their own.
        var output = new OutputBuffer();
        var members = new Matching(new RespWriter(output), scan);
        ulong cursor = SetValue.Scan(in key, scan.Cursor, scan.Count, ref members);
        CollectionScan.Reply(x, cursor, members.Count, output);
    }

    /// <summary>Replies with the members that the pattern accepts, and counts them.</summary>
    private ref struct Matching(RespWriter reply, CollectionScan scan) : IMemberVisitor
    {
        private readonly RespWriter _reply = reply;
        private readonly CollectionScan _scan = scan;

        public int Count { get; private set; }

        public void Visit(ListPackElement member)
        {
            Span<byte> digits = stackalloc byte[Numbers.IntegerBytesMax];
            if (!_scan.Accepts(member.TextIn(digits))) return;
            member.SendTo(_reply);
            Count++;
        }
    }
}
