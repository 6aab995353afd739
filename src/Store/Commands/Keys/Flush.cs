using Galley.Store.Keyspace;

namespace Galley.Store.Commands;

/// <summary>
/// A table is taken away at once and freed in turns, whether ASYNC is asked for or SYNC: both reply as soon.
/// </summary>
internal static class Flush
{
    private const Flags WritesAll = Flags.Write | Flags.WholeKeyspace;
    private const string Tips = "request_policy:all_shards, response_policy:all_succeeded";

    [Command("FLUSHDB", "[ASYNC | SYNC]", Group.Server, WritesAll, Since = "1.0.0", Cost = "O(1), and O(N) in turns afterwards",
        Categories = "keyspace dangerous", Tips = Tips, Summary = "Deletes all keys of the database.")]
    public static void FlushDb(Execution x)
    {
        if (!HasValidMode(x)) return;
        long deleted = Clear(x, x.Session.DatabaseId);
        x.Server.Tracking.Flushed();
        x.ChangedKeyspace(deleted);
        x.Reply.Ok();
    }

    [Command("FLUSHALL", "[ASYNC | SYNC]", Group.Server, WritesAll, Since = "1.0.0", Cost = "O(1), and O(N) in turns afterwards",
        Categories = "keyspace dangerous", Tips = Tips, Summary = "Deletes all keys of all databases.")]
    public static void FlushAll(Execution x)
    {
        if (!HasValidMode(x)) return;
        long deleted = 0;
        for (int id = 0; id < x.Server.Databases.Count; id++) deleted += Clear(x, id);
        x.Server.Tracking.Flushed();
        x.Server.Saves.KeyspaceEmptied();
        x.ChangedKeyspace(deleted);
        x.Reply.Ok();
    }

    private static long Clear(Execution x, int id)
    {
        Database database = x.Server.Databases[id];
        x.Server.Watches.TouchAll(id, key => database.Open(key).Exists);
        long deleted = database.Count;
        database.Clear();
        x.Server.Blocking.SignalAll(id);
        if (deleted > 0) x.Server.Feed.AddFlush(id);
        return deleted;
    }

    private static bool HasValidMode(Execution x)
    {
        if (x.Args.Count == 1) return true;
        if (x.Args.Count == 2 && (x.Is(1, "ASYNC"u8) || x.Is(1, "SYNC"u8))) return true;
        x.Reply.Error(Errors.Syntax);
        return false;
    }
}
