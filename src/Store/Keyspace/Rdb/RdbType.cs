using System.Diagnostics;

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
}
