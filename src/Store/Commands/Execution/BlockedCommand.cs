using Galley.Resp.Protocol;

namespace Galley.Store.Commands;

/// <summary>A command that waits, and keeps its client waiting with it. It has a place in the queue of each of its keys.</summary>
public sealed class BlockedCommand
{
    internal BlockedCommand(Session session, CommandInfo command, in Arguments arguments, in BlockingTerms terms, long givesUpAtMs)
    {
        Session = session;
        Command = command;
        Arguments = arguments;
        Terms = terms;
        GivesUpAtMs = givesUpAtMs;
        SetRetry(terms.RetryAtMs);
    }

    public Session Session { get; }

    public CommandInfo Command { get; }

    /// <summary>The words by which it runs again.</summary>
    public Arguments Arguments { get; }

    public BlockingTerms Terms { get; }

    /// <summary>When it gives up, in milliseconds since 1970; <see cref="long.MaxValue"/>: never.</summary>
    public long GivesUpAtMs { get; }

    /// <summary>When it gives up or, before that, runs again by itself.</summary>
    public long DueMs { get; private set; }

    /// <summary>Its index in <see cref="TimeoutHeap"/>, or -1.</summary>
    internal int HeapIndex { get; set; } = -1;

    /// <summary>Of two with the same due time the one that came first gives up first.</summary>
    internal long Sequence { get; set; }

    /// <summary>Where it stands in the queues of its keys.</summary>
    internal List<LinkedListNode<WaitingPlace>> Places { get; } = [];

    /// <summary>It runs again at this time by itself; 0: it does not. It must not stand among those that wait for a time.</summary>
    internal void SetRetry(long retryAtMs) => DueMs = retryAtMs > 0 ? Math.Min(retryAtMs, GivesUpAtMs) : GivesUpAtMs;

    /// <summary>It has not begun: a pause holds it back.</summary>
    public bool IsPostponed => PausePlace is not null;

    /// <summary>Where it stands among those that wait for the end of a pause, or null.</summary>
    internal LinkedListNode<BlockedCommand>? PausePlace { get; set; }

    /// <summary>Where it stands among those that wait for the disk, or null.</summary>
    internal LinkedListNode<BlockedCommand>? StoragePlace { get; set; }
}

/// <summary>A place in the queue of a key.</summary>
/// <param name="Argument">Which argument of the command is the key.</param>
internal readonly record struct WaitingPlace(KeyQueue Queue, BlockedCommand Blocked, int Argument);

/// <summary>The clients that wait for one key, in the order in which they came.</summary>
internal sealed class KeyQueue(int database, byte[] key)
{
    public int Database { get; } = database;

    public byte[] Key { get; } = key;

    public LinkedList<WaitingPlace> Places { get; } = [];

    /// <summary>How many of them are also woken when the key is gone.</summary>
    public int WakingWhenGone { get; set; }

    /// <summary>Something has happened to the key, and the queue has not been looked at since.</summary>
    public bool IsReady { get; set; }
}
