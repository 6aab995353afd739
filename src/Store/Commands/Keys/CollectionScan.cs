using Galley.Resp.Protocol;
using Galley.Store.Types;

namespace Galley.Store.Commands;

/// <summary>What HSCAN, SSCAN and ZSCAN have in common: a key, a cursor and the options behind it.</summary>
internal ref struct CollectionScan
{
    private const int FirstOption = 3;
    private const int CountDefault = 10;

    public ulong Cursor;
    public int Count;
    public ReadOnlySpan<byte> Pattern;

    /// <summary>Without the values of fields, or the scores of members.</summary>
    public bool NamesOnly;

    /// <summary>Reads the cursor, or replies with an error.</summary>
    public static bool TryReadCursor(Execution x, out CollectionScan scan)
    {
        scan = new CollectionScan { Count = CountDefault, Pattern = "*"u8 };
        if (ScanCursor.TryParse(x.Args[2], out scan.Cursor)) return true;
        x.Reply.Error(Errors.InvalidCursor);
        return false;
    }

    /// <summary>Reads the options, or replies with an error. As in redis-server, only once the key is known to be there.</summary>
    /// <param name="namesOnly">The word that leaves the values out, or nothing where there is none.</param>
    public bool TryReadOptions(Execution x, ReadOnlySpan<byte> namesOnly = default)
    {
        for (int i = FirstOption; i < x.Args.Count; i++)
        {
            bool hasValue = i + 1 < x.Args.Count;
            if (hasValue && x.Is(i, "COUNT"u8))
            {
                if (!x.TryInteger(++i, out long count)) return false;
                if (count < 1) return RefuseSyntax(x);
                Count = (int)Math.Min(count, int.MaxValue);
            }
            else if (hasValue && x.Is(i, "MATCH"u8)) Pattern = x.Args[++i];
            else if (!namesOnly.IsEmpty && x.Is(i, namesOnly)) NamesOnly = true;
            else return RefuseSyntax(x);
        }
        return true;
    }

    public readonly bool Accepts(ReadOnlySpan<byte> name) => Pattern is [(byte)'*'] || Glob.IsMatch(Pattern, name);

    /// <summary>Replies with where the walk goes on, and so many words of the output, which is used up.</summary>
    public static void Reply(Execution x, ulong cursor, int words, OutputBuffer output)
    {
        x.Reply.Array(2);
        ScanCursor.Write(x.Reply, cursor);
        x.Reply.Array(words);
        foreach (ReadOnlyMemory<byte> piece in output.Drain()) x.Reply.Raw(piece.Span);
    }

    /// <summary>The reply of an absent key.</summary>
    public static void ReplyEmpty(Execution x)
    {
        x.Reply.Array(2);
        ScanCursor.Write(x.Reply, 0);
        x.Reply.Array(0);
    }

    private static bool RefuseSyntax(Execution x)
    {
        x.Reply.Error(Errors.Syntax);
        return false;
    }
}
