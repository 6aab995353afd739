using Galley.Resp.Protocol;

namespace Galley.Store.Commands;

/// <content>
/// Commands that wait. A handler that finds nothing calls <see cref="Block"/> and returns without a reply:
/// <code>
///   if (!x.TryTimeout(x.Args.Count - 1, out long timeoutMs)) return;      guard
///   for (int i = first; i &lt; end; i++) ...                                 act: reply with what the first key has, and return
///   x.Block(new BlockingTerms
///   {
///       FirstKey = 1, KeyCount = x.Args.Count - 2, Type = KeyType.List, TimeoutMs = timeoutMs,
///       TimeoutReply = static x => x.Reply.NullArray(),
///   });
/// </code>
/// When one of the keys has been told of (<see cref="Changed"/>) and holds that type, the same handler runs again for the
/// client, with <see cref="IsRetry"/> set and <see cref="ReadyKey"/> naming the key: it replies, and the client goes on;
/// or it finds nothing and calls <see cref="Block"/> again, which leaves it where it stands in the queue. As in
/// redis-server a retry serves from the ready key alone, whatever the other keys have got meanwhile. Effects are told as
/// always, and in words that do not block: <c>x.Effect(2).Word("LPOP"u8).Word(key.Name)</c>.
/// </content>
public sealed partial class Execution
{
    private bool _staysBlocked;

    /// <summary>The command was blocked, and runs again.</summary>
    public bool IsRetry { get; private set; }

    /// <summary>The argument that is the key for which a retry runs; 0 on the first run, and where no key ended the wait.</summary>
    public int ReadyKey { get; private set; }

    /// <summary>When a retry that found nothing would run again by itself; 0: it would not.</summary>
    internal long NextRetryAtMs { get; private set; }

    /// <summary>The client may be kept waiting: it runs neither a transaction nor a script.</summary>
    public bool MayBlock => !Session.DeniesBlocking && !Session.Transaction.IsRunning;

    /// <summary>
    /// Keeps the client waiting on these terms. In MULTI and in a script nobody waits, nor who was interrupted: the reply is
    /// that of the timeout.
    /// </summary>
    public void Block(in BlockingTerms terms)
    {
        if (IsRetry)
        {
            _staysBlocked = true;
            NextRetryAtMs = terms.RetryAtMs;
            return;
        }
        if (!MayBlock || Session.IsInterrupted)
        {
            Session.IsInterrupted = false;
            terms.TimeoutReply(this);
            return;
        }
        long dueMs = terms.TimeoutMs == 0 || terms.TimeoutMs > long.MaxValue - NowMs ? long.MaxValue : NowMs + terms.TimeoutMs;
        var blocked = new BlockedCommand(Session, Command, terms.Retry ?? _args.Copy(), in terms, dueMs);
        if (Server.Blocking.Add(blocked)) Server.Control.LookEarlier();
    }

    /// <summary>
    /// Reads a timeout in seconds, with a fraction if need be, as milliseconds rounded up; 0 is for ever. Replies with an
    /// error and returns false where it is none, or negative.
    /// </summary>
    public bool TryTimeout(int argument, out long timeoutMs)
    {
        timeoutMs = 0;
        // redis-server reads a long double: what overflows a double is still a number there.
        if (!LongDouble.TryParse(_args[argument], out _))
        {
            Reply.Error("ERR timeout is not a float or out of range"u8);
            return false;
        }
        // Whole seconds may be more than a double holds exactly.
        if (Numbers.TryParseInt64(_args[argument], out long whole))
        {
            if (whole is < 0 or > long.MaxValue / 1000) return RefuseNegativeTimeout();
            timeoutMs = whole * 1000;
            return true;
        }
        double milliseconds = Numbers.TryParseDouble(_args[argument], out double seconds) ? Math.Ceiling(seconds * 1000) : double.PositiveInfinity;
        // What no integer holds comes out of its conversion as the smallest one, which is negative.
        if (milliseconds < 0 || milliseconds >= long.MaxValue) return RefuseNegativeTimeout();
        timeoutMs = (long)milliseconds;
        return true;
    }

    /// <summary>Reads a timeout in whole milliseconds; 0 is for ever. Replies with an error and returns false where it is none.</summary>
    public bool TryTimeoutMs(int argument, out long timeoutMs)
    {
        if (!TryInteger(argument, out timeoutMs, "ERR timeout is not an integer or out of range"u8)) return false;
        return timeoutMs >= 0 || RefuseNegativeTimeout();
    }

    /// <summary>Begins a blocked command anew.</summary>
    internal void BeginRetry(BlockedCommand blocked, int readyKey)
    {
        Begin(blocked.Session, blocked.Command, blocked.Arguments);
        IsRetry = true;
        ReadyKey = readyKey;
        _staysBlocked = false;
        NextRetryAtMs = 0;
    }

    /// <summary>Ends it: true when it has found nothing, and the client waits on.</summary>
    internal bool EndRetry()
    {
        IsRetry = false;
        ReadyKey = 0;
        return _staysBlocked;
    }

    private bool RefuseNegativeTimeout()
    {
        Reply.Error("ERR timeout is negative"u8);
        return false;
    }
}
