using Galley.Store.Commands;
using Galley.Store.Commands.Hashes;
using Galley.Store.Keyspace;

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
        private readonly ExpiryItems _items = new(server.Databases, partition);

        public void Meet(ulong item, long fromMs, long toMs)
        {
            ExpiringEntries found = _items.Find(item);
            bool isOfFields = ExpiryWheel.IsOfFields(item);
            bool isPutBack = false;
            for (int i = 0; i < found.Count; i++)
            {
                Key key = database.Open(EntryLayout.KeyOf(server.Databases.Arena, found.Blocks[i]));
                if (server.Expirer.IsDue(in key))
                {
                    server.Expirer.Expire(ref key);
                    continue;
                }
                if (isOfFields) FieldExpirer.ExpireDue(server, ref key, FieldsPerMeeting);
                long dueMs = isOfFields ? key.FieldsDueMs : key.ExpiresAtMs;
                // Fields that were due before, and have not all gone yet, want it too.
                bool isOverdue = isOfFields && dueMs <= server.Databases.Clock.NowMs;
                bool isWithin = dueMs >= 0 && ExpiryWheel.IsBefore(dueMs, toMs) && (dueMs >= fromMs || isOverdue);
                if (!isWithin || isPutBack) continue;
                partition.Expiry.Add(item, dueMs);
                isPutBack = true;
            }
            server.PubSub.FlushFields();
            server.Feed.Flush();
        }

        public long DueMs(ulong item) => _items.DueMs(item);
    }
}
