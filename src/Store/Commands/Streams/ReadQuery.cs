using Galley.Store.Types;

namespace Galley.Store.Commands.Streams;

/// <summary>The words of XREAD and XREADGROUP.</summary>
internal struct ReadQuery
{
    /// <summary>It is XREADGROUP.</summary>
    public bool IsOfGroup { get; private init; }

    /// <summary>The argument that is the group's name; the consumer's follows.</summary>
    public int GroupAt { get; private set; }

    /// <summary>Entries of each stream, 0: all.</summary>
    public long Count { get; private set; }

    /// <summary>Entries of all streams together, 0: all.</summary>
    public long CountOfAll { get; private set; }

    /// <summary>Bytes of fields and values of all streams together, 0: any number; the first entry is given in any case.</summary>
    public long BytesOfAll { get; private set; }

    /// <summary>How long to wait, in milliseconds, 0: for ever; -1: it does not wait.</summary>
    public long TimeoutMs { get; private set; }

    /// <summary>NOACK: what is read does not become pending.</summary>
    public bool IsAcknowledged { get; private set; }

    /// <summary>CLAIM: pending entries that nobody has touched for so long, in milliseconds, come first; -1: none.</summary>
    public long ClaimIdleMs { get; private set; }

    /// <summary>The argument that is the first key; the identifiers follow the keys.</summary>
    public int FirstKey { get; private set; }

    public int KeyCount { get; private set; }

    /// <summary>Reads the words up to the keys, or replies with an error.</summary>
    public static bool TryRead(Execution x, bool isOfGroup, out ReadQuery query)
    {
        query = new ReadQuery { IsOfGroup = isOfGroup, TimeoutMs = -1, ClaimIdleMs = -1 };
        for (int i = 1; query.FirstKey == 0; i++)
        {
            if (i == x.Args.Count) return Refuse(x, Errors.Syntax);
            if (!query.TryReadOption(x, ref i)) return false;
        }
        if (query.CountOfAll > 0 && query.Count > query.CountOfAll) return Refuse(x, "ERR COUNT must not be greater than MAXCOUNT"u8);
        return !isOfGroup || query.GroupAt > 0 || Refuse(x, "ERR Missing GROUP option for XREADGROUP"u8);
    }

    private bool TryReadOption(Execution x, ref int at)
    {
        int more = x.Args.Count - at - 1;
        if (more >= 1 && x.Is(at, "BLOCK"u8))
        {
            if (x.Session.Caller is not null)
            {
                x.Reply.Error($"ERR {x.CommandName} command is not allowed with BLOCK option from scripts");
                return false;
            }
            if (!x.TryTimeoutMs(++at, out long timeoutMs)) return false;
            TimeoutMs = timeoutMs;
        }
        else if (more >= 1 && x.Is(at, "COUNT"u8))
        {
            if (!x.TryInteger(++at, out long count)) return false;
            Count = Math.Max(count, 0);
        }
        else if (more >= 1 && x.Is(at, "STREAMS"u8)) return TryReadStreams(x, at + 1);
        else if (more >= 2 && x.Is(at, "GROUP"u8))
        {
            if (!IsOfGroup) return RefuseOfGroup(x, "GROUP");
            GroupAt = at + 1;
            at += 2;
        }
        else if (x.Is(at, "NOACK"u8))
        {
            if (!IsOfGroup) return RefuseOfGroup(x, "NOACK");
            IsAcknowledged = true;
        }
        else return TryReadNewerOption(x, ref at, more);
        return true;
    }

    private bool TryReadNewerOption(Execution x, ref int at, int more)
    {
        if (more >= 1 && x.Is(at, "CLAIM"u8))
        {
            if (!IsOfGroup) return RefuseOfGroup(x, "CLAIM");
            if (!x.TryNotNegative(++at, "ERR min-idle-time must be a positive integer"u8, out long idleMs)) return false;
            ClaimIdleMs = idleMs;
        }
        else if (more >= 1 && x.Is(at, "MAXCOUNT"u8))
        {
            if (!CountArgument.TryReadFromOne(x, ++at, "ERR MAXCOUNT must be a positive integer"u8, out long count)) return false;
            CountOfAll = count;
        }
        else if (more >= 1 && x.Is(at, "MAXSIZE"u8))
        {
            if (!CountArgument.TryReadFromOne(x, ++at, "ERR MAXSIZE must be a positive integer"u8, out long bytes)) return false;
            BytesOfAll = bytes;
        }
        else return Refuse(x, Errors.Syntax);
        return true;
    }

    private bool TryReadStreams(Execution x, int firstKey)
    {
        int words = x.Args.Count - firstKey;
        if (words % 2 != 0)
            return Refuse(x, "ERR Unbalanced XREAD list of streams: for each stream key an ID or '$' must be specified."u8);
        (FirstKey, KeyCount) = (firstKey, words / 2);
        return true;
    }

    private static bool RefuseOfGroup(Execution x, string option)
    {
        x.Reply.Error($"ERR The {option} option is only supported by XREADGROUP. You called XREAD instead.");
        return false;
    }

    private static bool Refuse(Execution x, ReadOnlySpan<byte> error)
    {
        x.Reply.Error(error);
        return false;
    }
}

/// <summary>What is left of the limits on entries and bytes while several streams are read.</summary>
internal struct ReadBudget(long entries, long bytes)
{
    private readonly bool _hasEntries = entries > 0;
    private readonly bool _hasBytes = bytes > 0;
    private long _entries = entries;
    private long _bytes = bytes;
    private bool _hasRead;

    /// <summary>Another entry may be read: the first always may.</summary>
    public readonly bool Allows(in StreamEntry entry) =>
        (!_hasEntries || _entries > 0) && (!_hasBytes || !_hasRead || entry.TextBytes <= _bytes);

    /// <summary>No entry may be read any more.</summary>
    public readonly bool IsSpent => (_hasEntries && _entries <= 0) || (_hasBytes && _hasRead && _bytes <= 0);

    public void Take(in StreamEntry entry)
    {
        _hasRead = true;
        if (_hasEntries) _entries--;
        if (_hasBytes) _bytes -= entry.TextBytes;
    }
}
