using Galley.Store.Keyspace.Values;
using Galley.Store.Memory;
using Galley.Store.Types;

namespace Galley.Store.Keyspace.Snapshots;

/// <summary>
/// Walks over a sorted set from the greatest element to the smallest, as files have them. Where it has come to is the
/// element met last, be it there yet or not.
/// </summary>
internal sealed class ScoredWalk(Databases space, BlockRef owner, in SnapshotEntry entry, IHugeValue value)
    : CollectionWalk(space, owner, in entry, value)
{
    /// <summary>
    /// Members that the walk is not to write when it meets them: they were handed over, are younger, or were passed and may
    /// have come before it again with another score.
    /// </summary>
    private readonly ElementMarks _marks = new();

    private double _score;
    private byte[] _member = [];
    private int _memberBytes;
    private bool _hasBegun;

    public override void BeforeChange(BlockRef element)
    {
        if (IsPassed) return;
        ReadOnlySpan<byte> member = SortedElement.KeyOf(Arena, element);
        if (!TryMark(member)) return;
        if (!_hasBegun || Border.IsAfter(SortedElement.ScoreOf(Arena, element), member)) HandOver(element);
    }

    public override void BeforeAdd(ReadOnlySpan<byte> name)
    {
        if (!IsPassed) TryMark(name);
    }

    protected override void Walk(int elements)
    {
        ref readonly CountedTreeRoot tree = ref SortedSetRoot.Tree(Root);
        long rank = (_hasBegun ? SortedTree.Find(Arena, in tree, Border).Rank : tree.Count) - 1;
        IsPassed = rank < 0;
        if (IsPassed) return;
        SortedPlace place = SortedTree.At(Arena, in tree, rank);
        TreeCursor cursor = place.Cursor;
        ReadOnlySpan<SortedEntry> entries = SortedTree.Entries(Arena, cursor.Leaf);
        int at = place.Offset;
        SortedEntry met = entries[at];
        while (true)
        {
            Write(met = entries[at]);
            if (--elements == 0) break;
            if (--at >= 0) continue;
            if (!CountedTree.TryPrevious(Arena, ref cursor))
            {
                IsPassed = true;
                return;
            }
            entries = SortedTree.Entries(Arena, cursor.Leaf);
            at = entries.Length - 1;
        }
        Note(met);
    }

    private bool TryMark(ReadOnlySpan<byte> member)
    {
        bool isNew = _marks.TryAdd(Space.Hashing.Of(member), member);
        Bytes = _marks.Bytes;
        return isNew;
    }

    private SortedBound Border => SortedBound.Element(_score, _member.AsSpan(0, _memberBytes));

    private void Write(SortedEntry entry)
    {
        ReadOnlySpan<byte> member = SortedElement.KeyOf(Arena, entry.Element);
        if (!_marks.Contains(Space.Hashing.Of(member), member)) Meet(entry.Element);
    }

    private void Note(SortedEntry entry)
    {
        ReadOnlySpan<byte> member = SortedElement.KeyOf(Arena, entry.Element);
        if (_member.Length < member.Length) _member = new byte[member.Length * 2];
        member.CopyTo(_member);
        (_score, _memberBytes, _hasBegun) = (entry.Score, member.Length, true);
    }
}
