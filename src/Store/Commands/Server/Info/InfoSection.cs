namespace Galley.Store.Commands;

/// <summary>One section of INFO: asked for by its title in any case, or by another name; part of the default unless it is long.</summary>
internal sealed record InfoSection(
    string Title, Action<InfoWriter, ServerContext> Write, bool IsDefault = true, string OtherName = "")
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
        new("Modules", static (_, _) => { }, OtherName: "module_list"),
        new("Commandstats", CommandStatsSection.Write, IsDefault: false),
        new("Errorstats", ErrorStatsSection.Write),
        new("Latencystats", LatencyStatsSection.Write, IsDefault: false),
        new("Cluster", static (writer, _) => writer.Field("cluster_enabled", false)),
        new("Keyspace", KeyspaceSection.Write),
        new("Keysizes", KeySizesSection.Write),
        new("Galley", GalleySection.Write),
    ];

    /// <summary>A word of the command asks for this section.</summary>
    public bool IsAskedBy(ReadOnlySpan<byte> word)
    {
        if (Is(word, Title) || Is(word, "all") || Is(word, "everything")) return true;
        return (IsDefault && Is(word, "default")) || (OtherName.Length > 0 && Is(word, OtherName));

        static bool Is(ReadOnlySpan<byte> word, string name) => System.Text.Ascii.EqualsIgnoreCase(word, name);
    }
}
