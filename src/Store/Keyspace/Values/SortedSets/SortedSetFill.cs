using Galley.Store.Memory;
using Galley.Store.Types;

namespace Galley.Store.Keyspace.Values;

/// <summary>
/// A large sorted set that comes from outside element by element, best from the last to the first. Whoever makes one
/// disposes of it: what became no key's goes to the graveyard.
/// </summary>
/// <param name="expected">How many elements are said to come.</param>
internal sealed class SortedSetFill(Databases space, long expected) : IDisposable
{
    private readonly Databases _space = space;
    private readonly SortedTreeBuilder _tree = new(space.Arena);
    private readonly TableBatch<SortedElement> _batch = new(space.Arena, space.Hashing, expected);
    private HashTableRoot _table;
    private bool _isMoved;

    /// <summary>So many elements are shown as a skiplist whatever they are, and do not stay packed.</summary>
    public static bool Takes(in Key key, long count) => count > PackedLimits.CountMax && count > key.Settings.SortedSetListpackEntriesMax;

    /// <summary>Adds an element; false where a member is there twice, be it this one or one before.</summary>
    public bool TryAdd(scoped ReadOnlySpan<byte> member, double score)
    {
        BlockRef element = SortedElement.Make(_space.Arena, member, score);
        _tree.Add(score, element);
        return _batch.TryAdd(ref _table, member, element);
    }

    /// <summary>Makes it the value of a key, whatever was there; false where a member is there twice.</summary>
    public bool TryMoveTo(ref Key key, long expiresAtMs)
    {
        if (!_batch.TryFlush(ref _table)) return false;
        Place(key.PlaceRoot(KeyType.SortedSet, ValueForm.Rooted(ValueEncoding.SkipList), expiresAtMs));
        return true;
    }

    /// <summary>The tree has all elements, and the table some of them.</summary>
    public void Dispose()
    {
        if (_isMoved) return;
        Span<byte> root = stackalloc byte[SortedSetRoot.Instance.RootBytes];
        Place(root);
        _space.Graveyard.Bury(KeyType.SortedSet, root);
    }

    private void Place(Span<byte> root)
    {
        SortedSetRoot.Table(root) = _table;
        SortedSetRoot.Tree(root) = _tree.Build();
        _isMoved = true;
    }
}
