using Galley.Resp.Protocol;
using Galley.Store.Types;

namespace Galley.Store.Commands.Streams;

/// <summary>The words of XCLAIM behind its first identifier.</summary>
internal struct ClaimOptions
{
    /// <summary>The argument that is the first identifier.</summary>
    public const int FirstId = 5;

    public int IdCount { get; private set; }

    /// <summary>When the entries count as delivered, in milliseconds since 1970.</summary>
    public long DeliveredAtMs { get; private set; }

    /// <summary>How often they count as delivered, -1: once more than before.</summary>
    public long RetryCount { get; private set; }

    /// <summary>FORCE: entries that are not pending become so.</summary>
    public bool IsForced { get; private set; }

    /// <summary>JUSTID: identifiers are replied, and nothing is delivered.</summary>
    public bool IsJustId { get; private set; }

    public StreamId LastId { get; private set; }

    /// <summary>Reads the words, or replies with an error.</summary>
    public static bool TryRead(Execution x, out ClaimOptions options)
    {
        options = new ClaimOptions { RetryCount = -1, DeliveredAtMs = -1 };
        int at = FirstId;
        // The first word is an identifier, or at once an option.
        while (at < x.Args.Count && StreamId.TryParse(x.Args[at], 0, out _)) at++;
        options.IdCount = at - FirstId;
        for (; at < x.Args.Count; at++)
            if (!options.TryReadOption(x, ref at)) return false;
        if (options.DeliveredAtMs < 0 || options.DeliveredAtMs > x.NowMs) options.DeliveredAtMs = x.NowMs;
        return true;
    }

    private bool TryReadOption(Execution x, ref int at)
    {
        bool hasMore = at + 1 < x.Args.Count;
        if (x.Is(at, "FORCE"u8)) IsForced = true;
        else if (x.Is(at, "JUSTID"u8)) IsJustId = true;
        else if (hasMore && x.Is(at, "IDLE"u8))
        {
            if (!x.TryInteger(++at, out long idleMs, "ERR Invalid IDLE option argument for XCLAIM"u8)) return false;
            DeliveredAtMs = unchecked(x.NowMs - idleMs);
        }
        else if (hasMore && x.Is(at, "TIME"u8))
        {
            if (!x.TryInteger(++at, out long timeMs, "ERR Invalid TIME option argument for XCLAIM"u8)) return false;
            DeliveredAtMs = timeMs;
        }
        else if (hasMore && x.Is(at, "RETRYCOUNT"u8))
        {
            if (!x.TryInteger(++at, out long count, "ERR Invalid RETRYCOUNT option argument for XCLAIM"u8)) return false;
            RetryCount = count;
        }
        else if (hasMore && x.Is(at, "LASTID"u8))
        {
            if (!StreamArgument.TryId(x, ++at, out StreamId id)) return false;
            LastId = id;
        }
        else
        {
            x.Reply.Error($"ERR Unrecognized XCLAIM option '{PrintedText.Of(x.Args[at])}'");
            return false;
        }
        return true;
    }
}
