using System.Diagnostics;
using System.Diagnostics.CodeAnalysis;
using System.Text;
using Galley.Resp.Protocol;
using Galley.Store.Commands;
using Galley.Store.Observability;

namespace Galley.Store.Engine;

/// <summary>The way of every command: find it, ask whether it may run, run or queue it, and tell the log.</summary>
internal sealed partial class Dispatcher(ServerContext server, Admission admission)
{
    private readonly ServerContext _server = server;
    private readonly Admission _admission = admission;
    private readonly Execution _x = new(server);
    private readonly CommandWatch _watch = new(server);

    /// <summary>For the short commands that run in the midst of a long one, and for a log that is read in the midst of one.</summary>
    private readonly Execution _aside = new(server);

    /// <summary>A command of a client reads the append-only file back.</summary>
    public bool IsReplaying { get; set; }

    /// <summary>What may not be told of while the log cannot be stored.</summary>
    public required UnstoredKeys Unstored { get; init; }

    /// <summary>What sees the commands that have run, and when the last of them ended.</summary>
    public CommandWatch Watch => _watch;

    /// <summary>Runs one command of a client; the reply is in the session's output when it returns.</summary>
    public void Dispatch(Session session, in Arguments args)
    {
        if (_server.Tracking.IsActive) DispatchTracked(session, in args);
        else DispatchAsAsked(session, in args);
    }

    /// <summary>Somebody caches keys: what the command's own client is to be told of them waits for its reply.</summary>
    private void DispatchTracked(Session session, in Arguments args)
    {
        Session? outer = _server.Tracking.Enter(session);
        DispatchAsAsked(session, in args);
        // Who waits is still in the midst of the command.
        if (!session.IsBlocked) KeyTracking.EndException(session);
        _server.Tracking.Leave(outer);
    }

    private void DispatchAsAsked(Session session, in Arguments args)
    {
        if (session.ReplyMode == ReplyMode.On) DispatchAnswered(session, in args);
        else DispatchSilently(session, in args);
    }

    private void DispatchAnswered(Session session, in Arguments args)
    {
        if (TryResolve(session, in args, out CommandInfo? command) && Admits(session, command, in args))
        {
            RunGuarded(session, command, in args);
        }
        else if (session.Transaction.IsOpen)
        {
            session.Transaction.HasErrors = true;
        }
        if (session.HasUncountedErrors) CountErrors(session);
        session.LogOffset = _server.Effects.TakeOffset();
        if (_server.Blocking.HasReady) ServeReady();
    }

    private bool Admits(Session session, CommandInfo command, in Arguments args)
    {
        if (command.AcceptsArity(args.Count) || MayLackArguments(session, command, in args))
        {
            if (_admission.Admits(session, command, in args)) return true;
        }
        else
        {
            Refusal.Reply(session, _server, command, Errors.WrongArity(command.LowerName));
        }
        _server.CommandStats.Reject(command.Index);
        return false;
    }

    /// <summary>CLIENT REPLY OFF and SKIP: what the command replied is taken back, and what it published stays.</summary>
    private void DispatchSilently(Session session, in Arguments args)
    {
        if (session.ReplyMode == ReplyMode.SkipNext) session.ReplyMode = ReplyMode.Skipping;
        long mark = session.BeginSilence();
        DispatchAnswered(session, in args);
        session.EndSilence(mark);
        // Who waits has no reply yet: it is skipped when it comes.
        if (session.ReplyMode == ReplyMode.Skipping && !session.IsBlocked) session.ReplyMode = ReplyMode.On;
    }

    /// <summary>Runs a command that a transaction has queued, in the turn and the unit of its EXEC.</summary>
    public void RunQueued(Session session, in QueuedCommand queued)
    {
        if (_admission.AdmitsQueued(session, queued.Command)) Run(session, queued.Command, queued.Arguments);
        else CountErrors(session);
    }

    /// <summary>A mistake of ours, or memory that is not to be had, costs one client its connection and nobody the server.</summary>
    private void RunGuarded(Session session, CommandInfo command, in Arguments args)
    {
        long mark = session.Reply.Output.Written;
        int units = _server.Effects.UnitDepth;
        try
        {
            if (_server.Pause.IsActive && _server.Pause.Holds(session, command)) Postpone(session, command, args.Copy());
            else if (session.Transaction.IsOpen && !command.RunsInsideMulti) Queue(session, command, in args);
            else Run(session, command, in args);
        }
#pragma warning disable CA1031 // Whatever it is, the other clients must not suffer from it.
        catch (Exception failure)
#pragma warning restore CA1031
        {
            Apologize(session, command, mark, units, failure);
        }
    }

    private void Apologize(Session session, CommandInfo command, long mark, int units, Exception failure)
    {
        _server.Effects.AbandonUnits(units);
        session.Reply.Output.Truncate(mark);
        session.Reply.Error($"ERR internal error in '{command.LowerName}': {failure.GetType().Name}: {failure.Message}");
        if (session.Connection is { } connection) connection.CloseAfterReply = true;
    }

    private void Run(Session session, CommandInfo command, in Arguments args)
    {
        RunIn(_server.IsBusy || IsReplaying ? _aside : _x, session, command, in args);
    }

    private void RunIn(Execution x, Session session, CommandInfo command, in Arguments args)
    {
        var start = new CommandStart(_watch.Now, session.Reply.Output.Written);
        x.Begin(session, command, in args);
        Session client = session.Caller ?? session;
        client.HasMetData |= TellsOfData(session, command) && !(Unstored.AreAsked && Unstored.AreSparedBy(command, in args));
        _server.Effects.BeginUnit();
        command.Handler(x);
        if (client.Tracking is not null && command.Has(Flags.ReadOnly)) _server.Tracking.Remember(client, command, in args);
        // EXEC has run other commands through the same object; what they changed and hid is theirs.
        RedactedArguments redacted = default;
        if (ReferenceEquals(x.Command, command))
        {
            x.LogEffects();
            redacted = x.Redacted;
        }
        _server.PubSub.FlushFields();
        // What a script has caused is written when it has ended, and not by what runs in its midst.
        if (session.Caller is null && !_server.IsBusy) _server.Feed.Flush();
        _server.Effects.EndUnit();
        bool hasFailed = session.HasUncountedErrors;
        if (hasFailed) CountErrors(session);
        if (session.IsBlocked) _watch.HasBlocked(session, command, in args);
        else if (session.Kind != SessionKind.Internal) _watch.HasRun(session, command, in args, redacted, start, hasFailed);
    }

    /// <summary>Counts the error that was replied since the last one that was counted: those of queued commands are not EXEC's.</summary>
    private void CountErrors(Session session)
    {
        if (session.HasCountedError) session.HasCountedError = false;
        else _server.Stats.CountError(session.Reply.LastErrorCode);
        session.ErrorsCounted = session.Reply.ErrorCount;
    }

    /// <summary>
    /// All do but those of a connection and of the server: while nothing can be stored, they answer, as refusals do. That
    /// INFO counts keys is not worth its silence.
    /// </summary>
    private static bool TellsOfData(Session session, CommandInfo command) => command.Declaration.Group switch
    {
        Group.Connection or Group.Server => command.Has(Flags.Write | Flags.ReadOnly | Flags.WholeKeyspace),
        Group.Transactions => command.Name == "EXEC" && !session.Transaction.HasErrors,
        _ => true,
    };

    /// <summary>What waits for EXEC counts as input that waits, as in Redis since 7.4: who has too much of both is cut off.</summary>
    private void Queue(Session session, CommandInfo command, in Arguments args)
    {
        session.Transaction.Queue(command, in args);
        session.Reply.Simple("QUEUED"u8);
        if (session.Connection is not { } connection) return;
        if (session.Transaction.QueuedBytes + connection.Reader.PendingBytes <= _server.Settings.ClientQueryBufferBytesMax) return;
        _server.Stats.Traffic.CountOverfull();
        session.CutOff();
    }

    private bool TryResolve(Session session, in Arguments args, [NotNullWhen(true)] out CommandInfo? command)
    {
        if (TryFind(session, in args, out command))
        {
            Debug.Assert(command is not null);
            session.LastCommand = command;
            return true;
        }
        session.LastCommand = null;
        if (command is not null) session.Reply.Error(UnknownSubcommand(in args));
        else if (session.Connection is { } connection && IsHttp(in args)) connection.Abort();
        else session.Reply.Error(UnknownCommand(in args));
        return false;
    }

    /// <summary>A log that another server wrote may hold the names that it was given: they are tried after the own ones.</summary>
    private bool TryFind(Session session, in Arguments args, out CommandInfo? command)
    {
        CommandTable commands = _server.Commands;
        if (session.UsesOwnNames && commands.Original is { } original && original.TryFind(in args, out command)) return true;
        return commands.TryFind(in args, out command);
    }

    private static bool MayLackArguments(Session session, CommandInfo command, in Arguments args) =>
        args.Count == 1 && (session.Lenience & command.Declaration.TakesNothing) != 0;

    /// <summary>
    /// A browser was made to speak HTTP to this port: nothing of what it sends may run. As redis-server does, the
    /// connection is closed without a word.
    /// </summary>
    private static bool IsHttp(in Arguments args) =>
        Ascii.EqualsIgnoreCase(args[0], "POST"u8) || Ascii.EqualsIgnoreCase(args[0], "HOST:"u8);

    /// <summary>Of the name, and of the arguments together.</summary>
    private const int QuotedBytesMax = 128;

    private static string UnknownCommand(in Arguments args)
    {
        var quoted = new StringBuilder();
        for (int i = 1; i < args.Count && quoted.Length < QuotedBytesMax; i++)
        {
            int room = QuotedBytesMax - quoted.Length;
            quoted.Append('\'').Append(PrintedText.Of(args[i], room)).Append("' ");
        }
        return $"ERR unknown command '{PrintedText.Of(args[0], QuotedBytesMax)}', with args beginning with: {quoted}";
    }

    private static string UnknownSubcommand(in Arguments args) =>
        $"ERR unknown subcommand '{PrintedText.Of(args[1], QuotedBytesMax)}'. Try {PrintedText.Of(args[0], QuotedBytesMax).ToUpperInvariant()} HELP.";
}
