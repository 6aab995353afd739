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
            writer.Field($"db{id}",
                $"keys={database.Count},expires={database.ExpiringCount},avg_ttl={database.AverageTimeToLiveMs}");
        }
    }
}
