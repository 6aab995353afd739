using Galley.Store.Keyspace;

namespace Galley.Store.Commands;

internal static class SwapDb
{
    [Command("SWAPDB", "index1:integer index2:integer", Group.Server, Flags.Write | Flags.Fast | Flags.WholeKeyspace,
        Since = "4.0.0", Cost = "O(N) in the keys that clients watch in both databases", Categories = "keyspace dangerous",
        Summary = "Exchanges two databases: their clients see each other's keys.")]
    public static void Run(Execution x)
    {
        if (!TryIndex(x, 1, "ERR invalid first DB index"u8, out long first)) return;
        if (!TryIndex(x, 2, "ERR invalid second DB index"u8, out long second)) return;
        if (!DatabaseArgument.TryFind(x, first, out int one) || !DatabaseArgument.TryFind(x, second, out int other)) return;
        Databases databases = x.Server.Databases;
        if (one != other)
        {
            TouchWatched(x, one, databases[one], databases[other]);
            TouchWatched(x, other, databases[one], databases[other]);
            databases.Swap(one, other);
            x.Server.Blocking.SignalAll(one);
            x.Server.Blocking.SignalAll(other);
        }
        x.ChangedKeyspace(1);
        x.Reply.Ok();
    }

    private static bool TryIndex(Execution x, int argument, ReadOnlySpan<byte> error, out long index)
    {
        if (!x.TryInteger(argument, out index, error)) return false;
        if (index is >= int.MinValue and <= int.MaxValue) return true;
        x.Reply.Error(error);
        return false;
    }

    /// <summary>A watched key that is in neither database has not changed.</summary>
    private static void TouchWatched(Execution x, int id, Database one, Database other) =>
        x.Server.Watches.TouchAll(id, key => one.Open(key).Exists || other.Open(key).Exists);
}
