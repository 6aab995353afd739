using Galley.Store.Keyspace;

namespace Galley.Store.Commands;

/// <summary>
/// Where the memory is, as INFO, MEMORY STATS and MEMORY DOCTOR tell it:
/// <code>
///   process  >=  resident (pages with memory)  >=  active (pages in use)  >=  arena (blocks given out)
///
///   used  =  arena + clients + scripts + log   =   overhead + dataset
///            arena + clients + scripts         :   what maxmemory is compared with
/// </code>
/// Keys, values and what finds them are the arena's; buffers of clients and of the log, and all that scripts have, are the
/// runtime's, beside it.
/// </summary>
internal readonly record struct MemoryFigures(
    long ArenaBytes,
    long PeakBytes,
    long ActiveBytes,
    long ResidentBytes,
    long ProcessBytes,
    long OverheadBytes,
    long ClientBytes,
    int ClientCount,
    long LogBufferBytes,
    ScriptingFigures Scripting,
    long KeyCount)
{
    /// <summary>An arena that holds no key has given nothing out.</summary>
    public const long StartupBytes = 0;

    /// <summary>All that the data, the clients and the scripts take.</summary>
    public long UsedBytes => ArenaBytes + ClientBytes + Scripting.HeldBytes + LogBufferBytes;

    /// <summary>What is neither table nor index nor beside the data: entries, and the values that lie apart from them.</summary>
    public long DatasetBytes => UsedBytes - OverheadBytes;

    public double DatasetPercent => 100 * Share(DatasetBytes, UsedBytes);

    public double PeakPercent => 100 * Share(UsedBytes, PeakBytes);

    /// <summary>Pages in use for what is given out of them: 1 is no room between the blocks.</summary>
    public double AllocatorRatio => Share(ActiveBytes, ArenaBytes);

    /// <summary>Pages with memory for those in use.</summary>
    public double AllocatorResidentRatio => Share(ResidentBytes, ActiveBytes);

    /// <summary>The process's memory for the arena's.</summary>
    public double ProcessRatio => Share(ProcessBytes, ResidentBytes);

    public double FragmentationRatio => Share(ProcessBytes, UsedBytes);

    public long BytesPerKey => KeyCount == 0 ? 0 : (UsedBytes - StartupBytes) / KeyCount;

    /// <summary>Looks at the arena, the databases and the clients; under the gate.</summary>
    public static MemoryFigures Of(ServerContext server)
    {
        Databases databases = server.Databases;
        ClientFigures clients = ClientFigures.Of(server);
        long clientBytes = Math.Max(0, clients.HeldBytes - databases.Arena.LentBytes);
        long logBytes = server.Control.Persistence.BufferLength;
        ScriptingFigures scripting = server.Scripting.Figures;
        long overhead = clientBytes + logBytes + scripting.HeldBytes, keys = 0;
        for (int id = 0; id < databases.Count; id++)
        {
            Database database = databases[id];
            if (database.Count == 0) continue;
            overhead += database.TableBytes + database.ExpiryBytes;
            keys += database.Count;
        }
        long used = databases.Arena.UsedBytes;
        return new MemoryFigures(
            used,
            Math.Max(server.Stats.PeakUsedBytes, used + clientBytes + scripting.HeldBytes + logBytes),
            databases.Arena.CommittedBytes,
            databases.Arena.ResidentBytes,
            Environment.WorkingSet,
            overhead,
            clientBytes,
            clients.Count,
            logBytes,
            scripting,
            keys);
    }

    /// <summary>The same as <see cref="UsedBytes"/>, as far as clients are counted all the time; cheap.</summary>
    public static long UsedBytesOf(ServerContext server) => server.Memory.CountedBytes + server.Control.Persistence.BufferLength;

    private static double Share(double part, double whole) => whole > 0 ? part / whole : 0;
}
