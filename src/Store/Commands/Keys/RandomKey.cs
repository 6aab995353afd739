using Galley.Store.Keyspace;

namespace Galley.Store.Commands;

internal static class RandomKey
{
    /// <summary>So often redis-server looks for a key that has not expired where it may delete none.</summary>
    private const int PausedRoundsMax = 100;

    [Command("RANDOMKEY", "", Group.Generic, Flags.ReadOnly | Flags.WholeKeyspace, Since = "1.0.0", Cost = "O(1)",
        Tips = "request_policy:all_shards, nondeterministic_output", Summary = "Tells the name of some key.")]
    public static void Run(Execution x)
    {
        // Every round that finds an expired key takes it away, so that the rounds end; in a pause they are counted.
        for (int round = 0; x.Database.Count > 0; round++)
        {
            ReadOnlySpan<byte> name = KeyspaceScan.Random(x.Database, Random.Shared);
            Key key = x.PeekIn(x.Session.DatabaseId, name);
            if (!key.Exists && !(x.Server.Pause.IsActive && round >= PausedRoundsMax)) continue;
            x.Reply.Bulk(name);
            return;
        }
        x.Reply.Null();
    }
}
