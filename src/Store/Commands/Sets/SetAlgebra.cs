using Galley.Store.Keyspace;
using Galley.Store.Keyspace.Values;

namespace Galley.Store.Commands.Sets;

/// <summary>
/// Intersections, differences and unions of sets. A batch of members of one set is sifted through the others, one after the
/// other, and what is left goes to the sink: nothing is copied, and a result of millions needs no memory but the sink's.
/// </summary>
internal static class SetAlgebra
{
    /// <summary>What a look-up and an insertion into a draft cost, in look-ups in a set.</summary>
    private const int DraftCost = 4;

    /// <summary>What is in all of the inputs.</summary>
    public static void Intersect<TSink>(Execution x, SetInput[] inputs, ref TSink sink) where TSink : struct, ISetSink
    {
        SetInput.SortBySize(inputs);
        if (inputs[0].Count == 0) return;
        Key smallest = x.Peek(inputs[0].Argument);
        var batch = new SetBatch(in smallest);
        while (batch.TryNext())
        {
            Sift(x, inputs.AsSpan(1), keepsPresent: true, in batch);
            if (!sink.Take(in batch)) return;
        }
    }

    /// <summary>What is in the first of the inputs and in none of the others.</summary>
    public static void Subtract<TSink>(Execution x, SetInput[] inputs, ref TSink sink) where TSink : struct, ISetSink
    {
        if (inputs[0].Count == 0) return;
        using var subtracted = new SetDraft(x.Server.Databases);
        bool asOne = SubtractsAsOne(inputs);
        if (asOne) Gather(x, inputs.AsSpan(1), subtracted);
        else SetInput.SortBySizeDown(inputs.AsSpan(1));

        Key first = x.Peek(inputs[0].Argument);
        var batch = new SetBatch(in first);
        while (batch.TryNext())
        {
            if (asOne) batch.KeepAbsent(subtracted);
            else Sift(x, inputs.AsSpan(1), keepsPresent: false, in batch);
            if (!sink.Take(in batch)) return;
        }
    }

    /// <summary>
    /// What is subtracted is small beside the first set, and in many parts: it is made one set, with which each member is
    /// compared once. The rule is that by which redis-server chooses between its two ways.
    /// </summary>
    public static bool SubtractsAsOne(SetInput[] inputs)
    {
        Int128 sifting = 0;
        Int128 gathering = 0;
        foreach (SetInput input in inputs)
        {
            if (input.Count > 0) sifting += inputs[0].Count;
            gathering += input.Count;
        }
        return sifting / 2 > gathering;
    }

    /// <summary>What is in any of the inputs, in no order.</summary>
    public static void Unite<TSink>(Execution x, SetInput[] inputs, ref TSink sink) where TSink : struct, ISetSink
    {
        SetInput.SortBySizeDown(inputs);
        if (UnitesBySifting(inputs))
        {
            UniteBySifting(x, inputs, ref sink);
            return;
        }
        using var union = new SetDraft(x.Server.Databases);
        Gather(x, inputs, union);
        SetBatch batch = union.Members;
        while (batch.TryNext())
            if (!sink.Take(in batch)) return;
    }

    /// <summary>Adds the members of all inputs to a draft.</summary>
    public static void Gather(Execution x, ReadOnlySpan<SetInput> inputs, SetDraft draft)
    {
        foreach (SetInput input in inputs)
        {
            if (input.Count == 0) continue;
            Key key = x.Peek(input.Argument);
            var adding = new Adding(draft);
            SetValue.Each(in key, ref adding);
        }
    }

    /// <summary>Each set but the largest is sifted through those before it: for a few sets that is less than to gather them.</summary>
    private static bool UnitesBySifting(ReadOnlySpan<SetInput> inputs)
    {
        Int128 sifting = 0;
        Int128 gathering = 0;
        for (int i = 0; i < inputs.Length; i++)
        {
            sifting += (Int128)inputs[i].Count * i;
            gathering += (Int128)inputs[i].Count * DraftCost;
        }
        return sifting <= gathering;
    }

    private static void UniteBySifting<TSink>(Execution x, SetInput[] inputs, ref TSink sink) where TSink : struct, ISetSink
    {
        for (int i = 0; i < inputs.Length && inputs[i].Count > 0; i++)
        {
            Key key = x.Peek(inputs[i].Argument);
            var batch = new SetBatch(in key);
            while (batch.TryNext())
            {
                Sift(x, inputs.AsSpan(0, i), keepsPresent: false, in batch);
                if (!sink.Take(in batch)) return;
            }
        }
    }

    /// <summary>Keeps the members that are in each of the sets, or in none of them.</summary>
    private static void Sift(Execution x, ReadOnlySpan<SetInput> sets, bool keepsPresent, in SetBatch batch)
    {
        foreach (SetInput set in sets)
        {
            if (batch.Count == 0) return;
            if (set.Count == 0 && !keepsPresent) continue;
            Key key = x.Peek(set.Argument);
            batch.Keep(in key, keepsPresent);
        }
    }

    private readonly struct Adding(SetDraft draft) : IMemberVisitor
    {
        public void Visit(Types.ListPackElement member) => draft.TryAdd(member);
    }
}
