using Galley.Store.Configuration;

namespace Galley.Store.Commands;

/// <summary>DEBUG RELOAD and LOADAOF: memory is thrown away and read back from the disk, while everybody waits.</summary>
internal static class DebugReload
{
    public static void Run(Execution x)
    {
        Reload options = Reload.None;
        for (int i = 2; i < x.Args.Count; i++)
        {
            if (x.Is(i, "MERGE"u8)) options |= Reload.Merge;
            else if (x.Is(i, "NOFLUSH"u8)) options |= Reload.NoFlush;
            else if (x.Is(i, "NOSAVE"u8)) options |= Reload.NoSave;
            else
            {
                x.Reply.Error("ERR DEBUG RELOAD only supports the MERGE, NOFLUSH and NOSAVE options."u8);
                return;
            }
        }
        if (!x.Server.Saves.TryReload(options, out string error))
        {
            x.Reply.Error(error);
            return;
        }
        x.Server.Log(LogLevel.Warning, "DB reloaded by DEBUG RELOAD");
        x.Reply.Ok();
    }

    public static void FromLog(Execution x)
    {
        if (!x.Server.Control.TryReloadLog(out string error))
        {
            x.Reply.Error(error);
            return;
        }
        x.Server.Log(LogLevel.Warning, "Append Only File loaded by DEBUG LOADAOF");
        x.Reply.Ok();
    }
}
