using Galley.Store.Keyspace;

namespace Galley.Store.Commands.Lists;

/// <summary>What list commands ask of their arguments.</summary>
internal static class ListArgument
{
    /// <summary>LEFT or RIGHT, or replies with a syntax error.</summary>
    public static bool TryReadEnd(Execution x, int argument, out bool isLeft)
    {
        isLeft = x.Is(argument, "LEFT"u8);
        if (isLeft || x.Is(argument, "RIGHT"u8)) return true;
        x.Reply.Error(Errors.Syntax);
        return false;
    }

    /// <summary>Opens the key, or replies with WRONGTYPE; it may be absent.</summary>
    public static bool TryRead(Execution x, int argument, out Key key) => x.TryRead(argument, KeyType.List, out key);

    /// <summary>As <see cref="TryRead"/>, to be changed.</summary>
    public static bool TryWrite(Execution x, int argument, out Key key) => x.TryWrite(argument, KeyType.List, out key);

    /// <summary>Turns an index that may count from the end into a position from 0 on, which may lie outside.</summary>
    public static long FromStart(long index, long count) => index >= 0 ? index : index + count;

    /// <summary>
    /// Turns the first and last index of LRANGE and LTRIM into positions within the list; false where nothing lies
    /// between them.
    /// </summary>
    public static bool TryClamp(ref long first, ref long last, long count)
    {
        first = Math.Max(FromStart(first, count), 0);
        last = Math.Min(FromStart(last, count), count - 1);
        return first <= last && first < count;
    }
}
