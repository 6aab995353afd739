using Galley.Resp.Protocol;
using Galley.Store.Commands;

namespace Galley.Store.Scripting;

/// <summary>EVAL and its twins: scripts by their text and by their digest, and those that promise to write nothing.</summary>
internal static class Eval
{
    private const Flags Common = Flags.NoScript | Flags.Stale | Flags.SkipMonitor | Flags.NoMandatoryKeys;
    private const Flags MayWrite = Common | Flags.MayReplicate;
    private const Flags ReadsOnly = Common | Flags.ReadOnly;
    private const string Grammar = " numkeys:integer [key ...] [arg ...]";
    private const string ScriptCost = "That of the script";
    private const string MayWriteKeys = "RW ACCESS UPDATE";

    /// <summary>What COMMAND INFO says beside the keys of EVAL and FCALL, and not beside those of EVALSHA.</summary>
    internal const string AssumedKeys = MayWriteKeys + " -- We cannot tell how the keys will be used so we assume the worst, RW and UPDATE";

    internal const string AssumedReads = "RO ACCESS -- We cannot tell how the keys will be used so we assume the worst, RO and ACCESS";

    [Command("EVAL", "script" + Grammar, Group.Scripting, MayWrite, Since = "2.6.0", Cost = ScriptCost, Keys = AssumedKeys,
        Categories = "-read -write", Summary = "Runs a script.")]
    public static void Run(Execution x) => RunText(x, isReadOnly: false);

    [Command("EVAL_RO", "script" + Grammar, Group.Scripting, ReadsOnly, Since = "7.0.0", Cost = ScriptCost, Keys = AssumedReads,
        Categories = "-read -write", Summary = "Runs a script that may not write.")]
    public static void RunReadOnly(Execution x) => RunText(x, isReadOnly: true);

    [Command("EVALSHA", "sha1" + Grammar, Group.Scripting, MayWrite, Since = "2.6.0", Cost = ScriptCost, Keys = MayWriteKeys,
        Categories = "-read -write", Summary = "Runs a script that the server has seen, by its digest.")]
    public static void RunSha(Execution x) => RunDigest(x, isReadOnly: false);

    [Command("EVALSHA_RO", "sha1" + Grammar, Group.Scripting, ReadsOnly, Since = "7.0.0", Cost = ScriptCost,
        Categories = "-read -write", Summary = "Runs a script that the server has seen, by its digest; it may not write.")]
    public static void RunShaReadOnly(Execution x) => RunDigest(x, isReadOnly: true);

    private static void RunText(Execution x, bool isReadOnly)
    {
        x.ShowToMonitors();
        if (!TryCountKeys(x, Errors.NotInteger, out int keys)) return;
        if (ScriptHost.Of(x.Server).Scripts.TryGet(x.Args[1], out Script? script, out byte[] error)) RunScript(x, script, keys, isReadOnly);
        else x.Reply.Error(error);
    }

    private static void RunDigest(Execution x, bool isReadOnly)
    {
        x.ShowToMonitors();
        if (!ScriptHost.Of(x.Server).Scripts.Cache.TryFindDigest(x.Args[1], out Script? script))
            x.Reply.Error("NOSCRIPT No matching script. Please use EVAL."u8);
        else if (TryCountKeys(x, Errors.NotInteger, out int keys)) RunScript(x, script, keys, isReadOnly);
    }

    /// <summary>Reads the number of keys, which is argument 2.</summary>
    internal static bool TryCountKeys(Execution x, ReadOnlySpan<byte> notNumber, out int keys)
    {
        keys = 0;
        if (!x.TryInteger(2, out long count, notNumber)) return false;
        if (count > x.Args.Count - 3)
        {
            x.Reply.Error("ERR Number of keys can't be greater than number of args"u8);
            return false;
        }
        if (count < 0)
        {
            x.Reply.Error("ERR Number of keys can't be negative"u8);
            return false;
        }
        keys = (int)count;
        return true;
    }

    private static void RunScript(Execution x, Script script, int keys, bool isReadOnly)
    {
        ScriptHost host = ScriptHost.Of(x.Server);
        host.Execute(x, host.Scripts.State, new ScriptCall
        {
            Function = script.Function,
            Name = script.Sha1,
            Flags = script.Flags,
            Kind = LongWork.Script,
            IsReadOnly = isReadOnly,
            FirstKey = 3,
            KeyCount = keys,
        });
    }
}
