using Galley.Store.Memory;
using Galley.Store.Types;

namespace Galley.Store.Keyspace.Values;

/// <summary>
/// A large set that comes from outside member by member. Whoever makes one disposes of it: what became no key's goes to
/// the graveyard.
/// </summary>
/// <param name="expected">How many elements are said to come.</param>
internal sealed class SetFill(Databases space, long expected) : IDisposable
{
    private readonly Databases _space = space;
    private readonly TableBatch<MemberLayout> _batch = new(space.Arena, space.Hashing, expected);
    private HashTableRoot _table;

    /// <summary>So many members are shown as a hash table whatever they are, and do not stay packed.</summary>
    public static bool Takes(in Key key, long count) => count > PackedLimits.CountMax
        && count > Math.Max(key.Settings.SetIntsetEntriesMax, key.Settings.SetListpackEntriesMax);

    /// <summary>Adds a member; false where one is there twice, be it this one or one before.</summary>
    public bool TryAdd(scoped ReadOnlySpan<byte> member) => _batch.TryAdd(ref _table, member, MemberLayout.Make(_space.Arena, member));

    /// <summary>Makes it the value of a key, whatever was there; false where a member is there twice.</summary>
    public bool TryMoveTo(ref Key key, long expiresAtMs)
    {
        if (!_batch.TryFlush(ref _table)) return false;
        Span<byte> root = key.PlaceRoot(KeyType.Set, ValueForm.Rooted(ValueEncoding.HashTable), expiresAtMs);
        SetRoot.Table(root) = _table;
        _table = default;
        return true;
    }

    public void Dispose()
    {
        foreach (BlockRef member in _batch.Waiting) MemberLayout.Free(_space.Arena, member);
        if (_table.Count == 0) return;
        Span<byte> root = stackalloc byte[SetRoot.Instance.RootBytes];
        SetRoot.Table(root) = _table;
        _space.Graveyard.Bury(KeyType.Set, root);
        _table = default;
    }
}
