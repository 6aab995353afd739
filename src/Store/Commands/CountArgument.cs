using Galley.Resp.Protocol;

namespace Galley.Store.Commands;

/// <summary>Counts as commands take them, with the errors that redis-server has for each.</summary>
internal static class CountArgument
{
    /// <summary>How many to take: no number below 0.</summary>
    public static bool TryReadPositive(Execution x, int argument, out long count)
    {
        if (Numbers.TryParseInt64(x.Args[argument], out count) && count >= 0) return true;
        x.Reply.Error(Errors.MustBePositive);
        return false;
    }

    /// <summary>A number from 1 on, or replies with this error whatever is wrong.</summary>
    public static bool TryReadFromOne(Execution x, int argument, ReadOnlySpan<byte> error, out long count)
    {
        if (Numbers.TryParseInt64(x.Args[argument], out count) && count >= 1) return true;
        x.Reply.Error(error);
        return false;
    }

    /// <summary>
    /// The number of keys that stand behind it, after which at least so many words more must come; or replies with an error.
    /// </summary>
    public static bool TryReadKeys(Execution x, int argument, int wordsAfter, out int keys)
    {
        keys = 0;
        if (!TryReadFromOne(x, argument, Errors.NumKeys, out long count)) return false;
        if (count > x.Args.Count - argument - 1 - wordsAfter)
        {
            x.Reply.Error(Errors.Syntax);
            return false;
        }
        keys = (int)count;
        return true;
    }
}
