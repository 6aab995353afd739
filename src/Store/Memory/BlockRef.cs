namespace Galley.Store.Memory;

/// <summary>
/// The address of a block in the arena: its byte offset divided by 8, in 40 bits, so that a table slot has 24 bits
/// left for a piece of the hash. Zero is no block.
/// </summary>
public readonly record struct BlockRef(ulong Value)
{
    public const int Bits = 40;
    public const ulong Mask = (1UL << Bits) - 1;

    public static BlockRef None => default;

    public bool IsNone => Value == 0;
}
