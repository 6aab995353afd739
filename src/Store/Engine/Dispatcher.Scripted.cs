using Galley.Resp.Protocol;
using Galley.Store.Commands;

namespace Galley.Store.Engine;

/// <content>
/// Commands that scripts call. They run in the midst of the command that has called the script, in its turn and its unit,
/// and are seen and counted like any others; what wakes waiting clients waits for the script's end.
/// </content>
internal sealed partial class Dispatcher
{
    /// <summary>Apart from the one that runs the script.</summary>
    private readonly Execution _scripted = new(server);

    /// <inheritdoc cref="IServerControl.RunScripted"/>
    public void RunScripted(Session script, in Arguments args, ScriptRules rules, IScriptedWrites writes)
    {
        if (Judge(script, in args, rules) is not { } command)
        {
            CountErrors(script);
            return;
        }
        if (command.Has(Flags.Write)) writes.BeforeWrite(script.DatabaseId, command, in args);
        RunIn(_scripted, script, command, in args);
    }

    /// <inheritdoc cref="IServerControl.ScriptRefusal"/>
    public string? ScriptRefusal(ScriptRules rules) => _admission.ScriptRefusal(rules);

    /// <summary>Finds the command if it may run, and replies with redis-server's words where it may not.</summary>
    private CommandInfo? Judge(Session script, in Arguments args, ScriptRules rules)
    {
        if (!TryFind(script, in args, out CommandInfo? command))
        {
            script.Reply.Error("ERR Unknown Redis command called from script"u8);
            return null;
        }
        if (!command!.AcceptsArity(args.Count)) script.Reply.Error("ERR Wrong number of args calling Redis command from script"u8);
        else if (_admission.AdmitsScripted(script, command, rules)) return command;
        _server.CommandStats.Reject(command.Index);
        return null;
    }
}
