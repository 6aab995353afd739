using Galley.Resp.Protocol;
using Galley.Store.Keyspace;
using Galley.Store.Keyspace.Values;
using Galley.Store.Types;

namespace Galley.Store.Commands.Hashes;

internal static class HScan
{
    [Command("HSCAN", "key cursor:integer [MATCH pattern] [COUNT count:integer] [NOVALUES]", Group.Hash, Flags.ReadOnly, Since = "2.8.0",
        Cost = "O(N) in the count, O(1) for each field of a whole walk", Tips = "nondeterministic_output",
        Summary = "Walks over the fields of a hash, a few at a call.")]
    public static void Run(Execution x)
    {
        if (!CollectionScan.TryReadCursor(x, out CollectionScan scan)) return;
        if (!HashArgument.TryRead(x, out Key key)) return;
        if (!key.Exists)
        {
            CollectionScan.ReplyEmpty(x);
            return;
        }
        if (!scan.TryReadOptions(x, "NOVALUES"u8)) return;

        // The cursor stands before the fields and is known after them: they wait in an output of their own.
        var output = new OutputBuffer();
        var fields = new Matching(new RespWriter(output), scan);
        ulong cursor = HashValue.Scan(in key, scan.Cursor, scan.Count, ref fields);
        CollectionScan.Reply(x, cursor, fields.Words, output);
    }

    /// <summary>Replies with the fields that the pattern accepts, and counts the words.</summary>
    private ref struct Matching(RespWriter reply, CollectionScan scan) : IFieldVisitor
    {
        private readonly RespWriter _reply = reply;
        private readonly CollectionScan _scan = scan;

        public int Words { get; private set; }

        public void Visit(scoped ListPackElement field, scoped ListPackElement value, long expiresAtMs)
        {
            Span<byte> digits = stackalloc byte[Numbers.IntegerBytesMax];
            if (!_scan.Accepts(field.TextIn(digits))) return;
            field.SendTo(_reply);
            Words++;
            if (_scan.NamesOnly) return;
            value.SendTo(_reply);
            Words++;
        }
    }
}
