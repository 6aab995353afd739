using Galley.Store.Keyspace;
using Galley.Store.Keyspace.Rdb;

namespace Galley.Store.Persistence.Rdb;

/// <summary>Where the bytes of an RDB file go, in order.</summary>
internal interface IRdbFile : IRdbOutput
{
    /// <summary>Takes an entry from its form on, to be encoded behind the bytes so far; false: it is to be written as bytes.</summary>
    bool TryDefer(in SnapshotEntry entry);

    /// <summary>Nothing more comes: behind it belongs the checksum.</summary>
    void End();
}
