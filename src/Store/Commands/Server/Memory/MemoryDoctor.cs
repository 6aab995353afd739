using System.Text;

namespace Galley.Store.Commands;

/// <summary>
/// MEMORY DOCTOR: looks for what redis-server's doctor looks for, where the arena can have it, and says what to do. The
/// two answers that report nothing are redis-server's own, since tools look for them.
/// </summary>
internal static class MemoryDoctor
{
    private const long MiB = 1024 * 1024;

    /// <summary>What is smaller is all overhead, of which nothing can be told.</summary>
    private const long UsedBytesMin = 5 * MiB;

    /// <summary>Room that is not worth a word.</summary>
    private const long RoomBytesMin = 10 * MiB;

    private const double PeakRatioMax = 1.5;
    private const double RoomRatioMax = 1.4;
    private const double FreePagesRatioMax = 1.1;
    private const double ProcessRatioMax = 1.4;

    /// <summary>Beyond the runtime's own needs, which do not grow with the data.</summary>
    private const long ProcessBytesMin = 200 * MiB;
    private const long BytesPerClientMax = 200 * 1024;

    private const string Empty =
        "Hi Sam, this instance is empty or is using very little memory, my issues detector can't be used in these conditions. "
        + "Please, leave for your mission on Earth and fill it with some data. The new Sam and I will be back to our programming "
        + "as soon as I finished rebooting.\n";

    private const string Healthy =
        "Hi Sam, I can't find any memory issue in your instance. I can only account for what occurs on this base.\n";

    public static string Examine(in MemoryFigures memory)
    {
        if (memory.UsedBytes < UsedBytesMin) return Empty;
        var report = new StringBuilder();
        if (memory.PeakBytes > memory.UsedBytes * PeakRatioMax)
            report.Append(" * Peak memory: there once was more than half as much again as now. Pages that became empty went back to the "
                + "system; those that are sparse are filled first. MEMORY PURGE gives back the empty ones that are kept.\n\n");
        if (memory.AllocatorRatio > RoomRatioMax && memory.ActiveBytes - memory.ArenaBytes > RoomBytesMin)
            report.Append(" * Sparse pages: the pages in use have much room between their blocks (allocator_frag_ratio). Values of other "
                + "sizes than before leave it; it is used again as soon as values of those sizes are written.\n\n");
        if (memory.AllocatorResidentRatio > FreePagesRatioMax && memory.ResidentBytes - memory.ActiveBytes > RoomBytesMin)
            report.Append(" * Free pages: many pages are free and still have memory (allocator_rss_ratio). MEMORY PURGE gives it back.\n\n");
        if (memory.ProcessRatio > ProcessRatioMax && memory.ProcessBytes - memory.ResidentBytes > ProcessBytesMin)
            report.Append(" * Memory beside the data: the process holds much more than its pages of data (rss_overhead_bytes). That is the "
                + "runtime's heap, where requests and replies are: see gc_heap_bytes and gc_committed_bytes in INFO galley.\n\n");
        if (memory.ClientCount > 0 && memory.ClientBytes / memory.ClientCount > BytesPerClientMax)
            report.Append(" * Clients' buffers: clients hold more than 200 KB each on average. Look at qbuf and omem in CLIENT LIST for "
                + "who sends much at once or reads slowly, and at client-output-buffer-limit.\n\n");
        return report.Length == 0 ? Healthy : $"Sam, I detected a few issues with the memory of this instance:\n\n{report}";
    }
}
