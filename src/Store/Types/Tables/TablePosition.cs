using Galley.Store.Memory;

namespace Galley.Store.Types;

/// <summary>Where an element is; valid until the table is changed other than through it.</summary>
public readonly record struct TablePosition(BlockRef Segment, int Slot)
{
    public static TablePosition None => new(default, -1);

    public bool IsFound => Slot >= 0;
}
