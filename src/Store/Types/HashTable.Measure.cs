using Galley.Store.Memory;

namespace Galley.Store.Types;

/// <summary>BytesOf: what the table itself takes. A child's word tells its length, so that only nodes are read.</summary>
public static partial class HashTable<TLayout>
{
    /// <summary>Bytes of the table's own blocks, those of its elements apart. Costs 8 bytes read for some 900 elements.</summary>
    public static long BytesOf(Arena arena, in HashTableRoot root) =>
        root.Top == 0 ? 0 : BytesOf(arena, new ChildWord(root.Top));

    private static long BytesOf(Arena arena, ChildWord child)
    {
        long bytes = child.Words * sizeof(ulong);
        if (!child.IsNode) return bytes;
        Span<ulong> children = TrieNode.Children(arena, child);
        for (int i = 0; i < children.Length;)
        {
            var next = new ChildWord(children[i]);
            bytes += BytesOf(arena, next);
            // A segment that has not split as often as its node is the child of several.
            i += next.IsNode ? 1 : 1 << (child.Bits - next.Depth);
        }

        return bytes;
    }
}
