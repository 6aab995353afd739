using Galley.Store.Memory;
using Galley.Store.Types;

namespace Galley.Store.Keyspace;

/// <summary>One share of a database: its own table of entries and its own index of what expires.</summary>
internal sealed class Partition(int index, Arena arena)
{
    public HashTableRoot Table;
    public readonly ExpiryWheel Expiry = new(arena);

    public int Index { get; } = index;

    public long Count => Table.Count;
}
