using Galley.Resp.Protocol;

namespace Galley.Store.Types;

/// <summary>An element of a <see cref="ListPack"/> as it is kept: an integer, or text. Valid as long as the pack is not changed.</summary>
public readonly ref struct ListPackElement
{
    private readonly ReadOnlySpan<byte> _text;

    internal ListPackElement(long integer)
    {
        Integer = integer;
        IsInteger = true;
    }

    internal ListPackElement(ReadOnlySpan<byte> text) => _text = text;

    public bool IsInteger { get; }

    /// <summary>Its value, if it is one.</summary>
    public long Integer { get; }

    /// <summary>The length of its text.</summary>
    public int Length
    {
        get
        {
            if (!IsInteger) return _text.Length;
            Span<byte> digits = stackalloc byte[Numbers.IntegerBytesMax];
            return Numbers.FormatInt64(Integer, digits);
        }
    }

    /// <summary>Its text; an integer is printed into the scratch, which has room for <see cref="Numbers.IntegerBytesMax"/>.</summary>
    public ReadOnlySpan<byte> TextIn(Span<byte> scratch) =>
        IsInteger ? scratch[..Numbers.FormatInt64(Integer, scratch)] : _text;

    /// <summary>Replies with it as a bulk string.</summary>
    public void SendTo(RespWriter reply)
    {
        if (IsInteger) reply.BulkInteger(Integer);
        else reply.Bulk(_text);
    }
}
