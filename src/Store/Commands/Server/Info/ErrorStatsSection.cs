namespace Galley.Store.Commands;

/// <summary>Error replies by their first word, in the order of the words.</summary>
internal static class ErrorStatsSection
{
    public static void Write(InfoWriter writer, ServerContext server)
    {
        foreach ((string code, long count) in server.Stats.ErrorsByCode.OrderBy(pair => pair.Key, StringComparer.Ordinal))
            writer.Field("errorstat_" + code, $"count={count}");
    }
}
