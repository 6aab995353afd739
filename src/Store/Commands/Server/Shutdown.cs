namespace Galley.Store.Commands;

internal static class Shutdown
{
    [Command("SHUTDOWN", "[NOSAVE | SAVE] [NOW] [FORCE] [ABORT]", Group.Server,
        Flags.Admin | Flags.NoScript | Flags.Loading | Flags.Stale | Flags.NoMulti | Flags.AllowBusy, Since = "1.0.0",
        Cost = "O(1), or that of saving", Summary = "Stops the server in good order.")]
    public static void Run(Execution x)
    {
        if (!TryReadRequest(x, out ShutdownRequest request, out bool isAbort))
        {
            x.Reply.Error(Errors.Syntax);
            return;
        }
        if (x.Server.IsBusy && !isAbort && (request & ShutdownRequest.NoSave) == 0)
        {
            x.Reply.Error(Errors.BusyWith(x.Server.BusyWith));
            return;
        }
        if (isAbort)
        {
            if (x.Server.Control.TryAbortShutdown()) x.Reply.Ok();
            else x.Reply.Error("ERR No shutdown in progress."u8);
            return;
        }
        // The end of the connection is the reply.
        if (!x.Server.Control.TryShutdown(request, out string error)) x.Reply.Error(error);
    }

    private static bool TryReadRequest(Execution x, out ShutdownRequest request, out bool isAbort)
    {
        request = ShutdownRequest.Default;
        isAbort = false;
        for (int i = 1; i < x.Args.Count; i++)
        {
            if (x.Is(i, "NOSAVE"u8)) request |= ShutdownRequest.NoSave;
            else if (x.Is(i, "SAVE"u8)) request |= ShutdownRequest.Save;
            else if (x.Is(i, "NOW"u8)) request |= ShutdownRequest.Now;
            else if (x.Is(i, "FORCE"u8)) request |= ShutdownRequest.Force;
            else if (x.Is(i, "ABORT"u8)) isAbort = true;
            else return false;
        }
        const ShutdownRequest Both = ShutdownRequest.Save | ShutdownRequest.NoSave;
        return (request & Both) != Both && !(isAbort && request != ShutdownRequest.Default);
    }
}
