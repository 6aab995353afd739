using Galley.Store.Memory;

namespace Galley.Store.Types;

/// <summary>Move: shows every block of the table to a mover, over as many turns as it takes.</summary>
public static partial class HashTable<TLayout>
{
    /// <summary>
    /// Moves the segments and nodes from the cursor on (0 begins) that are to be moved, and has the elements moved. Ends
    /// where the budget is spent and returns the next cursor, 0 at the end. As with <see cref="Scan"/>, what is there from the
    /// first call to the last is shown, whatever is added and removed between.
    /// </summary>
    internal static ulong Move<TElements>(BlockMover mover, ref HashTableRoot root, ulong cursor, ref TElements elements)
        where TElements : struct, IElementMover, allows ref struct
    {
        if (root.Top == 0) return 0;
        Arena arena = mover.Arena;
        ulong position = cursor & CursorMask;
        ulong group = 0;
        bool hasShown = false;
        do
        {
            var path = new TablePath(arena, root, position);
            path.Move(mover, ref root);
            var segment = new Segment(arena, path.Segment);
            ulong pathBits = PathBits(position, path.Level);
            ulong firstTag = (position << (TrieNode.BitsMax * path.Level)) >> BlockRef.Bits;
            Span<ulong> slots = segment.Slots;
            for (int i = segment.StartOf(firstTag); i < slots.Length; i++)
            {
                if (slots[i] == 0 || Segment.TagOf(slots[i]) < firstTag) continue;
                ulong prefix = (pathBits | PrefixOf(slots[i], path.Level)) & CursorMask;
                if (hasShown && mover.IsSpent && prefix != group) return prefix;
                group = prefix;
                hasShown = true;
                BlockRef block = Segment.BlockOf(slots[i]);
                if (!elements.Move(mover, ref block)) continue;
                arena.BeforeChange(path.Segment.Block);
                slots[i] = Segment.SlotOf(Segment.TagOf(slots[i]), block);
            }

            position = path.End;
        }
        while (position != 0);
        return 0;
    }
}

/// <summary>Moves an element of a table, and tells whoever else knows where it lies.</summary>
internal interface IElementMover
{
    /// <summary>True where the block is another now. The table must not be changed meanwhile.</summary>
    bool Move(BlockMover mover, ref BlockRef block);
}
