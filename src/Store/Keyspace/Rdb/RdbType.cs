using System.Diagnostics;

namespace Galley.Store.Keyspace.Rdb;

/// <summary>What RDB must know of one type of values: how it is written, and all forms in which it is read.</summary>
internal abstract class RdbType
{
    private static readonly RdbType[] Types = [RdbString.Instance, RdbList.Instance, RdbSet.Instance, RdbSortedSet.Instance, RdbHash.Instance];

    public static IReadOnlyList<RdbType> All => Types;

    /// <summary>The numbers of the types are those of <see cref="KeyType"/>, in the order of the table.</summary>
    public static RdbType Of(KeyType type) =>
        (int)type < Types.Length ? Types[(int)type] : throw new UnreachableException($"RDB does not write a {type}.");

    public abstract IReadOnlyList<(RdbForm Form, RdbRead Read)> Readers { get; }

    public abstract RdbForm FormOf(in SnapshotEntry entry);

    public abstract void Write(RdbWriter writer, in SnapshotEntry entry);
}
