using Galley.Store.Memory;

namespace Galley.Store.Types;

/// <summary>What a table itself weighs.</summary>
public static partial class HashTable<TLayout>
{
    /// <summary>The bytes of its segments and nodes, the elements' blocks apart. It reads the nodes only: a child's word has its length.</summary>
    public static long OwnBytes(Arena arena, in HashTableRoot root) =>
        root.Top == 0 ? 0 : BytesUnder(arena, new ChildWord(root.Top));

    private static long BytesUnder(Arena arena, ChildWord child)
    {
        long bytes = child.Words * sizeof(ulong);
        if (!child.IsNode) return bytes;
        ulong previous = 0;
        foreach (ulong word in TrieNode.Children(arena, child))
        {
            if (word != previous) bytes += BytesUnder(arena, new ChildWord(word));
            previous = word;
        }
        return bytes;
    }
}
