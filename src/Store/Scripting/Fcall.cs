using Galley.Store.Commands;

namespace Galley.Store.Scripting;

/// <summary>FCALL: functions of the libraries that FUNCTION LOAD has brought.</summary>
internal static class Fcall
{
    private const Flags Common = Flags.NoScript | Flags.Stale | Flags.SkipMonitor | Flags.NoMandatoryKeys;
    private const string Grammar = "function numkeys:integer [key ...] [arg ...]";

    [Command("FCALL", Grammar, Group.Scripting, Common | Flags.MayReplicate, Since = "7.0.0", Cost = "That of the function", Keys = Eval.AssumedKeys,
        Categories = "-read -write", Summary = "Runs a function.")]
    public static void Run(Execution x) => Run(x, isReadOnly: false);

    [Command("FCALL_RO", Grammar, Group.Scripting, Common | Flags.ReadOnly, Since = "7.0.0", Cost = "That of the function", Keys = Eval.AssumedReads,
        Categories = "-read -write", Summary = "Runs a function that may not write.")]
    public static void RunReadOnly(Execution x) => Run(x, isReadOnly: true);

    private static void Run(Execution x, bool isReadOnly)
    {
        x.ShowToMonitors();
        ScriptHost host = ScriptHost.Of(x.Server);
        if (!host.Functions.TryFind(x.Args[1], out LibraryFunction? function))
        {
            x.Reply.Error("ERR Function not found"u8);
            return;
        }
        if (!Eval.TryCountKeys(x, "ERR Bad number of keys provided"u8, out int keys)) return;
        host.Execute(x, host.Functions.State, new ScriptCall
        {
            Function = function.Callback,
            Name = function.Name,
            Flags = function.Flags,
            Kind = LongWork.Function,
            IsReadOnly = isReadOnly,
            FirstKey = 3,
            KeyCount = keys,
        });
    }
}
