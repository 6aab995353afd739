using Galley.Store.Memory;

namespace Galley.Store.Types;

/// <summary>How the table finds the key inside a block that it refers to.</summary>
public interface IKeyLayout
{
    static abstract ReadOnlySpan<byte> KeyOf(Arena arena, BlockRef block);

    /// <summary>The hash that elements with this key are found by, asked for when a segment goes a level deeper.</summary>
    static virtual ulong HashOf(KeyedHash hashing, ReadOnlySpan<byte> key) => hashing.Of(key);
}
