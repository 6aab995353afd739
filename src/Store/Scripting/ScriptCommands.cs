using Galley.Store.Commands;

namespace Galley.Store.Scripting;

/// <summary>SCRIPT: what is cached, and the end of what runs too long.</summary>
internal static class ScriptCommands
{
    private const string AllNodes = "request_policy:all_nodes,response_policy:all_succeeded";

    private const string Help = """
        DEBUG (YES|SYNC|NO)
            Set the debug mode for subsequent scripts executed.
        EXISTS <sha1> [<sha1> ...]
            Return information about the existence of the scripts in the script cache.
        FLUSH [ASYNC|SYNC]
            Flush the Lua scripts cache. Very dangerous on replicas.
            When called without the optional mode argument, the behavior is determined by the
            lazyfree-lazy-user-flush configuration directive. Valid modes are:
            * ASYNC: Asynchronously flush the scripts cache.
            * SYNC: Synchronously flush the scripts cache.
        KILL
            Kill the currently executing Lua script.
        LOAD <script>
            Load a script into the scripts cache without executing it.
        SHOW <sha1>
            Show a script in the scripts cache.
        """;

    [Command("SCRIPT|LOAD", "script", Group.Scripting, Flags.NoScript | Flags.Stale, Since = "2.6.0", Cost = "O(N) in the length of the script",
        Tips = AllNodes, Summary = "Compiles a script and keeps it, without running it.")]
    public static void Load(Execution x)
    {
        EvalScripts scripts = ScriptHost.Of(x.Server).Scripts;
        if (!scripts.TryGet(x.Args[2], out Script? script, out byte[] error))
        {
            x.Reply.Error(error);
            return;
        }
        scripts.Cache.Keep(script);
        x.Reply.Bulk(script.Sha1);
    }

    [Command("SCRIPT|EXISTS", "sha1 [sha1 ...]", Group.Scripting, Flags.NoScript, Since = "2.6.0", Cost = "O(N) in the digests asked for",
        Tips = "request_policy:all_shards,response_policy:agg_logical_and", Summary = "Tells which scripts are cached.")]
    public static void Exists(Execution x)
    {
        ScriptCache cache = ScriptHost.Of(x.Server).Scripts.Cache;
        x.Reply.Array(x.Args.Count - 2);
        for (int i = 2; i < x.Args.Count; i++) x.Reply.Integer(cache.TryFindDigest(x.Args[i], out _) ? 1 : 0);
    }

    [Command("SCRIPT|SHOW", "sha1", Group.Scripting, Flags.NoScript, Since = "valkey 8.0.0", Cost = "O(1)", Summary = "Shows the text of a cached script.")]
    public static void Show(Execution x)
    {
        if (ScriptHost.Of(x.Server).Scripts.Cache.TryFindDigest(x.Args[2], out Script? script)) x.Reply.Bulk(script.Body);
        else x.Reply.Error("NOSCRIPT No matching script. Please use EVAL."u8);
    }

    [Command("SCRIPT|FLUSH", "[ASYNC | SYNC]", Group.Scripting, Flags.NoScript, Since = "2.6.0", Cost = "O(N) in the scripts that are cached",
        Tips = AllNodes, Summary = "Forgets all scripts.")]
    public static void Flush(Execution x)
    {
        if (x.Args.Count > 3 || (x.Args.Count == 3 && !x.Is(2, "ASYNC"u8) && !x.Is(2, "SYNC"u8)))
        {
            x.Reply.Error("ERR SCRIPT FLUSH only support SYNC|ASYNC option"u8);
            return;
        }
        ScriptHost.Of(x.Server).FlushScripts();
        x.Reply.Ok();
    }

    [Command("SCRIPT|KILL", "", Group.Scripting, Flags.NoScript | Flags.AllowBusy, Since = "2.6.0", Cost = "O(1)",
        Tips = "request_policy:all_shards,response_policy:one_succeeded", Summary = "Ends the script that runs, if it has written nothing.")]
    public static void Kill(Execution x) => Kill(x, LongWork.Script);

    [Command("SCRIPT|DEBUG", "(YES | SYNC | NO)", Group.Scripting, Flags.NoScript, Since = "3.2.0", Cost = "O(1)",
        Summary = "Is taken, and changes nothing: there is no debugger here.")]
    public static void Debug(Execution x)
    {
        if (x.Is(2, "YES"u8) || x.Is(2, "SYNC"u8) || x.Is(2, "NO"u8)) x.Reply.Ok();
        else x.Reply.Error("ERR Use SCRIPT DEBUG YES/SYNC/NO"u8);
    }

    [Command("SCRIPT|HELP", "", Group.Scripting, Flags.Loading | Flags.Stale, Since = "5.0.0", Cost = "O(1)", Summary = "Describes the subcommands.")]
    public static void ShowHelp(Execution x) => HelpReply.Write(x.Reply, "SCRIPT", Help);

    /// <summary>Ends what runs, in redis-server's words: it arrives in the midst of it, while the server is busy.</summary>
    internal static void Kill(Execution x, LongWork kind)
    {
        ScriptRun run = ScriptHost.Of(x.Server).Run;
        if (!run.IsUnderWay) x.Reply.Error("NOTBUSY No scripts in execution right now."u8);
        else if (run.Kind != kind) x.Reply.Error(Errors.BusyWith(run.Kind));
        else if (!run.CanBeStopped)
        {
            x.Reply.Error("UNKILLABLE Sorry the script already executed write commands against the dataset. You can either wait the script"
                + " termination or kill the server in a hard way using the SHUTDOWN NOSAVE command.");
        }
        else
        {
            run.IsKilled = true;
            x.Reply.Ok();
        }
    }
}
