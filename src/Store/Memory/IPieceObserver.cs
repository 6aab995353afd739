namespace Galley.Store.Memory;

/// <summary>Learns of changes to pieces; snapshots and rollback keep the old bytes from here.</summary>
public interface IPieceObserver
{
    /// <summary>The piece (a block) is about to be changed or freed.</summary>
    void BeforeChange(BlockRef piece);
}
