using System.Text;
using Galley.Resp.Protocol;
using Galley.Store.Observability;

namespace Galley.Store.Commands;

/// <summary>LATENCY: what has held the server up, as the latency monitor has noted it.</summary>
internal static class LatencyCommands
{
    private const Flags Common = Flags.Admin | Flags.NoScript | Flags.Loading | Flags.Stale;
    private const string Tips = "nondeterministic_output, request_policy:all_nodes, response_policy:special";

    [Command("LATENCY|LATEST", "", Group.Server, Common, Since = "2.8.13", Cost = "O(1)", Tips = Tips,
        Summary = "Tells the latest and the worst spike of each event.")]
    public static void Latest(Execution x)
    {
        IReadOnlyList<KeyValuePair<string, LatencySeries>> events = x.Server.Latency.Events;
        x.Reply.Array(events.Count);
        foreach ((string name, LatencySeries series) in events)
        {
            x.Reply.Array(4);
            x.Reply.Bulk(name);
            x.Reply.Integer(series.Latest.TimeSeconds);
            x.Reply.Integer(series.Latest.LatencyMs);
            x.Reply.Integer(series.MaxMs);
        }
    }

    [Command("LATENCY|HISTORY", "event", Group.Server, Common, Since = "2.8.13", Cost = "O(1)", Tips = Tips,
        Summary = "Lists the latest spikes of an event.")]
    public static void History(Execution x)
    {
        IReadOnlyList<LatencySample> samples = Find(x)?.Samples ?? [];
        x.Reply.Array(samples.Count);
        foreach (LatencySample sample in samples)
        {
            x.Reply.Array(2);
            x.Reply.Integer(sample.TimeSeconds);
            x.Reply.Integer(sample.LatencyMs);
        }
    }

    [Command("LATENCY|RESET", "[event ...]", Group.Server, Common, Since = "2.8.13", Cost = "O(1)",
        Tips = "request_policy:all_nodes, response_policy:all_succeeded", Summary = "Forgets the spikes of events, or of all.")]
    public static void Reset(Execution x)
    {
        int count = 0;
        if (x.Args.Count == 2)
        {
            foreach ((string name, _) in x.Server.Latency.Events)
                if (x.Server.Latency.Reset(name)) count++;
        }
        for (int i = 2; i < x.Args.Count; i++)
            if (x.Server.Latency.Reset(PrintedText.Of(x.Args[i]))) count++;
        x.Reply.Integer(count);
    }

    [Command("LATENCY|GRAPH", "event", Group.Server, Common, Since = "2.8.13", Cost = "O(1)", Tips = Tips,
        Summary = "Draws the latest spikes of an event.")]
    public static void Graph(Execution x)
    {
        string name = PrintedText.Of(x.Args[2]);
        if (Find(x) is { } series) x.Reply.Verbatim(Encoding.Latin1.GetBytes(LatencyGraph.Draw(name, series, x.NowMs / 1000)));
        else x.Reply.Error($"ERR No samples available for event '{name}'");
    }

    [Command("LATENCY|DOCTOR", "", Group.Server, Common, Since = "2.8.13", Cost = "O(1)", Tips = Tips,
        Summary = "Says what may be the matter, and what may help.")]
    public static void Doctor(Execution x) => x.Reply.Verbatim(Encoding.ASCII.GetBytes(LatencyReport.Of(x.Server, x.NowMs / 1000)));

    [Command("LATENCY|HISTOGRAM", "[command ...]", Group.Server, Common, Since = "7.0.0",
        Cost = "O(N) in the commands that have been called", Tips = Tips, Summary = "Tells how long the calls of commands took.")]
    public static void Histogram(Execution x)
    {
        Deferred map = x.Reply.BeginDeferred();
        int shown = 0;
        if (x.Args.Count == 2)
        {
            foreach (CommandInfo command in x.Server.Commands.All) shown += Show(x, command);
        }
        for (int i = 2; i < x.Args.Count; i++)
        {
            if (!x.Server.Commands.TryFindFullName(x.Args[i], out CommandInfo? command)) continue;
            shown += Show(x, command);
            foreach (CommandInfo subcommand in command.Subcommands) shown += Show(x, subcommand);
        }
        x.Reply.EndMap(map, shown);
    }

    [Command("LATENCY|HELP", "", Group.Server, Flags.Loading | Flags.Stale, Since = "2.8.13", Cost = "O(1)",
        Summary = "Explains the subcommands.")]
    public static void Help(Execution x) => HelpReply.Write(x.Reply, "LATENCY", """
        DOCTOR
            Return a human readable latency analysis report.
        GRAPH <event>
            Return an ASCII latency graph for the <event> class.
        HISTORY <event>
            Return time-latency samples for the <event> class.
        LATEST
            Return the latest latency samples for all events.
        RESET [<event> ...]
            Reset latency data of one or more <event> classes.
            (default: reset all data for all event classes)
        HISTOGRAM [COMMAND ...]
            Return a cumulative distribution of latencies in the format of a histogram for the specified command names.
            If no commands are specified then all histograms are replied.
        """);

    private static LatencySeries? Find(Execution x) => x.Server.Latency.Find(PrintedText.Of(x.Args[2]));

    /// <summary>Writes the histogram of a command, if it has one; returns how many that were.</summary>
    private static int Show(Execution x, CommandInfo command)
    {
        if (x.Server.CommandStats.LatenciesOf(command.Index) is not { } latencies) return 0;
        x.Reply.Bulk(command.LowerName);
        x.Reply.Map(2);
        x.Reply.Bulk("calls"u8);
        x.Reply.Integer(latencies.Count);
        x.Reply.Bulk("histogram_usec"u8);
        Deferred bounds = x.Reply.BeginDeferred();
        int count = 0;
        foreach ((long boundMicroseconds, long calls) in latencies.Cumulative())
        {
            x.Reply.Integer(boundMicroseconds);
            x.Reply.Integer(calls);
            count++;
        }
        x.Reply.EndMap(bounds, count);
        return 1;
    }
}
