using System.Diagnostics;
using Galley.Store.Memory;

namespace Galley.Store.Keyspace.Rdb;

/// <summary>What RDB must know of one type of values: how it is written, and all forms in which it is read.</summary>
internal abstract class RdbType
{
    private static readonly RdbType[] Types = [RdbString.Instance, RdbList.Instance, RdbSet.Instance, RdbSortedSet.Instance, RdbHash.Instance, RdbStream.Instance];

    public static IReadOnlyList<RdbType> All => Types;

    public static RdbType Of(KeyType type) => type switch
    {
        KeyType.String => RdbString.Instance,
        KeyType.List => RdbList.Instance,
        KeyType.Set => RdbSet.Instance,
        KeyType.SortedSet => RdbSortedSet.Instance,
        KeyType.Hash => RdbHash.Instance,
        KeyType.Stream => RdbStream.Instance,
        _ => throw new UnreachableException($"RDB does not write a {type}."),
    };

    public abstract IReadOnlyList<(RdbForm Form, RdbRead Read)> Readers { get; }

    public abstract RdbForm FormOf(in SnapshotEntry entry);

    public abstract void Write(RdbWriter writer, in SnapshotEntry entry);

    /// <summary>
    /// Writes what comes before the elements of a collection with a root, which follow by <see cref="WriteElement"/>, be it in
    /// turns; returns what that is to be told again.
    /// </summary>
    public virtual long WriteHead(RdbWriter writer, in SnapshotEntry entry) => throw new UnreachableException("It has no elements.");

    /// <summary>Writes the element, or the leaf of elements, in this block.</summary>
    /// <param name="head">What <see cref="WriteHead"/> has returned.</param>
    public virtual void WriteElement(RdbWriter writer, Arena memory, BlockRef element, long head) =>
        throw new UnreachableException("It has no elements.");

    /// <summary>Writes what comes behind the elements.</summary>
    public virtual void WriteTail(RdbWriter writer, in SnapshotEntry entry) { }
}
