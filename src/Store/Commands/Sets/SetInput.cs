using Galley.Store.Keyspace;
using Galley.Store.Keyspace.Values;

namespace Galley.Store.Commands.Sets;

/// <summary>A set that goes into a result.</summary>
/// <param name="Argument">Which argument is its key.</param>
/// <param name="Count">How many members it has; 0 where the key is absent.</param>
/// <param name="IsOrdered">A walk over it is in the order of its integers.</param>
internal readonly record struct SetInput(int Argument, long Count, bool IsOrdered)
{
    /// <summary>Opens the keys from this argument on, each of which must hold a set; or replies with an error.</summary>
    public static bool TryRead(Execution x, int first, int count, out SetInput[] inputs)
    {
        inputs = new SetInput[count];
        for (int i = 0; i < count; i++)
        {
            if (!x.TryRead(first + i, KeyType.Set, out Key key)) return false;
            inputs[i] = new SetInput(first + i, SetValue.Count(in key), SetValue.IsOrdered(in key));
        }
        return true;
    }

    /// <summary>Puts inputs into the order of their sizes, the smallest first; those of one size stay as they were.</summary>
    public static void SortBySize(Span<SetInput> inputs) =>
        inputs.Sort((x, y) => x.Count != y.Count ? x.Count.CompareTo(y.Count) : x.Argument.CompareTo(y.Argument));

    /// <summary>As <see cref="SortBySize"/>, the largest first.</summary>
    public static void SortBySizeDown(Span<SetInput> inputs) =>
        inputs.Sort((x, y) => x.Count != y.Count ? y.Count.CompareTo(x.Count) : x.Argument.CompareTo(y.Argument));
}
