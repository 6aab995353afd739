namespace Galley.Store.Commands;

internal static class DbSize
{
    [Command("DBSIZE", "", Group.Server, Flags.ReadOnly | Flags.Fast | Flags.WholeKeyspace, Since = "1.0.0", Cost = "O(1)",
        Categories = "keyspace", Tips = "request_policy:all_shards, response_policy:agg_sum",
        Summary = "Counts the keys of the database.")]
    public static void Run(Execution x) => x.Reply.Integer(x.Database.Count);
}
