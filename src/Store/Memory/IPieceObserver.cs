namespace Galley.Store.Memory;

/// <summary>Learns of changes to pieces; snapshots and rollback keep the old bytes from here.</summary>
public interface IPieceObserver
{
    /// <summary>The piece (a block) is about to be changed or freed.</summary>
    void BeforeChange(BlockRef piece);

    /// <summary>
    /// The piece is about to be freed as it is. True where the observer takes it, and will free it itself; else it is told
    /// by <see cref="BeforeChange"/>, too.
    /// </summary>
    bool Keeps(BlockRef piece) => false;
}
