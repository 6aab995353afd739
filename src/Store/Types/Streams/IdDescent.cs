using Galley.Store.Memory;

namespace Galley.Store.Types;

/// <summary>
/// The way down a <see cref="CountedTree"/> whose leaves are in the order of stream identifiers. A leaf begins with the
/// lowest identifier that it may hold, and the tree's own key is the milliseconds of it: only where those are equal is the
/// leaf looked at.
/// </summary>
internal static class IdDescent
{
    /// <summary>The last leaf that may hold an identifier of this or a lower value: the first, where none does.</summary>
    public static TreeCursor Find(Arena arena, in CountedTreeRoot root, StreamId id)
    {
        var cursor = new TreeCursor(root.Top);
        while (cursor.IsAboveLeaves)
        {
            ReadOnlySpan<ulong> children = CountedTree.Children(arena, cursor.Below);
            int low = 0;
            int high = (children.Length / CountedTree.ChildWords) - 1;
            while (low < high)
            {
                int middle = (low + high + 1) >>> 1;
                if (BeginsAfter(arena, children[(middle * CountedTree.ChildWords)..], id)) high = middle - 1;
                else low = middle;
            }
            cursor.Descend(low, children[low * CountedTree.ChildWords]);
        }
        return cursor;
    }

    private static bool BeginsAfter(Arena arena, ReadOnlySpan<ulong> child, StreamId id)
    {
        ulong ms = child[CountedTree.KeyWord];
        if (ms != id.Ms) return ms > id.Ms;
        ulong word = child[0];
        while (TreeCursor.HeightOf(word) > 0) word = CountedTree.Children(arena, TreeCursor.BlockOf(word))[0];
        ReadOnlySpan<ulong> low = arena.Words(TreeCursor.BlockOf(word), 2);
        return new StreamId(low[0], low[1]) > id;
    }
}
