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
    /// <summary>Arguments of an entry; where a command has more, the last one says how many are left out.</summary>
    private const int ArgumentsMax = 32;

    /// <summary>Bytes of an argument before the words that say how many are left out.</summary>
    private const int ArgumentBytesMax = 128;

    private readonly LinkedList<SlowLogEntry> _entries = [];
    private long _nextId;

    public int Count => _entries.Count;

    /// <summary>The entries, the newest first.</summary>
    public IEnumerable<SlowLogEntry> Entries => _entries;

    /// <summary>Notes a command; older entries beyond <paramref name="entriesMax"/> go.</summary>
    /// <param name="timeSeconds">When it ended, since 1970.</param>
    /// <param name="microseconds">How long it took.</param>
    /// <param name="redacted">Which of its arguments are secret.</param>
    /// <param name="entriesMax"><c>slowlog-max-len</c>.</param>
    public void Add(
        long timeSeconds, long microseconds, in Arguments args, RedactedArguments redacted, string address, byte[] clientName,
        long entriesMax)
    {
        _entries.AddFirst(new SlowLogEntry(_nextId++, timeSeconds, microseconds, Trim(in args, redacted), address, clientName));
        Bound(entriesMax);
    }

    /// <summary>Forgets the oldest entries beyond so many.</summary>
    public void Bound(long entriesMax)
    {
        while (_entries.Count > entriesMax) _entries.RemoveLast();
    }

    public void Reset() => _entries.Clear();

    private static byte[][] Trim(in Arguments args, RedactedArguments redacted)
    {
        var kept = new byte[Math.Min(args.Count, ArgumentsMax)][];
        for (int i = 0; i < kept.Length; i++)
            kept[i] = redacted.Contains(i) ? RedactedArguments.Text.ToArray() : Trim(args[i]);
        if (args.Count > ArgumentsMax)
            kept[^1] = Words($"... ({args.Count - ArgumentsMax + 1} more arguments)");
        return kept;
    }

    private static byte[] Trim(ReadOnlySpan<byte> argument)
    {
        if (argument.Length <= ArgumentBytesMax) return argument.ToArray();
        return [.. argument[..ArgumentBytesMax], .. Words($"... ({argument.Length - ArgumentBytesMax} more bytes)")];
    }

    private static byte[] Words(FormattableString text) => Encoding.ASCII.GetBytes(text.ToString(CultureInfo.InvariantCulture));
}

/// <param name="Id">Rises by one with each entry for the life of the process.</param>
/// <param name="TimeSeconds">When the command ended, since 1970.</param>
/// <param name="Microseconds">How long it took.</param>
/// <param name="Arguments">Its words, trimmed.</param>
/// <param name="Address">The client's address.</param>
/// <param name="ClientName">The name that the client had then, or empty.</param>
public sealed record SlowLogEntry(
    long Id, long TimeSeconds, long Microseconds, byte[][] Arguments, string Address, byte[] ClientName);
