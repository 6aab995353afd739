using System.Globalization;
using System.Text;

namespace Galley.Store.Commands;

/// <summary>BACKUP: a set of files beside the running server, which an append-only file can be started from.</summary>
internal static class BackupCommands
{
    [Command("BACKUP|START", "", Group.Server, Flags.Admin | Flags.NoScript, Since = "8.10.0", Cost = "O(1)",
        Summary = "Begins a backup: a snapshot, and behind it what changes.")]
    public static void Start(Execution x) => Reply(x, x.Server.Backups.TryStart(out string error), error);

    [Command("BACKUP|SEAL", "", Group.Server, Flags.Admin | Flags.NoScript, Since = "8.10.0", Cost = "O(1)",
        Summary = "Ends the backup with the data of this moment.")]
    public static void Seal(Execution x) => Reply(x, x.Server.Backups.TrySeal(out string error), error);

    [Command("BACKUP|ABORT", "", Group.Server, Flags.Admin | Flags.NoScript, Since = "8.10.0", Cost = "O(1)",
        Summary = "Gives up the backup that is not sealed yet.")]
    public static void Abort(Execution x) => Reply(x, x.Server.Backups.TryAbort(out string error), error);

    [Command("BACKUP|CLEANUP", "", Group.Server, Flags.Admin | Flags.NoScript, Since = "8.10.0", Cost = "O(1)",
        Summary = "Takes the files of a sealed backup away.")]
    public static void CleanUp(Execution x) => Reply(x, x.Server.Backups.TryCleanUp(out string error), error);

    [Command("BACKUP|STATUS", "", Group.Server, Flags.Admin | Flags.Stale, Since = "8.10.0", Cost = "O(1)",
        Summary = "Tells how far the backup is.")]
    public static void Status(Execution x)
    {
        BackupFigures figures = x.Server.Backups.Figures;
        x.Reply.Map(4);
        Pair(x, "state", NameOf(figures.State));
        Pair(x, "error", figures.Error);
        Pair(x, "start_time", Seconds(figures.StartedMs));
        Pair(x, "end_time", Seconds(figures.SealedMs));
    }

    [Command("BACKUP|LIST", "", Group.Server, Flags.Admin | Flags.Stale, Since = "8.10.0", Cost = "O(1)",
        Summary = "Tells the paths of the files that are whole.")]
    public static void List(Execution x)
    {
        IReadOnlyList<string> files = x.Server.Backups.Figures.Files;
        x.Reply.Array(files.Count);
        foreach (string file in files) x.Reply.Bulk(Encoding.UTF8.GetBytes(file));
    }

    [Command("BACKUP|HELP", "", Group.Server, Flags.Loading | Flags.Stale, Since = "8.10.0", Cost = "O(1)",
        Summary = "Explains the subcommands.")]
    public static void Help(Execution x) => HelpReply.Write(x.Reply, "BACKUP", """
        START
            Begin a backup: a snapshot, and behind it what changes.
        SEAL
            End the backup with the data of this moment.
        STATUS
            Tell how far the backup is.
        LIST
            Tell the paths of the files that are whole.
        ABORT
            Give up the backup that is not sealed yet.
        CLEANUP
            Take the files of a sealed backup away.
        """);

    /// <summary>As BACKUP STATUS has it.</summary>
    internal static string NameOf(BackupState state) => state switch
    {
        BackupState.Pending => "pending",
        BackupState.Snapshotting => "snapshotting",
        BackupState.Incrementing => "incrementing",
        BackupState.Sealed => "sealed",
        BackupState.Failed => "failed",
        _ => "idle",
    };

    private static void Reply(Execution x, bool succeeded, string error)
    {
        if (succeeded) x.Reply.Ok();
        else x.Reply.Error(error);
    }

    private static void Pair(Execution x, string name, string value)
    {
        x.Reply.Bulk(Encoding.ASCII.GetBytes(name));
        x.Reply.Bulk(Encoding.UTF8.GetBytes(value));
    }

    private static string Seconds(long milliseconds) => (milliseconds / 1000).ToString(CultureInfo.InvariantCulture);
}
