using Galley.Store.Types;

namespace Galley.Store.Keyspace;

/// <content>Entries that are made beside their table, and added to it later (<see cref="EntryBatch"/>).</content>
public ref partial struct Key
{
    private Key(Database database, ReadOnlySpan<byte> name, ulong hash)
    {
        _database = database;
        Name = name;
        _hash = hash;
        _partition = database.PartitionOf(name, hash);
        _isBeside = true;
    }

    /// <summary>A key that is absent, whether there is one of this name or not; its entry will be in no table.</summary>
    internal static Key Beside(Database database, ReadOnlySpan<byte> name) => new(database, name, database.Space.Hashing.Of(name));

    /// <summary>The entry, to be added later. The key exists.</summary>
    internal readonly EntryBatch.Waiting Detached => new(_database, _partition!, _hash, _block);

    internal static Key OfDetached(EntryBatch.Waiting entry)
    {
        ReadOnlySpan<byte> name = EntryLayout.KeyOf(entry.Database.Space.Arena, entry.Block);
        return new Key(entry.Database, name, entry.Hash)
        {
            _block = entry.Block,
            _shape = EntryShape.Read(entry.Database.Space.Arena, entry.Block),
        };
    }
}
