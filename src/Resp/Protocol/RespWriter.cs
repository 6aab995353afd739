using System.Text;

namespace Galley.Resp.Protocol;

/// <summary>
/// Writes replies. The only code that knows RESP2 from RESP3: a handler says what it means (a map, a null, a double)
/// and the writer says it in the client's version. It never fails; the output behind it grows.
/// <code>
///               RESP2                RESP3
///   null        $-1                  _
///   null array  *-1                  _
///   map         *2n                  %n
///   pairs       *2n                  *n, *2 each
///   set, push   *n                   ~n, >n
///   double      $3 1.5               ,1.5
///   boolean     :1 :0                #t #f
///   verbatim    $n text              =n+4 txt:text
/// </code>
/// A small reply asks the output for room once, for its header, body and end together.
/// </summary>
public sealed partial class RespWriter(OutputBuffer output)
{
    // A type byte, 20 digits, CR LF; and CR LF behind a body.
    private const int HeaderBytesMax = 23;
    private const int EndBytes = 2;

    private const int VerbatimFormatBytes = 3;

    // A larger body may lie in more than one chunk.
    private const int WholeBodyBytesMax = 4 * 1024;

    public OutputBuffer Output { get; } = output;

    public RespVersion Version { get; set; } = RespVersion.Resp2;

    public void Ok() => Raw("+OK\r\n"u8);

    /// <summary>A simple string; the text must hold no CR or LF.</summary>
    public void Simple(ReadOnlySpan<byte> text)
    {
        Span<byte> room = Output.GetSpan(text.Length + 1 + EndBytes);
        room[0] = (byte)'+';
        text.CopyTo(room[1..]);
        End(room, 1 + text.Length);
    }

    public void Integer(long value) => Header((byte)':', value);

    public void Bulk(ReadOnlySpan<byte> value)
    {
        if (value.Length > WholeBodyBytesMax)
        {
            BulkSlow(value);
            return;
        }
        Span<byte> room = Output.GetSpan(HeaderBytesMax + value.Length + EndBytes);
        int at = PutHeader(room, (byte)'$', value.Length);
        value.CopyTo(room[at..]);
        End(room, at + value.Length);
    }

    /// <summary>A bulk string of UTF-8 text.</summary>
    public void Bulk(string value)
    {
        int length = Encoding.UTF8.GetByteCount(value);
        Span<byte> room = Output.GetSpan(HeaderBytesMax + length + EndBytes);
        int at = PutHeader(room, (byte)'$', length);
        Encoding.UTF8.GetBytes(value, room[at..]);
        End(room, at + length);
    }

    /// <summary>
    /// A bulk string that is not copied: its bytes stay where they are until they were sent or dropped, when
    /// <paramref name="owner"/> is disposed.
    /// </summary>
    public void BulkShared(ReadOnlyMemory<byte> value, IDisposable? owner)
    {
        Header((byte)'$', value.Length);
        Output.AppendShared(value, owner);
        Raw("\r\n"u8);
    }

    /// <summary>An integer as a bulk string.</summary>
    public void BulkInteger(long value)
    {
        Span<byte> digits = stackalloc byte[Numbers.IntegerBytesMax];
        Bulk(digits[..Numbers.FormatInt64(value, digits)]);
    }

    /// <summary>A null where a string would stand: <c>$-1</c> or <c>_</c>.</summary>
    public void Null() => Raw(Version == RespVersion.Resp2 ? "$-1\r\n"u8 : "_\r\n"u8);

    /// <summary>A null where an array would stand: <c>*-1</c> or <c>_</c>.</summary>
    public void NullArray() => Raw(Version == RespVersion.Resp2 ? "*-1\r\n"u8 : "_\r\n"u8);

    public void Array(int count) => Header((byte)'*', count);

    /// <summary>A map of <paramref name="pairs"/> pairs; in RESP2 an array of twice as many.</summary>
    public void Map(int pairs)
    {
        if (Version == RespVersion.Resp2) Header((byte)'*', pairs * 2L);
        else Header((byte)'%', pairs);
    }

    /// <summary>A set; in RESP2 an array.</summary>
    public void Set(int count) => Header(Version == RespVersion.Resp2 ? (byte)'*' : (byte)'~', count);

    /// <summary>
    /// Pairs in an order, each of which begins with <see cref="Pair"/>: an array of arrays of two; in RESP2 one array of
    /// twice as many.
    /// </summary>
    public void Pairs(int count) => Header((byte)'*', Version == RespVersion.Resp2 ? count * 2L : count);

    /// <summary>Begins one of <see cref="Pairs"/>.</summary>
    public void Pair()
    {
        if (Version != RespVersion.Resp2) Raw("*2\r\n"u8);
    }

    /// <summary>A push message; in RESP2 an array.</summary>
    public void Push(int count) => Header(Version == RespVersion.Resp2 ? (byte)'*' : (byte)'>', count);

    /// <summary>
    /// A double; in RESP2 a bulk string of the same digits: those of <c>%.17g</c>, as redis-server replies (0.1 is
    /// <c>0.10000000000000001</c>), or inf, -inf, nan.
    /// </summary>
    public void Double(double value)
    {
        Span<byte> digits = stackalloc byte[Numbers.DoubleBytesMax];
        Digits(digits[..Numbers.FormatDouble(value, digits)]);
    }

    /// <summary>
    /// A double with at most 17 decimals and no exponent, as redis-server prints coordinates; a double in RESP3 and a
    /// bulk string in RESP2.
    /// </summary>
    public void HumanDouble(double value)
    {
        // 309 digits, a sign, a point and 17 decimals are the most that a double makes.
        Span<byte> digits = stackalloc byte[336];
        Digits(digits[..LongDouble.FromDouble(value).Format(digits)]);
    }

    /// <summary>As <see cref="HumanDouble(double)"/>, of an 80-bit number.</summary>
    public void HumanDouble(LongDouble value)
    {
        Span<byte> digits = stackalloc byte[LongDouble.FormatBytesMax];
        Digits(digits[..value.Format(digits)]);
    }

    /// <summary>A boolean; in RESP2 the integer 1 or 0.</summary>
    public void Boolean(bool value)
    {
        if (Version == RespVersion.Resp2) Raw(value ? ":1\r\n"u8 : ":0\r\n"u8);
        else Raw(value ? "#t\r\n"u8 : "#f\r\n"u8);
    }

    /// <summary>A verbatim string of format txt; in RESP2 a bulk string.</summary>
    public void Verbatim(ReadOnlySpan<byte> text) => Verbatim("txt"u8, text);

    /// <summary>A verbatim string of any format, of which three bytes are sent; in RESP2 a bulk string.</summary>
    public void Verbatim(ReadOnlySpan<byte> format, ReadOnlySpan<byte> text)
    {
        if (Version == RespVersion.Resp2)
        {
            Bulk(text);
            return;
        }
        Header((byte)'=', text.Length + VerbatimFormatBytes + 1L);
        Span<byte> head = stackalloc byte[VerbatimFormatBytes + 1];
        head.Fill((byte)' ');
        format[..Math.Min(format.Length, VerbatimFormatBytes)].CopyTo(head);
        head[VerbatimFormatBytes] = (byte)':';
        Output.Append(head);
        Output.Append(text);
        Raw("\r\n"u8);
    }

    /// <summary>An integer of any length, given as its digits; in RESP2 a bulk string.</summary>
    public void BigNumber(ReadOnlySpan<byte> digits)
    {
        if (Version == RespVersion.Resp2)
        {
            Bulk(digits);
            return;
        }
        Output.Append("("u8);
        Output.Append(digits);
        Raw("\r\n"u8);
    }

    /// <summary>
    /// Begins an attribute of so many pairs, which belongs to the reply behind it. RESP2 has none: there the caller leaves
    /// it out.
    /// </summary>
    public void Attribute(int pairs) => Header((byte)'|', pairs);

    /// <summary>Bytes that are RESP already.</summary>
    public void Raw(ReadOnlySpan<byte> resp) => Output.Append(resp);

    /// <summary>Begins an array (map, set) whose length is known only at its end; pass the result to an End method.</summary>
    public Deferred BeginDeferred() => Output.BeginDeferred();

    public void EndArray(Deferred start, int count) => EndDeferred(start, (byte)'*', count);

    public void EndMap(Deferred start, int pairs)
    {
        if (Version == RespVersion.Resp2) EndDeferred(start, (byte)'*', pairs * 2L);
        else EndDeferred(start, (byte)'%', pairs);
    }

    public void EndSet(Deferred start, int count) =>
        EndDeferred(start, Version == RespVersion.Resp2 ? (byte)'*' : (byte)'~', count);

    private void EndDeferred(Deferred start, byte type, long count)
    {
        Span<byte> header = stackalloc byte[HeaderBytesMax];
        Output.EndDeferred(start, header[..PutHeader(header, type, count)]);
    }

    /// <summary>A number already printed.</summary>
    private void Digits(ReadOnlySpan<byte> digits)
    {
        if (Version == RespVersion.Resp2)
        {
            Bulk(digits);
            return;
        }
        Span<byte> room = Output.GetSpan(1 + digits.Length + EndBytes);
        room[0] = (byte)',';
        digits.CopyTo(room[1..]);
        End(room, 1 + digits.Length);
    }

    private void BulkSlow(ReadOnlySpan<byte> value)
    {
        Header((byte)'$', value.Length);
        Output.Append(value);
        Raw("\r\n"u8);
    }

    private void Header(byte type, long value)
    {
        Span<byte> room = Output.GetSpan(HeaderBytesMax);
        Output.Advance(PutHeader(room, type, value));
    }

    private static int PutHeader(Span<byte> room, byte type, long value)
    {
        room[0] = type;
        int at = 1 + Numbers.FormatInt64(value, room[1..]);
        room[at] = (byte)'\r';
        room[at + 1] = (byte)'\n';
        return at + 2;
    }

    private void End(Span<byte> room, int at)
    {
        room[at] = (byte)'\r';
        room[at + 1] = (byte)'\n';
        Output.Advance(at + EndBytes);
    }
}
