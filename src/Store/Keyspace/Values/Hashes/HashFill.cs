using Galley.Store.Memory;
using Galley.Store.Types;

namespace Galley.Store.Keyspace.Values;

/// <summary>
/// A large hash that comes from outside field by field, none of which expires. Whoever makes one disposes of it: what
/// became no key's goes to the graveyard.
/// </summary>
/// <param name="expected">How many fields are said to come.</param>
internal sealed class HashFill(Databases space, long expected) : IDisposable
{
    private readonly Databases _space = space;
    private readonly TableBatch<FieldLayout> _batch = new(space.Arena, space.Hashing, expected);
    private HashTableRoot _table;

    /// <summary>So many fields are shown as a hash table whatever they are, and do not stay packed.</summary>
    public static bool Takes(in Key key, long count) => count > PackedLimits.CountMax && count > key.Settings.HashListpackEntriesMax;

    /// <summary>Adds a field; false where one is there twice, be it this one or one before.</summary>
    public bool TryAdd(scoped ReadOnlySpan<byte> field, scoped ReadOnlySpan<byte> value) =>
        _batch.TryAdd(ref _table, field, FieldLayout.Make(_space.Arena, field, value));

    /// <summary>Makes it the value of a key, whatever was there; false where a field is there twice.</summary>
    public bool TryMoveTo(ref Key key, long expiresAtMs)
    {
        if (!_batch.TryFlush(ref _table)) return false;
        Span<byte> root = key.PlaceRoot(KeyType.Hash, ValueForm.Rooted(ValueEncoding.HashTable), expiresAtMs);
        HashRoot.Table(root) = _table;
        _table = default;
        return true;
    }

    public void Dispose()
    {
        foreach (BlockRef field in _batch.Waiting) FieldLayout.Free(_space.Arena, field);
        if (_table.Count == 0) return;
        Span<byte> root = stackalloc byte[HashRoot.Instance.RootBytes];
        root.Clear();
        HashRoot.Table(root) = _table;
        _space.Graveyard.Bury(KeyType.Hash, root);
        _table = default;
    }
}
