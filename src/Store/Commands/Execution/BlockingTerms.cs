using Galley.Resp.Protocol;
using Galley.Store.Keyspace;

namespace Galley.Store.Commands;

/// <summary>On what terms a command blocks its client: what ends the wait, and what is replied when nothing did.</summary>
public readonly record struct BlockingTerms
{
    /// <summary>The argument that is the first of the keys waited for, and how many keys follow each other there; none: no key ends the wait.</summary>
    public int FirstKey { get; init; }

    public int KeyCount { get; init; }

    /// <summary>A key ends the wait only while it holds this type; of another type it is as if it were absent.</summary>
    public KeyType Type { get; init; }

    /// <summary>
    /// The command also runs again when one of the keys was deleted, or holds another type (XREADGROUP, whose group went
    /// with the key).
    /// </summary>
    public bool WakesWhenGone { get; init; }

    /// <summary>The command also runs again when the log of effects is durable on this machine up to here; 0: it does not.</summary>
    public long DurableOffset { get; init; }

    /// <summary>How long, in milliseconds; 0: until something else ends the wait.</summary>
    public long TimeoutMs { get; init; }

    /// <summary>
    /// The command also runs again at this time, in milliseconds since 1970, if it waits still (XREADGROUP, whose pending
    /// entries have then lain long enough); 0: it does not. A retry that finds nothing gives the next such time.
    /// </summary>
    public long RetryAtMs { get; init; }

    /// <summary>Replies when the time is over, and at once where a client must not block (in MULTI, in a script).</summary>
    public required CommandHandler TimeoutReply { get; init; }

    /// <summary>
    /// The words of the command that runs again, where they are not those that came (XREAD's <c>$</c> is what it was at
    /// the time). The keys have the same places in them. They must own their bytes.
    /// </summary>
    public Arguments? Retry { get; init; }
}
