namespace Galley.Store.Types;

/// <summary>
/// The root of a table: 16 bytes that live in their owner (a partition's field, a collection's header block). All
/// zero is the empty table.
/// </summary>
public struct HashTableRoot
{
    /// <summary>The table's only segment or its first node, as a <see cref="ChildWord"/>.</summary>
    public ulong Top;

    public long Count;
}
