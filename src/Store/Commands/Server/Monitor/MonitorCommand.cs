namespace Galley.Store.Commands;

internal static class MonitorCommand
{
    [Command("MONITOR", "", Group.Server, Flags.Admin | Flags.NoScript | Flags.Loading | Flags.Stale, Since = "1.0.0",
        Cost = "O(1), and for each command that runs later the length of its line", Summary = "Shows every command that the server runs, as it runs.")]
    public static void Run(Execution x)
    {
        if (x.Session.Transaction.IsRunning)
        {
            x.Reply.Error("ERR MONITOR isn't allowed for DENY BLOCKING client"u8);
            return;
        }
        if (!x.Session.TakesPushes)
        {
            x.Reply.Error("ERR MONITOR needs a connection of its own"u8);
            return;
        }
        // Who asks twice gets no second answer, from redis-server either.
        if (x.Session.IsMonitor) return;
        x.Server.Monitors.Add(x.Session);
        x.Reply.Ok();
    }
}
