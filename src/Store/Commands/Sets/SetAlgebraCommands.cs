using Galley.Resp.Protocol;
using Galley.Store.Keyspace;
using Galley.Store.Keyspace.Values;

namespace Galley.Store.Commands.Sets;

/// <summary>SINTER, SUNION and SDIFF, and the forms of them that store their result.</summary>
internal static class SetAlgebraCommands
{
    private const string CostOfInter = "O(N K) for K sets, and N members in the smallest";
    private const string CostOfUnion = "O(N) in the members of all sets";
    private const string NoOrder = "nondeterministic_output_order";
    private const string KeysOfStore = "OW UPDATE; RO ACCESS";

    [Command("SINTER", "key [key ...]", Group.Set, Flags.ReadOnly, Since = "1.0.0", Cost = CostOfInter, Tips = NoOrder,
        Summary = "Tells what is in all of several sets.")]
    public static void Inter(Execution x)
    {
        if (!SetInput.TryRead(x, 1, x.Args.Count - 1, out SetInput[] inputs)) return;
        Deferred start = x.Reply.BeginDeferred();
        var sink = new ReplySink(x.Reply);
        SetAlgebra.Intersect(x, inputs, ref sink);
        x.Reply.EndSet(start, sink.Count);
    }

    [Command("SUNION", "key [key ...]", Group.Set, Flags.ReadOnly, Since = "1.0.0", Cost = CostOfUnion, Tips = NoOrder,
        Summary = "Tells what is in any of several sets.")]
    public static void Union(Execution x)
    {
        if (!SetInput.TryRead(x, 1, x.Args.Count - 1, out SetInput[] inputs)) return;
        var integers = new IntegerUnion(x.Server.Databases.Settings.SetIntsetEntriesMax);
        if (integers.TryUnite(x, inputs))
        {
            integers.Send(x.Reply);
            return;
        }
        Deferred start = x.Reply.BeginDeferred();
        var sink = new ReplySink(x.Reply);
        SetAlgebra.Unite(x, inputs, ref sink);
        x.Reply.EndSet(start, sink.Count);
    }

    [Command("SDIFF", "key [key ...]", Group.Set, Flags.ReadOnly, Since = "1.0.0", Cost = CostOfUnion, Tips = NoOrder,
        Summary = "Tells what is in the first of several sets alone.")]
    public static void Diff(Execution x)
    {
        if (!SetInput.TryRead(x, 1, x.Args.Count - 1, out SetInput[] inputs)) return;
        Deferred start = x.Reply.BeginDeferred();
        var sink = new ReplySink(x.Reply);
        SetAlgebra.Subtract(x, inputs, ref sink);
        x.Reply.EndSet(start, sink.Count);
    }

    [Command("SINTERSTORE", "destination:key key [key ...]", Group.Set, Flags.Write | Flags.DenyOom, Since = "1.0.0",
        Cost = CostOfInter, Keys = "RW UPDATE; RO ACCESS", Summary = "Stores what is in all of several sets.")]
    public static void InterStore(Execution x)
    {
        if (!SetInput.TryRead(x, 2, x.Args.Count - 2, out SetInput[] inputs)) return;
        using var result = new SetDraft(x.Server.Databases);
        var sink = new DraftSink(result);
        SetAlgebra.Intersect(x, inputs, ref sink);
        Store(x, result, result.Shape.EncodingAtEnd, "sinterstore"u8);
    }

    [Command("SUNIONSTORE", "destination:key key [key ...]", Group.Set, Flags.Write | Flags.DenyOom, Since = "1.0.0",
        Cost = CostOfUnion, Keys = KeysOfStore, Summary = "Stores what is in any of several sets.")]
    public static void UnionStore(Execution x)
    {
        if (!SetInput.TryRead(x, 2, x.Args.Count - 2, out SetInput[] inputs)) return;
        using var result = new SetDraft(x.Server.Databases);
        SetAlgebra.Gather(x, inputs, result);
        Store(x, result, result.Shape.Encoding, "sunionstore"u8);
    }

    [Command("SDIFFSTORE", "destination:key key [key ...]", Group.Set, Flags.Write | Flags.DenyOom, Since = "1.0.0",
        Cost = CostOfUnion, Keys = KeysOfStore, Summary = "Stores what is in the first of several sets alone.")]
    public static void DiffStore(Execution x)
    {
        if (!SetInput.TryRead(x, 2, x.Args.Count - 2, out SetInput[] inputs)) return;
        using var result = new SetDraft(x.Server.Databases);
        var sink = new DraftSink(result);
        SetAlgebra.Subtract(x, inputs, ref sink);
        SetShape shape = SetAlgebra.SubtractsAsOne(inputs) ? ShapeOf(x, inputs[0]) : result.Shape;
        Store(x, result, shape.Encoding, "sdiffstore"u8);
    }

    /// <summary>
    /// redis-server copies the first set where it subtracts the others as one, takes members out of the copy, and shows what
    /// is left as it has shown the copy.
    /// </summary>
    private static SetShape ShapeOf(Execution x, SetInput input)
    {
        var shape = new SetShape(x.Server.Databases.Settings);
        Key key = x.Peek(input.Argument);
        var members = new SetBatch(in key);
        while (shape.Encoding != ValueEncoding.HashTable && members.TryNext())
            for (int i = 0; i < members.Count; i++) shape.Add(members[i]);
        return shape;
    }

    private static void Store(Execution x, SetDraft result, ValueEncoding encoding, ReadOnlySpan<byte> eventName)
    {
        long count = result.Count;
        if (count == 0)
        {
            StoredResult.Delete(x, 1);
            return;
        }
        Key target = x.Peek(1);
        x.Replaces(in target, KeyType.Set);
        result.MoveTo(ref target, encoding);
        x.Changed(in target, EventClass.Set, eventName);
        x.Reply.Integer(count);
    }
}
