using Galley.Store.Keyspace;

namespace Galley.Store.Commands;

/// <summary>How many keys have values of which size, in powers of two: Redis 8's section.</summary>
internal static class KeySizesSection
{
    public static void Write(InfoWriter writer, ServerContext server)
    {
        for (int id = 0; id < server.Databases.Count; id++)
        {
            Database database = server.Databases[id];
            if (database.Count == 0) continue;
            foreach ((string name, string sizes) in database.Sizes.Lines()) writer.Field($"db{id}_distrib_{name}", sizes);
        }
    }
}
