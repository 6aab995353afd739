using Galley.Resp.Protocol;
using Galley.Store.Commands;

namespace Galley.Store.Engine;

/// <summary>May this command run now? Flat refusals, in redis-server's order and words.</summary>
internal sealed class Admission(ServerContext server)
{
    /// <summary>What redis-server refuses to clients of MONITOR, which it counts among the replicas.</summary>
    private const Flags TouchesKeys = Flags.Write | Flags.ReadOnly | Flags.MayReplicate;

    private readonly ServerContext _server = server;

    /// <summary>Why the log cannot store writes, or null.</summary>
    public Func<string?> WriteFailure { get; set; } = static () => null;

    public bool Admits(Session session, CommandInfo command, in Arguments args)
    {
        // Before the password, as in redis-server.
        if (command.Has(Flags.Protected) && ProtectedCommands.Refusal(session, _server, command) is { } refusal)
            return Refuse(session, command, refusal);
        if (!session.IsAuthenticated && !command.Has(Flags.NoAuth)) return Refuse(session, command, Errors.NoAuth);
        if (session.IsReadOnly && !IsPlainRead(command)) return RefuseReader(session, command);
        if (session.Transaction.IsOpen && command.Has(Flags.NoMulti))
            return Refuse(session, command, "ERR Command not allowed inside a transaction"u8);
        if (_server.Memory.IsLimited && LacksMemory(session, command)) return Refuse(session, command, Errors.OutOfMemory);
        if (MayWrite(session, command) && RefusesWrites(session, command)) return false;
        if (session.HearsAmongReplies && !command.RunsWhileSubscribed) return RefuseWhileSubscribed(session, command);
        // The log that is being read is the one client whom loading lets in.
        bool isClient = session.Kind != SessionKind.Internal;
        if (_server.IsLoading && isClient && !command.Has(Flags.Loading)) return Refuse(session, command, Errors.Loading);
        if (_server.IsBusy && !command.Has(Flags.AllowBusy)) return Refuse(session, command, Errors.BusyWith(_server.BusyWith));
        if (session.IsMonitor && command.Has(TouchesKeys)) return Refuse(session, command, "ERR Replica can't interact with the keyspace"u8);
        return true;
    }

    /// <summary>What may have changed between MULTI and EXEC.</summary>
    public bool AdmitsQueued(Session session, CommandInfo command) =>
        !command.Has(Flags.Write) || !RefusesWrites(session, command);

    /// <summary>As <see cref="Admits"/>, of a command that a script calls: the script has been admitted already.</summary>
    public bool AdmitsScripted(Session script, CommandInfo command, ScriptRules rules)
    {
        if (command.Has(Flags.NoScript)) return RefuseScripted(script, "ERR This Redis command is not allowed from script"u8);
        if (command.Has(Flags.Write))
        {
            if ((rules & ScriptRules.ReadOnly) != 0)
                return RefuseScripted(script, "ERR Write commands are not allowed from read-only scripts."u8);
            if (RefusesWrites(script, command)) return false;
        }
        bool mayLackMemory = (rules & ScriptRules.AllowOom) != 0;
        return mayLackMemory || !command.Has(Flags.DenyOom) || !_server.Memory.IsExhausted || RefuseScripted(script, Errors.OutOfMemory);
    }

    /// <summary>Why a script that has declared itself, and may write, is not to begin; null where it may.</summary>
    public string? ScriptRefusal(ScriptRules rules)
    {
        if ((rules & ScriptRules.ReadOnly) != 0) return null;
        if ((rules & ScriptRules.AllowOom) == 0 && _server.Memory.IsExhausted)
            return System.Text.Encoding.ASCII.GetString(Errors.OutOfMemory);
        return WriteFailure() is { } failure ? "MISCONF " + failure : null;
    }

    private static bool RefuseScripted(Session script, ReadOnlySpan<byte> error)
    {
        script.Reply.Error(error);
        return false;
    }

    /// <summary>
    /// What Upstash's read-only user may do: <c>+@read -@dangerous</c>, and not SCAN. A transaction of such is one too, and
    /// to listen is to read.
    /// </summary>
    private static bool IsPlainRead(CommandInfo command) =>
        ((command.Categories & (AclCategories.Read | AclCategories.Dangerous)) == AclCategories.Read && command.Name != "SCAN")
        || command.Declaration.Group == Group.Transactions
        || (command.Has(Flags.PubSub) && command.RunsWhileSubscribed);

    /// <summary>Makes room, whatever the command; true when there is none and the command may want some.</summary>
    private bool LacksMemory(Session session, CommandInfo command) =>
        session.Kind != SessionKind.Internal && !_server.Memory.MakeRoom(session) && WantsMemory(session, command);

    /// <summary>Within MULTI every command does, for it is kept; but for those that end the transaction.</summary>
    private static bool WantsMemory(Session session, CommandInfo command)
    {
        Transaction transaction = session.Transaction;
        if (command.Name == "EXEC") return (transaction.QueuedFlags & Flags.DenyOom) != 0;
        return command.Has(Flags.DenyOom) || (transaction.IsOpen && command.Name is not ("DISCARD" or "QUIT" or "RESET"));
    }

    /// <summary>
    /// What is refused while nothing can be stored: writes, a transaction that has any, and, as in redis-server, PING, by
    /// which those who watch over servers learn of it.
    /// </summary>
    private static bool MayWrite(Session session, CommandInfo command) =>
        command.Has(Flags.Write) || command.Name == "PING" || (command.Name == "EXEC" && (session.Transaction.QueuedFlags & Flags.Write) != 0);

    private bool RefusesWrites(Session session, CommandInfo command)
    {
        if (session.Kind == SessionKind.Internal || WriteFailure() is not { } failure) return false;
        Refusal.Reply(session, _server, command, "MISCONF " + failure);
        return true;
    }

    private bool RefuseReader(Session session, CommandInfo command)
    {
        Refusal.Reply(session, _server, command,
            $"NOPERM this user has no permissions to run the '{command.LowerName}' command or its subcommand");
        return false;
    }

    private bool RefuseWhileSubscribed(Session session, CommandInfo command)
    {
        Refusal.Reply(session, _server, command, $"ERR Can't execute '{command.LowerName}': only (P|S)SUBSCRIBE / (P|S)UNSUBSCRIBE / PING / "
            + "QUIT / RESET are allowed in this context");
        return false;
    }

    private bool Refuse(Session session, CommandInfo command, string error)
    {
        Refusal.Reply(session, _server, command, error);
        return false;
    }

    private bool Refuse(Session session, CommandInfo command, ReadOnlySpan<byte> error)
    {
        Refusal.Reply(session, _server, command, error);
        return false;
    }
}
