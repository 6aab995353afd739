using Galley.Store.Keyspace;
using Galley.Store.Types;

namespace Galley.Store.Commands.Streams;

/// <summary>What stream commands ask of their arguments.</summary>
internal static class StreamArgument
{
    public static ReadOnlySpan<byte> InvalidId => "ERR Invalid stream ID specified as stream command argument"u8;

    /// <summary>Opens the key, or replies with WRONGTYPE; it may be absent.</summary>
    public static bool TryRead(Execution x, int argument, out Key key) => x.TryRead(argument, KeyType.Stream, out key);

    /// <summary>As <see cref="TryRead"/>, to be changed.</summary>
    public static bool TryWrite(Execution x, int argument, out Key key) => x.TryWrite(argument, KeyType.Stream, out key);

    /// <summary>Reads an identifier, or replies that it is none.</summary>
    public static bool TryId(Execution x, int argument, out StreamId id, ulong missingSeq = 0)
    {
        // The ends of a range are none.
        if (x.Args[argument] is not ([(byte)'-'] or [(byte)'+']) && StreamId.TryParse(x.Args[argument], missingSeq, out id)) return true;
        id = default;
        x.Reply.Error(InvalidId);
        return false;
    }

    /// <summary>Reads so many identifiers, or replies that one is none.</summary>
    public static bool TryIds(Execution x, int first, int count, Span<StreamId> ids)
    {
        for (int i = 0; i < count; i++)
            if (!TryId(x, first + i, out ids[i])) return false;
        return true;
    }

    /// <summary>Reads where a range begins: an identifier, <c>-</c>, <c>+</c>, or after <c>(</c> one that is left out.</summary>
    public static bool TryStart(Execution x, int argument, out StreamId id)
    {
        if (!TryEnd(x, argument, 0, out id, out bool isExclusive)) return false;
        if (!isExclusive || id.TryNext(out id)) return true;
        x.Reply.Error("ERR invalid start ID for the interval"u8);
        return false;
    }

    /// <summary>Reads where a range ends.</summary>
    public static bool TryStop(Execution x, int argument, out StreamId id)
    {
        if (!TryEnd(x, argument, ulong.MaxValue, out id, out bool isExclusive)) return false;
        if (!isExclusive || id.TryPrevious(out id)) return true;
        x.Reply.Error("ERR invalid end ID for the interval"u8);
        return false;
    }

    private static bool TryEnd(Execution x, int argument, ulong missingSeq, out StreamId id, out bool isExclusive)
    {
        ReadOnlySpan<byte> text = x.Args[argument];
        isExclusive = text is [(byte)'(', _, ..];
        if (isExclusive) text = text[1..];
        id = text is [(byte)'+'] ? StreamId.Max : StreamId.Min;
        if (text is [(byte)'-'] or [(byte)'+'] ? !isExclusive : StreamId.TryParse(text, missingSeq, out id)) return true;
        x.Reply.Error(InvalidId);
        return false;
    }
}
