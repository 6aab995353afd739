using System.Runtime.CompilerServices;
using Galley.Store.Commands;
using Galley.Store.Commands.Hashes;
using Galley.Store.Keyspace;
using Galley.Store.Memory;
using Galley.Store.Types;

namespace Galley.Store.Engine;

/// <summary>Takes away keys, and fields of hashes, when their time comes, as the wheels of the partitions find them.</summary>
internal sealed class ActiveExpiry(ServerContext server)
{
    /// <summary>Fields of one hash that go when it is met; it is met again if more are due.</summary>
    private const int FieldsPerMeeting = 16;

    private readonly ServerContext _server = server;

    /// <summary>Meets about so many items of the wheels; true when nothing that is due remains.</summary>
    public bool Step(int items)
    {
        if (IsSuspended) return true;
        for (int id = 0; id < _server.Databases.Count; id++)
        {
            Database database = _server.Databases[id];
            for (int i = 0; i < database.Partitions.Count; i++)
            {
                Partition partition = database.Partitions[i];
                if (partition.Expiry.ItemCount == 0) continue;
                var sink = new Sink(_server, database, partition);
                if (!partition.Expiry.Advance(_server.Databases.Clock.NowMs, ref items, ref sink)) return false;
            }
        }
        return true;
    }

    /// <summary>When the next item is due, in milliseconds since 1970.</summary>
    public long NextDueMs()
    {
        long next = long.MaxValue;
        if (IsSuspended) return next;
        for (int id = 0; id < _server.Databases.Count; id++)
            foreach (Partition partition in _server.Databases[id].Partitions)
                if (partition.Expiry.ItemCount > 0) next = Math.Min(next, partition.Expiry.NextDueMs);
        return next;
    }

    private bool IsSuspended => !_server.ExpiresActively || _server.Pause.IsActive;

    private readonly struct Sink(ServerContext server, Database database, Partition partition) : IExpirySink
    {
        public void Meet(ulong hash, long fromMs, long toMs)
        {
            var found = new Found(server.Databases.Arena);
            HashTable<EntryLayout>.FindByHash(server.Databases.Arena, in partition.Table, hash, ref found);
            // The table has not all bits of a hash: an item put back by what another's key says would leave its own key behind.
            if (found.Count > 1) found.KeepOnly(server.Databases.Hashing, hash);
            bool putBack = false;
            for (int i = 0; i < found.Count; i++)
            {
                Key key = database.Open(EntryLayout.KeyOf(server.Databases.Arena, found.Blocks[i]));
                if (server.Expirer.IsDue(in key))
                {
                    server.Expirer.Expire(ref key);
                    continue;
                }
                FieldExpirer.ExpireDue(server, ref key, FieldsPerMeeting);
                long nextMs = NextWithin(key.ExpiresAtMs, key.FieldsDueMs, fromMs, toMs);
                if (nextMs < 0 || putBack) continue;
                partition.Expiry.Add(hash, nextMs);
                putBack = true;
            }
            server.PubSub.FlushFields();
            server.Feed.Flush();
        }

        public bool IsLive(ulong hash, long fromMs, long toMs)
        {
            var found = new Found(server.Databases.Arena);
            HashTable<EntryLayout>.FindByHash(server.Databases.Arena, in partition.Table, hash, ref found);
            for (int i = 0; i < found.Count; i++)
            {
                long expiresAtMs = EntryExpiry.Of(server.Databases.Arena, found.Blocks[i]);
                long fieldsDueMs = EntryExpiry.OfFields(server.Databases.Arena, found.Blocks[i]);
                if (NextWithin(expiresAtMs, fieldsDueMs, fromMs, toMs) >= 0) return true;
            }
            return false;
        }

        /// <summary>
        /// When the item of a slot is wanted next, within the times of the slot, or -1. Fields that were due before, and
        /// have not all gone yet, want it too.
        /// </summary>
        private long NextWithin(long expiresAtMs, long fieldsDueMs, long fromMs, long toMs)
        {
            bool wantsKey = expiresAtMs >= fromMs && expiresAtMs < toMs;
            bool wantsFields = fieldsDueMs >= 0 && fieldsDueMs < toMs
                && (fieldsDueMs >= fromMs || fieldsDueMs <= server.Databases.Clock.NowMs);
            if (wantsKey && wantsFields) return Math.Min(expiresAtMs, fieldsDueMs);
            return wantsKey ? expiresAtMs : wantsFields ? fieldsDueMs : Database.NoExpiry;
        }
    }

    /// <summary>Entries of whose hash the table has the same bits; two are rare, and more than eight do not happen.</summary>
    private struct Found(Arena arena) : IBlockVisitor
    {
        private readonly Arena _arena = arena;

        public EightBlocks Blocks;

        public int Count;

        public void Visit(BlockRef block)
        {
            bool expires = EntryExpiry.Of(_arena, block) >= 0 || EntryExpiry.OfFields(_arena, block) >= 0;
            if (Count < 8 && expires) Blocks[Count++] = block;
        }

        /// <summary>Leaves those whose hash is this one in all its bits.</summary>
        public void KeepOnly(KeyedHash hashing, ulong hash)
        {
            int kept = 0;
            for (int i = 0; i < Count; i++)
                if (hashing.Of(EntryLayout.KeyOf(_arena, Blocks[i])) == hash) Blocks[kept++] = Blocks[i];
            Count = kept;
        }
    }

    [InlineArray(8)]
    private struct EightBlocks
    {
        private BlockRef _first;
    }
}
