namespace Galley.Store.Commands;

/// <summary>SAVE, BGSAVE and LASTSAVE: the keyspace as an RDB file.</summary>
internal static class Saving
{
    [Command("SAVE", "", Group.Server, Flags.Admin | Flags.NoScript | Flags.NoAsyncLoading | Flags.NoMulti, Since = "1.0.0",
        Cost = "O(N) in all data, while everybody waits", Summary = "Saves the data to a file before anything else runs.")]
    public static void Save(Execution x)
    {
        if (x.Server.Saves.TrySave(out string error)) x.Reply.Ok();
        else x.Reply.Error(error);
    }

    [Command("BGSAVE", "[SCHEDULE | CANCEL]", Group.Server, Flags.Admin | Flags.NoScript | Flags.NoAsyncLoading, Since = "1.0.0",
        Cost = "O(N) in all data, in turns", Summary = "Begins to save the data to a file.")]
    public static void BgSave(Execution x)
    {
        bool schedules = x.Args.Count == 2 && x.Is(1, "SCHEDULE"u8);
        if (x.Args.Count == 2 && x.Is(1, "CANCEL"u8)) Cancel(x);
        else if (x.Args.Count > 1 && !schedules) x.Reply.Error(Errors.Syntax);
        else Begin(x, schedules);
    }

    [Command("LASTSAVE", "", Group.Server, Flags.Loading | Flags.Stale | Flags.Fast, Since = "1.0.0", Cost = "O(1)",
        Categories = "admin dangerous", Tips = "nondeterministic_output",
        Summary = "Tells the second of the last save, or of the start where none was made.")]
    public static void LastSave(Execution x) => x.Reply.Integer(x.Server.Saves.Figures.LastSaveMs / 1000);

    private static void Begin(Execution x, bool schedules)
    {
        // Of a transaction that is running half would be saved.
        bool mustWait = x.Session.Transaction.IsRunning;
        bool isScheduled = false;
        bool succeeds = schedules || mustWait
            ? x.Server.Saves.TrySchedule(mustWait, out isScheduled, out string error)
            : x.Server.Saves.TryBegin(out error);
        if (!succeeds) x.Reply.Error(error);
        else if (isScheduled) x.Reply.Simple("Background saving scheduled"u8);
        else x.Reply.Simple("Background saving started"u8);
    }

    private static void Cancel(Execution x)
    {
        if (!x.Server.Saves.TryCancel(out bool wasScheduled))
            x.Reply.Error("ERR Background saving is currently not in progress or scheduled"u8);
        else if (wasScheduled) x.Reply.Simple("Scheduled background saving cancelled"u8);
        else x.Reply.Simple("Background saving cancelled"u8);
    }
}
