namespace Galley.Store.Commands;

internal static class TimeCommand
{
    private const long MicrosecondsPerSecond = 1_000_000;

    [Command("TIME", "", Group.Server, Flags.Loading | Flags.Stale | Flags.Fast, Since = "2.6.0", Cost = "O(1)",
        Tips = "nondeterministic_output", Summary = "Tells the time in seconds and microseconds.")]
    public static void Time(Execution x)
    {
        long microseconds = x.Server.Databases.Clock.ReadMicroseconds();
        x.Reply.Array(2);
        x.Reply.BulkInteger(microseconds / MicrosecondsPerSecond);
        x.Reply.BulkInteger(microseconds % MicrosecondsPerSecond);
    }
}
