namespace Galley.Store.Keyspace.Eviction;

/// <summary>An entry that may go, found again by its hash: it may have moved, or be gone, when its turn comes.</summary>
/// <param name="Score">The higher, the sooner it goes.</param>
/// <param name="Partition">The number of its partition.</param>
internal readonly record struct Candidate(ulong Score, int Database, int Partition, ulong Hash)
{
    /// <summary>Both are the same key.</summary>
    public bool IsSameKey(in Candidate other) => Hash == other.Hash && Partition == other.Partition && Database == other.Database;
}
