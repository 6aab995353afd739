namespace Galley.Store.Commands;

/// <summary>One section of INFO: asked for by its title in any case, and part of the default unless it is long.</summary>
internal sealed record InfoSection(string Title, Action<InfoWriter, ServerContext> Write, bool IsDefault = true)
{
    /// <summary>In the order in which redis-server prints them; Galley's own comes last.</summary>
    public static IReadOnlyList<InfoSection> All { get; } =
    [
        new("Server", ServerSection.Write),
        new("Clients", ClientsSection.Write),
        new("Memory", MemorySection.Write),
        new("Persistence", PersistenceSection.Write),
        new("Stats", StatsSection.Write),
        new("Replication", ReplicationSection.Write),
        new("CPU", CpuSection.Write),
        new("Modules", static (_, _) => { }),
        new("Errorstats", ErrorStatsSection.Write),
        new("Cluster", static (writer, _) => writer.Field("cluster_enabled", false)),
        new("Keyspace", KeyspaceSection.Write),
        new("Galley", GalleySection.Write),
    ];
}
