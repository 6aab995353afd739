using System.Globalization;
using System.Text;
using Galley.Resp.Protocol;

namespace Galley.Store.Observability;

/// <summary>What a command can have too much of; for each there is a log.</summary>
public enum CommandLogKind : byte
{
    Slow,
    LargeRequest,
    LargeReply,
}

/// <summary>
/// The latest commands that took longer, or whose request or reply was larger, than a setting allows: SLOWLOG and
/// COMMANDLOG show them. In memory alone. What an entry may hold is bounded: its first arguments, and of each its first
/// bytes. Written and read under the gate.
/// </summary>
public sealed class CommandLog
{
    private readonly LinkedList<CommandLogEntry> _entries = [];
    private long _nextId;

    /// <summary>What it may hold; older entries beyond that go at once.</summary>
    public CommandLogBounds Bounds
    {
        get;
        set
        {
            field = value;
            DropOldest();
        }
    }

    public int Count => _entries.Count;

    /// <summary>The entries, the newest first.</summary>
    public IEnumerable<CommandLogEntry> Entries => _entries;

    /// <summary>Notes a command; older entries beyond the bound go.</summary>
    /// <param name="timeSeconds">When it ended, since 1970.</param>
    /// <param name="amount">What there was too much of: microseconds in the log of slow ones, bytes in the others.</param>
    /// <param name="redacted">Which of its arguments are secret.</param>
    public void Add(
        long timeSeconds, long amount, in Arguments args, RedactedArguments redacted, string address, byte[] clientName)
    {
        _entries.AddFirst(new CommandLogEntry(_nextId++, timeSeconds, amount, Trim(in args, redacted), address, clientName));
        DropOldest();
    }

    public void Reset() => _entries.Clear();

    private void DropOldest()
    {
        while (_entries.Count > Bounds.Entries) _entries.RemoveLast();
    }

    private byte[][] Trim(in Arguments args, RedactedArguments redacted)
    {
        int argumentsMax = Bounds.Arguments;
        var kept = new byte[Math.Min(args.Count, argumentsMax)][];
        for (int i = 0; i < kept.Length; i++)
            kept[i] = redacted.Contains(i) ? RedactedArguments.Text.ToArray() : Trim(args[i]);
        if (args.Count > argumentsMax)
            kept[^1] = Words($"... ({args.Count - argumentsMax + 1} more arguments)");
        return kept;
    }

    private byte[] Trim(ReadOnlySpan<byte> argument)
    {
        var kept = (int)Math.Min(Bounds.ArgumentBytes, argument.Length);
        if (argument.Length == kept) return argument.ToArray();
        return [.. argument[..kept], .. Words($"... ({argument.Length - kept} more bytes)")];
    }

    private static byte[] Words(FormattableString text) => Encoding.ASCII.GetBytes(text.ToString(CultureInfo.InvariantCulture));
}

/// <param name="Entries"><c>slowlog-max-len</c>, and <c>commandlog-large-request-max-len</c> and its like.</param>
/// <param name="Arguments"><c>slowlog-entry-max-argc</c>; where a command has more, the last one kept says how many are left out.</param>
/// <param name="ArgumentBytes"><c>slowlog-entry-max-string-len</c>: bytes of an argument before the words that say how many are left out.</param>
public readonly record struct CommandLogBounds(long Entries, int Arguments, long ArgumentBytes);

/// <param name="Id">Rises by one with each entry of the log for the life of the process.</param>
/// <param name="TimeSeconds">When the command ended, since 1970.</param>
/// <param name="Amount">How long it took in microseconds; of a large request or reply its bytes.</param>
/// <param name="Arguments">Its words, trimmed.</param>
/// <param name="Address">The client's address.</param>
/// <param name="ClientName">The name that the client had then, or empty.</param>
public sealed record CommandLogEntry(
    long Id, long TimeSeconds, long Amount, byte[][] Arguments, string Address, byte[] ClientName);
