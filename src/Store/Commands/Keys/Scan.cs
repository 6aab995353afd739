using Galley.Resp.Protocol;
using Galley.Store.Keyspace;

namespace Galley.Store.Commands;

/// <summary>SCAN walks the keys a few at a call, KEYS all at once.</summary>
internal static class Scan
{
    private const long CountDefault = 10;

    [Command("SCAN", "cursor:integer [MATCH pattern] [COUNT count:integer] [TYPE type]", Group.Generic,
        Flags.ReadOnly | Flags.WholeKeyspace, Since = "2.8.0", Cost = "O(N) in the count, O(1) for each key of a whole walk",
        Tips = "nondeterministic_output, request_policy:special",
        Summary = "Walks over the keys of the database, a few at a call.")]
    public static void Step(Execution x)
    {
        if (!ScanCursor.TryParse(x.Args[1], out ulong cursor))
        {
            x.Reply.Error(Errors.InvalidCursor);
            return;
        }
        if (!TryReadOptions(x, out int count, out Filter filter, out bool withTypes)) return;

        // The cursor stands before the keys and is known after them: they wait in an output of their own.
        var output = new OutputBuffer();
        var keys = new KeyNames(new RespWriter(output), filter, withTypes);
        cursor = KeyspaceScan.Step(x.Database, cursor, count, ref keys);

        x.Reply.Array(2);
        ScanCursor.Write(x.Reply, cursor);
        x.Reply.Array(keys.Count);
        foreach (ReadOnlyMemory<byte> piece in output.Drain()) x.Reply.Raw(piece.Span);
    }

    [Command("KEYS", "pattern", Group.Generic, Flags.ReadOnly | Flags.WholeKeyspace, Since = "1.0.0",
        Cost = "O(N) in the keys of the database", Tips = "request_policy:all_shards, nondeterministic_output_order",
        Categories = "dangerous", Summary = "Lists the keys that match a pattern.")]
    public static void Keys(Execution x)
    {
        Deferred start = x.Reply.BeginDeferred();
        var keys = new KeyNames(x.Reply, new Filter(x.Args[1]), withTypes: false);
        KeyspaceScan.All(x.Database, ref keys);
        x.Reply.EndArray(start, keys.Count);
    }

    private static bool TryReadOptions(Execution x, out int count, out Filter filter, out bool withTypes)
    {
        long asked = CountDefault;
        count = 0;
        withTypes = false;
        filter = new Filter("*"u8);
        for (int i = 2; i < x.Args.Count; i += 2)
        {
            bool hasValue = i + 1 < x.Args.Count;
            if (hasValue && x.Is(i, "COUNT"u8))
            {
                if (!x.TryInteger(i + 1, out asked)) return false;
                if (asked < 1) return RefuseSyntax(x);
            }
            else if (hasValue && x.Is(i, "MATCH"u8))
            {
                filter.Pattern = x.Args[i + 1];
            }
            else if (hasValue && x.Is(i, "TYPE"u8))
            {
                filter.HasType = true;
                filter.TypeName = x.Args[i + 1];
            }
            else if (x.Allows(Lenience.ScanWithType) && x.Is(i, "WITHTYPE"u8))
            {
                withTypes = true;
                i--; // It has no value.
            }
            else
            {
                return RefuseSyntax(x);
            }
        }
        count = (int)Math.Min(asked, int.MaxValue);
        return true;
    }

    private static bool RefuseSyntax(Execution x)
    {
        x.Reply.Error(Errors.Syntax);
        return false;
    }

    /// <summary>Which keys are asked for. The name of no type at all is accepted, and matches nothing.</summary>
    private ref struct Filter(ReadOnlySpan<byte> pattern)
    {
        public ReadOnlySpan<byte> Pattern = pattern;
        public bool HasType;
        public ReadOnlySpan<byte> TypeName;

        public readonly bool Accepts(ReadOnlySpan<byte> key, KeyType type) =>
            (!HasType || System.Text.Ascii.EqualsIgnoreCase(TypeName, KeyTypeNames.Of(type)))
            && (Pattern is [(byte)'*'] || Types.Glob.IsMatch(Pattern, key));
    }

    /// <summary>Replies with the keys that the filter accepts, each with its type if asked for, and counts what it replied.</summary>
    private ref struct KeyNames(RespWriter reply, Filter filter, bool withTypes) : IKeyVisitor
    {
        private readonly RespWriter _reply = reply;
        private readonly Filter _filter = filter;
        private readonly bool _withTypes = withTypes;

        public int Count { get; private set; }

        public void Visit(ReadOnlySpan<byte> key, KeyType type)
        {
            if (!_filter.Accepts(key, type)) return;
            _reply.Bulk(key);
            Count++;
            if (!_withTypes) return;
            _reply.Bulk(KeyTypeNames.Of(type));
            Count++;
        }
    }
}
