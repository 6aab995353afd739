namespace Galley.Store.Commands;

internal static class ClientPauseCommands
{
    private const Flags Common = Flags.Admin | Flags.NoScript | Flags.Loading | Flags.Stale;

    [Command("CLIENT|PAUSE", "timeout:integer [WRITE | ALL]", Group.Connection, Common, Since = "2.9.50", Cost = "O(1)",
        Summary = "Has the commands of all clients wait for a while, or those that write.")]
    public static void Pause(Execution x)
    {
        if (x.Args.Count > 4)
        {
            x.Reply.Error(Errors.SubcommandSyntax("CLIENT", x.Args[1]));
            return;
        }
        PauseMode mode = x.Args.Count == 3 || x.Is(3, "ALL"u8) ? PauseMode.All : x.Is(3, "WRITE"u8) ? PauseMode.Write : PauseMode.None;
        if (mode == PauseMode.None)
        {
            x.Reply.Error("ERR CLIENT PAUSE mode must be WRITE or ALL"u8);
            return;
        }
        if (!x.TryTimeoutMs(2, out long timeoutMs)) return;
        x.Server.Pause.Begin(mode, timeoutMs > long.MaxValue - x.NowMs ? long.MaxValue : x.NowMs + timeoutMs);
        x.Server.Control.LookEarlier();
        x.Reply.Ok();
    }

    [Command("CLIENT|UNPAUSE", "", Group.Connection, Common, Since = "6.2.0", Cost = "O(N) in the number of clients that wait",
        Summary = "Ends a pause.")]
    public static void Unpause(Execution x)
    {
        x.Server.Pause.End();
        x.Server.Control.ResumePaused();
        x.Reply.Ok();
    }
}
