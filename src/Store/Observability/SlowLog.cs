using System.Globalization;
using System.Text;
using Galley.Resp.Protocol;

namespace Galley.Store.Observability;

/// <summary>
/// The latest commands that took longer than <c>slowlog-log-slower-than</c>, in memory alone. What an entry may hold is
/// bounded: its first arguments, and of each its first bytes. Written and read under the gate.
/// </summary>
public sealed class SlowLog
{
    private readonly LinkedList<SlowLogEntry> _entries = [];
    private long _nextId;

    /// <summary>What it may hold; older entries beyond that go at once.</summary>
    public SlowLogBounds Bounds
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
    public IEnumerable<SlowLogEntry> Entries => _entries;

    /// <summary>Notes a command; older entries beyond the bound go.</summary>
    /// <param name="timeSeconds">When it ended, since 1970.</param>
    /// <param name="microseconds">How long it took.</param>
    /// <param name="redacted">Which of its arguments are secret.</param>
    public void Add(
        long timeSeconds, long microseconds, in Arguments args, RedactedArguments redacted, string address, byte[] clientName)
    {
        _entries.AddFirst(new SlowLogEntry(_nextId++, timeSeconds, microseconds, Trim(in args, redacted), address, clientName));
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

/// <param name="Entries"><c>slowlog-max-len</c>.</param>
/// <param name="Arguments"><c>slowlog-entry-max-argc</c>; where a command has more, the last one kept says how many are left out.</param>
/// <param name="ArgumentBytes"><c>slowlog-entry-max-string-len</c>: bytes of an argument before the words that say how many are left out.</param>
public readonly record struct SlowLogBounds(long Entries, int Arguments, long ArgumentBytes);

/// <param name="Id">Rises by one with each entry for the life of the process.</param>
/// <param name="TimeSeconds">When the command ended, since 1970.</param>
/// <param name="Microseconds">How long it took.</param>
/// <param name="Arguments">Its words, trimmed.</param>
/// <param name="Address">The client's address.</param>
/// <param name="ClientName">The name that the client had then, or empty.</param>
public sealed record SlowLogEntry(
    long Id, long TimeSeconds, long Microseconds, byte[][] Arguments, string Address, byte[] ClientName);
