using Galley.Store.Memory;
using Galley.Store.Types;

namespace Galley.Store.Keyspace.Values;

/// <content>Moving what a stream knows of its producers.</content>
internal static partial class StreamIdempotency
{
    /// <summary>As <see cref="RootedValue.Move"/>.</summary>
    public static bool Move(BlockMover mover, ref ulong reference, ref MovePlace place)
    {
        if (reference == 0) return true;
        mover.TryMove(ref reference);
        var producers = new Producers(ref place);
        return NamedBlocks<ProducerHead>.Move(mover, ref HeadIn(mover.Arena, new BlockRef(reference)).Producers, ref place.Outer, ref producers);
    }

    /// <summary>The table with its elements, of which the order is told, then the order's own blocks.</summary>
    private readonly ref struct Producers(ref MovePlace place) : IHeadMover<ProducerHead>
    {
        private const int OfNames = 0;

        private readonly ref MovePlace _place = ref place;

        public bool Move(BlockMover mover, ref ProducerHead head)
        {
            if (_place.Part == OfNames)
            {
                var names = new Names(ref head.Order);
                _place.Cursor = HashTable<IdempotentElement>.Move(mover, ref head.Names, _place.Cursor, ref names);
                if (_place.Cursor != 0) return false;
                _place.Part++;
            }
            var leaves = new PlainLeaves();
            if (!CountedTree.Move(mover, ref head.Order, ref _place.Position, ref leaves)) return false;
            _place.Position = 0;
            _place.Part = OfNames;
            return true;
        }
    }

    private readonly ref struct Names(ref CountedTreeRoot order) : IElementMover
    {
        private readonly ref CountedTreeRoot _order = ref order;

        public bool Move(BlockMover mover, ref BlockRef block)
        {
            if (mover.WantsTexts) IdempotentElement.MoveTexts(mover, block);
            if (!mover.Wants(block)) return false;
            Arena arena = mover.Arena;
            IdTree<NamedEntry>.TryFind(arena, in _order, IdempotentElement.IdOf(arena, block), out IdPlace place);
            block = mover.Move(block);
            ref NamedEntry entry = ref IdTree<NamedEntry>.Edit(arena, in place);
            entry = entry with { Element = block.Value };
            return true;
        }
    }
}
