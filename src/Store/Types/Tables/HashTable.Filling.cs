using System.Runtime.CompilerServices;
using Galley.Store.Memory;

namespace Galley.Store.Types;

/// <summary>How tables are filled from outside.</summary>
public static partial class HashTable<TLayout>
{
    /// <summary>
    /// Reads what an element with this hash will need, and does nothing with it: the processor waits for none of many such
    /// reads, and has them all when they are asked for. (5 million keys: an insertion takes a third less.)
    /// </summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    internal static ulong Touch(Arena arena, in HashTableRoot root, ulong hash)
    {
        if (root.Top == 0) return 0;
        ChildWord child = TrieNode.Descend(arena, new ChildWord(root.Top), ref hash);
        return new Segment(arena, child).Touch(hash >> BlockRef.Bits);
    }

    /// <summary>Adds a block; false where its key is there already.</summary>
    internal static bool TryAdd(Arena arena, ref HashTableRoot root, KeyedHash hashing, ulong hash, BlockRef block)
    {
        if (MayHold(arena, in root, hash) && Find(arena, in root, hash, TLayout.KeyOf(arena, block), out _).IsFound) return false;
        Insert(arena, ref root, hashing, hash, block);
        return true;
    }

    /// <summary>An element with the same tag is there. Without one no key need be read, that of the block included.</summary>
    private static bool MayHold(Arena arena, in HashTableRoot root, ulong hash)
    {
        if (root.Top == 0) return false;
        ChildWord child = TrieNode.Descend(arena, new ChildWord(root.Top), ref hash);
        return new Segment(arena, child).HasTag(hash >> BlockRef.Bits);
    }
}
