namespace Galley.Store.Commands;

/// <summary>Error replies by their first word, in the order of the words.</summary>
internal static class ErrorStatsSection
{
    public static void Write(InfoWriter writer, ServerContext server)
    {
        foreach ((string code, long count) in server.Stats.ErrorsByCode.OrderBy(pair => pair.Key, StringComparer.Ordinal))
            writer.Field("errorstat_" + Safe(code), $"count={count}");
    }

    /// <summary>A client can make a code (DEBUG ERROR): it is not to look like a field or a section of its own.</summary>
    private static string Safe(string code) => code.Replace(':', '_').Replace('#', '_').Replace('\r', '_').Replace('\n', '_');
}
