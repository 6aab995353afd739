using Galley.Resp.Protocol;
using Galley.Store.Keyspace;
using Galley.Store.Types;

namespace Galley.Store.Commands.Bitmaps;

/// <summary>What the commands on bits ask of their arguments.</summary>
internal static class BitArgument
{
    /// <summary>An offset within the longest string that may be, or replies that it is none.</summary>
    public static bool TryReadOffset(Execution x, int argument, out long offset) =>
        Numbers.TryParseInt64(x.Args[argument], out offset) && IsWithin(x, offset) || Refuse(x);

    /// <summary>As <see cref="TryReadOffset"/>, where <c>#3</c> is the fourth field of this width.</summary>
    public static bool TryReadFieldOffset(Execution x, int argument, int fieldBits, out long offset)
    {
        ReadOnlySpan<byte> text = x.Args[argument];
        if (text.IsEmpty || text[0] != '#') return TryReadOffset(x, argument, out offset);
        bool isValid = Numbers.TryParseInt64(text[1..], out offset) && offset <= long.MaxValue / fieldBits;
        if (isValid) offset *= fieldBits;
        return isValid && IsWithin(x, offset) || Refuse(x);
    }

    /// <summary>BIT or BYTE, or replies with a syntax error.</summary>
    public static bool TryReadUnit(Execution x, int argument, out bool inBits)
    {
        inBits = x.Is(argument, "BIT"u8);
        if (inBits || x.Is(argument, "BYTE"u8)) return true;
        x.Reply.Error(Errors.Syntax);
        return false;
    }

    /// <summary>Opens a key that holds a string or is absent, or replies with WRONGTYPE.</summary>
    public static bool TryRead(Execution x, int argument, out Key key) => x.TryRead(argument, KeyType.String, out key);

    /// <summary>As <see cref="TryRead"/>, to be changed.</summary>
    public static bool TryWrite(Execution x, int argument, out Key key) => x.TryWrite(argument, KeyType.String, out key);

    private static bool IsWithin(Execution x, long offset) =>
        offset >= 0 && offset / BitString.BitsPerByte < StringLength.Max(x);

    private static bool Refuse(Execution x)
    {
        x.Reply.Error("ERR bit offset is not an integer or out of range"u8);
        return false;
    }
}
