using Galley.Resp.Protocol;
using Galley.Store.Commands;

namespace Galley.Store.Scripting;

/// <summary>FUNCTION: libraries of functions, which are data like keys: RDB files and the log keep them.</summary>
internal static class FunctionCommands
{
    private const string AllShards = "request_policy:all_shards,response_policy:all_succeeded";

    private const string Help = """
        LOAD [REPLACE] <FUNCTION CODE>
            Create a new library with the given library name and code.
        DELETE <LIBRARY NAME>
            Delete the given library.
        LIST [LIBRARYNAME PATTERN] [WITHCODE]
            Return general information on all the libraries:
            * Library name
            * The engine used to run the Library
            * Library description
            * Functions list
            * Library code (if WITHCODE is given)
            It also possible to get only function that matches a pattern using LIBRARYNAME argument.
        STATS
            Return information about the current function running:
            * Function name
            * Command used to run the function
            * Duration in MS that the function is running
            If no function is running, return nil
            In addition, returns a list of available engines.
        KILL
            Kill the current running function.
        FLUSH [ASYNC|SYNC]
            Delete all the libraries.
            When called without the optional mode argument, the behavior is determined by the
            lazyfree-lazy-user-flush configuration directive. Valid modes are:
            * ASYNC: Asynchronously flush the libraries.
            * SYNC: Synchronously flush the libraries.
        DUMP
            Return a serialized payload representing the current libraries, can be restored using FUNCTION RESTORE command
        RESTORE <PAYLOAD> [FLUSH|APPEND|REPLACE]
            Restore the libraries represented by the given payload, it is possible to give a restore policy to
            control how to handle existing libraries (default APPEND):
            * FLUSH: delete all existing libraries.
            * APPEND: appends the restored libraries to the existing libraries. On collision, abort.
            * REPLACE: appends the restored libraries to the existing libraries, On collision, replace the old
              libraries with the new libraries (notice that even on this option there is a chance of failure
              in case of functions name collision with another library).
        """;

    [Command("FUNCTION|LOAD", "[REPLACE] function-code", Group.Scripting, Flags.Write | Flags.DenyOom | Flags.NoScript, Since = "7.0.0",
        Cost = "O(1), and what the library does when it is loaded", Tips = AllShards, Summary = "Loads a library of functions.")]
    public static void Load(Execution x)
    {
        int code = x.Args.Count - 1;
        for (int i = 2; i < code; i++)
        {
            if (x.Is(i, "REPLACE"u8)) continue;
            x.Reply.Error($"ERR Unknown option given: {PrintedText.Of(x.Args[i])}");
            return;
        }
        if (ScriptHost.Of(x.Server).Functions.TryLoad(x.Args[code].ToArray(), replaces: code > 2, out byte[] name, out string error))
        {
            x.ChangedKeyspace(1);
            x.Reply.Bulk(name);
        }
        else
        {
            x.Reply.Error(error);
        }
    }

    [Command("FUNCTION|DELETE", "library-name", Group.Scripting, Flags.Write | Flags.NoScript, Since = "7.0.0", Cost = "O(1)", Tips = AllShards,
        Summary = "Forgets a library and its functions.")]
    public static void Delete(Execution x)
    {
        if (!ScriptHost.Of(x.Server).Functions.TryDelete(x.Args[2]))
        {
            x.Reply.Error("ERR Library not found"u8);
            return;
        }
        x.ChangedKeyspace(1);
        x.Reply.Ok();
    }

    [Command("FUNCTION|LIST", "[LIBRARYNAME library-name-pattern] [WITHCODE]", Group.Scripting, Flags.NoScript, Since = "7.0.0",
        Cost = "O(N) in the functions", Tips = "nondeterministic_output_order", Summary = "Describes the libraries.")]
    public static void List(Execution x)
    {
        int pattern = 0;
        bool withCode = false;
        for (int i = 2; i < x.Args.Count; i++)
        {
            if (!withCode && x.Is(i, "WITHCODE"u8))
            {
                withCode = true;
                continue;
            }
            if (pattern > 0 || !x.Is(i, "LIBRARYNAME"u8))
            {
                x.Reply.Error($"ERR Unknown argument {PrintedText.Of(x.Args[i])}");
                return;
            }
            if (i + 1 == x.Args.Count)
            {
                x.Reply.Error("ERR library name argument was not given"u8);
                return;
            }
            pattern = ++i;
        }
        FunctionList.Write(x.Reply, ScriptHost.Of(x.Server).Functions, pattern > 0 ? x.Args[pattern] : "*"u8, withCode);
    }

    [Command("FUNCTION|FLUSH", "[ASYNC | SYNC]", Group.Scripting, Flags.Write | Flags.NoScript, Since = "7.0.0", Cost = "O(N) in the functions",
        Tips = AllShards, Summary = "Forgets all libraries.")]
    public static void Flush(Execution x)
    {
        if (x.Args.Count > 3)
        {
            x.Reply.Error(Errors.SubcommandSyntax("FUNCTION", x.Args[1]));
            return;
        }
        if (x.Args.Count == 3 && !x.Is(2, "ASYNC"u8) && !x.Is(2, "SYNC"u8))
        {
            x.Reply.Error("ERR FUNCTION FLUSH only supports SYNC|ASYNC option"u8);
            return;
        }
        ScriptHost.Of(x.Server).Functions.Clear();
        x.ChangedKeyspace(1);
        x.Reply.Ok();
    }

    [Command("FUNCTION|DUMP", "", Group.Scripting, Flags.NoScript, Since = "7.0.0", Cost = "O(N) in the bytes of the libraries",
        Summary = "Writes all libraries down as one string, which FUNCTION RESTORE takes.")]
    public static void Dump(Execution x) => x.Reply.Bulk(FunctionPayload.Write(x.Server, ScriptHost.Of(x.Server).Functions));

    [Command("FUNCTION|RESTORE", "serialized-value [FLUSH | APPEND | REPLACE]", Group.Scripting, Flags.Write | Flags.DenyOom | Flags.NoScript,
        Since = "7.0.0", Cost = "O(N) in the libraries", Tips = AllShards, Summary = "Loads the libraries that FUNCTION DUMP has written down.")]
    public static void Restore(Execution x)
    {
        if (x.Args.Count > 4)
        {
            x.Reply.Error(Errors.SubcommandSyntax("FUNCTION", x.Args[1]));
            return;
        }
        bool flushes = x.Args.Count == 4 && x.Is(3, "FLUSH"u8);
        bool replaces = x.Args.Count == 4 && x.Is(3, "REPLACE"u8);
        if (x.Args.Count == 4 && !flushes && !replaces && !x.Is(3, "APPEND"u8))
        {
            x.Reply.Error("ERR Wrong restore policy given, value should be either FLUSH, APPEND or REPLACE."u8);
            return;
        }
        FunctionLibraries functions = ScriptHost.Of(x.Server).Functions;
        if (!FunctionPayload.TryRestore(x.Args[2], functions, flushes, replaces, x.Server.SkipsChecksums, out string error))
        {
            x.Reply.Error(error);
            return;
        }
        x.ChangedKeyspace(1);
        x.Reply.Ok();
    }

    [Command("FUNCTION|STATS", "", Group.Scripting, Flags.NoScript | Flags.AllowBusy, Since = "7.0.0", Cost = "O(1)",
        Tips = "nondeterministic_output,request_policy:all_shards,response_policy:special", Summary = "Tells of the function that runs, and counts the libraries.")]
    public static void Stats(Execution x)
    {
        ScriptHost host = ScriptHost.Of(x.Server);
        if (host.Run is { IsUnderWay: true, Kind: LongWork.Script })
        {
            x.Reply.Error(Errors.BusyWith(LongWork.Script));
            return;
        }
        x.Reply.Map(2);
        x.Reply.Bulk("running_script"u8);
        if (host.Run.IsUnderWay) WriteRun(x.Reply, host.Run);
        else x.Reply.Null();
        x.Reply.Bulk("engines"u8);
        x.Reply.Map(1);
        x.Reply.Bulk("LUA"u8);
        x.Reply.Map(2);
        x.Reply.Bulk("libraries_count"u8);
        x.Reply.Integer(host.Functions.All.Count);
        x.Reply.Bulk("functions_count"u8);
        x.Reply.Integer(host.Functions.FunctionCount);
    }

    [Command("FUNCTION|KILL", "", Group.Scripting, Flags.NoScript | Flags.AllowBusy, Since = "7.0.0", Cost = "O(1)",
        Tips = "request_policy:all_shards,response_policy:one_succeeded", Summary = "Ends the function that runs, if it has written nothing.")]
    public static void Kill(Execution x) => ScriptCommands.Kill(x, LongWork.Function);

    [Command("FUNCTION|HELP", "", Group.Scripting, Flags.Loading | Flags.Stale, Since = "7.0.0", Cost = "O(1)", Summary = "Describes the subcommands.")]
    public static void ShowHelp(Execution x) => HelpReply.Write(x.Reply, "FUNCTION", Help);

    private static void WriteRun(RespWriter reply, ScriptRun run)
    {
        reply.Map(3);
        reply.Bulk("name"u8);
        reply.Bulk(run.Name);
        reply.Bulk("command"u8);
        reply.Array(run.Command.Count);
        for (int i = 0; i < run.Command.Count; i++) reply.Bulk(run.Command[i]);
        reply.Bulk("duration_ms"u8);
        reply.Integer((long)run.Elapsed.TotalMilliseconds);
    }
}
