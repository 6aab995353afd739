using Galley.Store.Keyspace;

namespace Galley.Store.Commands;

internal static class KeyspaceSection
{
    public static void Write(InfoWriter writer, ServerContext server)
    {
        for (int id = 0; id < server.Databases.Count; id++)
        {
            Database database = server.Databases[id];
            if (database.Count == 0) continue;
            // Redis 7.4's figure of hashes whose fields expire stands only where there are any: the line is else that of 7.0.
            string fields = database.ExpiringHashCount > 0 ? $",subexpiry={database.ExpiringHashCount}" : "";
            writer.Field($"db{id}",
                $"keys={database.Count},expires={database.ExpiringCount},avg_ttl={database.AverageTimeToLiveMs}{fields}");
        }
    }
}
