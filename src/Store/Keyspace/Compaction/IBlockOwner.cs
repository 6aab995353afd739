using Galley.Store.Memory;

namespace Galley.Store.Keyspace.Compaction;

/// <summary>Something beside the keyspace that has blocks of the arena, and lets them be moved.</summary>
internal interface IBlockOwner
{
    /// <summary>Shows its blocks from the cursor on (0 begins) until the budget is spent; returns the next cursor, 0 at the end.</summary>
    ulong Move(BlockMover mover, ulong cursor);

    /// <summary>Bytes of its blocks, counted anew.</summary>
    long CountBytes();
}
