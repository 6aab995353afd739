using System.Globalization;
using Galley.Store.Observability;

namespace Galley.Store.Commands;

/// <summary>A line for each command that was called or refused, in the order of the table.</summary>
internal static class CommandStatsSection
{
    public static void Write(InfoWriter writer, ServerContext server)
    {
        foreach (CommandInfo command in server.Commands.All)
        {
            CommandFigures figures = server.CommandStats[command.Index];
            if (figures.IsEmpty) continue;
            writer.Field("cmdstat_" + command.LowerName, string.Create(CultureInfo.InvariantCulture,
                $"calls={figures.Calls},usec={figures.Microseconds},usec_per_call={figures.MicrosecondsPerCall:F2},"
                + $"rejected_calls={figures.Rejected},failed_calls={figures.Failed}"));
        }
    }
}
