using Galley.Store.Memory;
using Galley.Store.Types;

namespace Galley.Store.Keyspace.Values;

/// <content>
/// Moving what a stream has: its nodes, then the groups, each with its pending entries and its consumers, then what it knows of
/// its producers.
/// </content>
internal sealed partial class StreamRoot
{
    private const int OfEntries = 0;
    private const int OfGroups = 1;

    public override bool Move(BlockMover mover, Span<byte> root, ref MovePlace place)
    {
        ref StreamHead head = ref Head(root);
        if (place.Stage == OfEntries)
        {
            var nodes = new Nodes();
            if (!CountedTree.Move(mover, ref head.Entries, ref place.Position, ref nodes)) return false;
            place.NextStage();
        }
        if (place.Stage == OfGroups)
        {
            var groups = new Groups(ref place);
            if (!NamedBlocks<GroupHead>.Move(mover, ref head.Groups, ref place.Outer, ref groups)) return false;
            place.Outer = 0;
            place.NextStage();
        }
        return StreamIdempotency.Move(mover, ref head.Idempotency, ref place);
    }

    private readonly struct Nodes : ILeafMover
    {
        public bool Move(BlockMover mover, ref BlockRef leaf)
        {
            bool isMoved = mover.TryMove(ref leaf);
            if (mover.WantsTexts) StreamLeaf.MovePack(mover, leaf);
            return isMoved;
        }
    }

    private readonly ref struct Groups(ref MovePlace place) : IHeadMover<GroupHead>
    {
        private const int OfPending = 0;

        private readonly ref MovePlace _place = ref place;

        public bool Move(BlockMover mover, ref GroupHead head)
        {
            if (_place.Part == OfPending)
            {
                var leaves = new PlainLeaves();
                if (!CountedTree.Move(mover, ref head.Pending, ref _place.Position, ref leaves)) return false;
                _place.Position = 0;
                _place.Part++;
            }
            var consumers = new Consumers(ref _place);
            if (!NamedBlocks<ConsumerHead>.Move(mover, ref head.Consumers, ref _place.Inner, ref consumers)) return false;
            _place.Part = OfPending;
            _place.Inner = 0;
            return true;
        }
    }

    private readonly ref struct Consumers(ref MovePlace place) : IHeadMover<ConsumerHead>
    {
        private readonly ref MovePlace _place = ref place;

        public bool Move(BlockMover mover, ref ConsumerHead head)
        {
            var leaves = new PlainLeaves();
            if (!CountedTree.Move(mover, ref head.Owned, ref _place.Position, ref leaves)) return false;
            _place.Position = 0;
            return true;
        }
    }
}
