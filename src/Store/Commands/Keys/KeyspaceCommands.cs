using Galley.Resp.Protocol;
using Galley.Store.Keyspace;

namespace Galley.Store.Commands;

/// <summary>KEYSPACE: what the keys of the database are, seen from afar. Galley's own.</summary>
internal static class KeyspaceCommands
{
    /// <summary>A database of so many keys is weighed when it is asked for, in a millisecond or two.</summary>
    private const int KeysAtOnceMax = 10_000;

    private enum Order : byte
    {
        Bytes,
        Keys,
        Operations,
    }

    /// <summary>
    /// The reply is a map: the separator; when keys and bytes were weighed, in milliseconds since 1970, or -1; and the
    /// prefixes, an array of maps of a prefix with its separator (<c>user:</c>), its keys, their bytes in memory, and how
    /// often commands have opened one of them since the start or CONFIG RESETSTAT. Keys without a separator have the prefix
    /// "", and what has no place of its own (<c>keyspace-prefixes-max</c>) is <c>*</c>, which comes last.
    /// </summary>
    [Command("KEYSPACE|PREFIXES", "[BY (BYTES | KEYS | OPERATIONS)] [COUNT count:integer]", Group.Generic,
        Flags.ReadOnly | Flags.WholeKeyspace, Since = "galley 1.0", Categories = "dangerous",
        Cost = "O(P log P) in the prefixes, and O(N) in the keys of a database of up to 10,000",
        Tips = "request_policy:all_shards, nondeterministic_output",
        Summary = "Tells how many keys begin with each prefix, what memory they take, and how often they were used.")]
    public static void Prefixes(Execution x)
    {
        if (!TryReadOptions(x, out Order order, out long count)) return;
        Database database = x.Database;
        if (database.Count <= KeysAtOnceMax) x.Server.Databases.Weighing.WeighAll(database);
        PrefixSlot[] slots = [.. Known(database.Prefixes).OrderBy(slot => slot.IsRest).ThenByDescending(slot => Amount(slot, order))
            .ThenBy(slot => slot.Prefix, BytesComparer.Instance).Take((int)Math.Min(count, int.MaxValue))];
        x.Reply.Map(3);
        x.Reply.Bulk("separator"u8);
        x.Reply.Bulk(x.Server.Settings.KeyspacePrefixSeparator);
        Field(x.Reply, "weighed-at-unix-ms"u8, database.Prefixes.WeighedMs);
        x.Reply.Bulk("prefixes"u8);
        x.Reply.Array(slots.Length);
        foreach (PrefixSlot slot in slots) Write(x.Reply, slot);
    }

    [Command("KEYSPACE|HELP", "", Group.Generic, Flags.Loading | Flags.Stale, Since = "galley 1.0", Cost = "O(1)",
        Summary = "Explains the subcommands.")]
    public static void Help(Execution x) => HelpReply.Write(x.Reply, "KEYSPACE", """
        PREFIXES [BY (BYTES|KEYS|OPERATIONS)] [COUNT <count>]
            Return the number, the bytes and the operations of the keys of each prefix,
            in the selected database (default: by bytes, all prefixes).
        """);

    private static bool TryReadOptions(Execution x, out Order order, out long count)
    {
        order = Order.Bytes;
        count = long.MaxValue;
        for (int i = 2; i < x.Args.Count; i += 2)
        {
            bool hasValue = i + 1 < x.Args.Count;
            if (hasValue && x.Is(i, "COUNT"u8))
            {
                if (!x.TryNotNegative(i + 1, Errors.MustBePositive, out count)) return false;
            }
            else if (!hasValue || !x.Is(i, "BY"u8) || !TryReadOrder(x, i + 1, out order))
            {
                x.Reply.Error(Errors.Syntax);
                return false;
            }
        }
        return true;
    }

    private static bool TryReadOrder(Execution x, int argument, out Order order)
    {
        order = x.Is(argument, "KEYS"u8) ? Order.Keys : x.Is(argument, "OPERATIONS"u8) ? Order.Operations : Order.Bytes;
        return order != Order.Bytes || x.Is(argument, "BYTES"u8);
    }

    private static PrefixSlot[] Known(PrefixTable prefixes) =>
        [.. prefixes.Slots.ToArray().Where(slot => slot.Keys > 0 || slot.Operations > 0)];

    private static long Amount(PrefixSlot slot, Order order) => order switch
    {
        Order.Keys => slot.Keys,
        Order.Operations => slot.Operations,
        _ => slot.Bytes,
    };

    private static void Write(RespWriter reply, PrefixSlot slot)
    {
        reply.Map(4);
        reply.Bulk("prefix"u8);
        reply.Bulk(slot.Prefix);
        Field(reply, "keys"u8, slot.Keys);
        Field(reply, "bytes"u8, slot.Bytes);
        Field(reply, "operations"u8, slot.Operations);
    }

    private static void Field(RespWriter reply, ReadOnlySpan<byte> name, long value)
    {
        reply.Bulk(name);
        reply.Integer(value);
    }
}
