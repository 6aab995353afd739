using System.Runtime.InteropServices;
using Galley.Store.Memory;
using Galley.Store.Types;

namespace Galley.Store.Keyspace.Snapshots;

/// <summary>
/// Walks over a set or a hash in the order of the elements' hashes, of which a prefix says how far it has come. The table
/// may split and shrink meanwhile: elements keep their order.
/// </summary>
internal sealed class HashedWalk<TLayout>(Databases space, BlockRef owner, in SnapshotEntry entry, IHugeValue value)
    : CollectionWalk(space, owner, in entry, value) where TLayout : struct, IKeyLayout
{
    /// <summary>Elements not passed yet that the walk is not to write: they were handed over, or are younger.</summary>
    private readonly ElementMarks _marks = new();

    private ulong _cursor;

    public override void BeforeChange(BlockRef element)
    {
        ReadOnlySpan<byte> name = TLayout.KeyOf(Arena, element);
        ulong hash = Space.Hashing.Of(name);
        if (!IsBehind(hash, _cursor) && TryMark(hash, name)) HandOver(element);
    }

    public override void BeforeAdd(ReadOnlySpan<byte> name)
    {
        ulong hash = Space.Hashing.Of(name);
        if (!IsBehind(hash, _cursor)) TryMark(hash, name);
    }

    protected override void Walk(int elements)
    {
        var writing = new Writing(this, _cursor);
        ref readonly HashTableRoot table = ref MemoryMarshal.AsRef<HashTableRoot>(Root);
        _cursor = HashTable<TLayout>.Scan(Arena, in table, _cursor, elements, ref writing);
        IsPassed = _cursor == 0;
    }

    private bool TryMark(ulong hash, ReadOnlySpan<byte> name)
    {
        bool isNew = _marks.TryAdd(hash, name);
        Bytes = _marks.Bytes;
        return isNew;
    }

    /// <summary>An element with this hash was passed: a cursor is the prefix of the first one that was not.</summary>
    private bool IsBehind(ulong hash, ulong cursor) =>
        IsPassed || hash >> HashTable<TLayout>.CursorFreeBits < cursor >> HashTable<TLayout>.CursorFreeBits;

    private readonly struct Writing(HashedWalk<TLayout> walk, ulong begin) : IBlockVisitor
    {
        /// <summary>Where the table has shrunk, elements come again that were passed.</summary>
        public void Visit(BlockRef block)
        {
            ReadOnlySpan<byte> name = TLayout.KeyOf(walk.Arena, block);
            ulong hash = walk.Space.Hashing.Of(name);
            if (!walk.IsBehind(hash, begin) && !walk._marks.Contains(hash, name)) walk.Meet(block);
        }
    }
}
