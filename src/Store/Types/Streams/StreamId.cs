using System.Buffers.Binary;
using System.Runtime.InteropServices;
using Galley.Resp.Protocol;

namespace Galley.Store.Types;

/// <summary>
/// The identifier of a stream's entry: milliseconds since 1970, and a number that tells the entries of one millisecond
/// apart. Written <c>ms-seq</c>; ordered by both.
/// </summary>
[StructLayout(LayoutKind.Sequential)]
public readonly record struct StreamId(ulong Ms, ulong Seq) : IComparable<StreamId>
{
    /// <summary>The most bytes of its text.</summary>
    public const int TextBytesMax = (2 * Numbers.IntegerBytesMax) + 1;

    /// <summary>The bytes of its binary form, in which the order of bytes is that of identifiers.</summary>
    public const int BinaryBytes = 16;

    /// <summary>redis-server reads no longer text.</summary>
    private const int TextBytesRead = 127;

    public static StreamId Min => default;

    public static StreamId Max => new(ulong.MaxValue, ulong.MaxValue);

    public static bool operator <(StreamId left, StreamId right) => left.CompareTo(right) < 0;

    public static bool operator >(StreamId left, StreamId right) => left.CompareTo(right) > 0;

    public static bool operator <=(StreamId left, StreamId right) => left.CompareTo(right) <= 0;

    public static bool operator >=(StreamId left, StreamId right) => left.CompareTo(right) >= 0;

    public int CompareTo(StreamId other) => Ms != other.Ms ? Ms.CompareTo(other.Ms) : Seq.CompareTo(other.Seq);

    /// <summary>The identifier that follows; false after the last.</summary>
    public bool TryNext(out StreamId next)
    {
        // The result may be written over this.
        bool isThere = this != Max;
        next = Seq < ulong.MaxValue ? this with { Seq = Seq + 1 } : new StreamId(Ms + 1, 0);
        return isThere;
    }

    /// <summary>The identifier before; false before the first.</summary>
    public bool TryPrevious(out StreamId previous)
    {
        bool isThere = this != Min;
        previous = Seq > 0 ? this with { Seq = Seq - 1 } : new StreamId(Ms - 1, ulong.MaxValue);
        return isThere;
    }

    /// <summary>
    /// Reads <c>ms-seq</c>, or <c>ms</c> alone, to which this sequence number is added. What is a number here is what
    /// redis-server takes for one: it also reads signs, zeros and blanks before the digits.
    /// </summary>
    public static bool TryParse(ReadOnlySpan<byte> text, ulong missingSeq, out StreamId id)
    {
        id = default;
        if (!TryCut(text, out ReadOnlySpan<byte> ms, out ReadOnlySpan<byte> seq, out bool hasSeq)) return false;
        ulong sequence = missingSeq;
        if (!TryParseNumber(ms, out ulong milliseconds) || (hasSeq && !TryParseNumber(seq, out sequence))) return false;
        id = new StreamId(milliseconds, sequence);
        return true;
    }

    /// <summary>Reads <c>ms-*</c>, whose sequence number is still to be found.</summary>
    public static bool TryParseMs(ReadOnlySpan<byte> text, out ulong ms)
    {
        ms = 0;
        return TryCut(text, out ReadOnlySpan<byte> digits, out ReadOnlySpan<byte> seq, out _) && seq is [(byte)'*'] && TryParseNumber(digits, out ms);
    }

    /// <summary>Prints it, and returns the length.</summary>
    public int Format(Span<byte> text)
    {
        int length = Numbers.FormatUInt64(Ms, text);
        text[length++] = (byte)'-';
        return length + Numbers.FormatUInt64(Seq, text[length..]);
    }

    public void WriteTo(Span<byte> binary)
    {
        BinaryPrimitives.WriteUInt64BigEndian(binary, Ms);
        BinaryPrimitives.WriteUInt64BigEndian(binary[sizeof(ulong)..], Seq);
    }

    public static StreamId Read(ReadOnlySpan<byte> binary) =>
        new(BinaryPrimitives.ReadUInt64BigEndian(binary), BinaryPrimitives.ReadUInt64BigEndian(binary[sizeof(ulong)..]));

    public override string ToString() => $"{Ms}-{Seq}";

    private static bool TryCut(ReadOnlySpan<byte> text, out ReadOnlySpan<byte> ms, out ReadOnlySpan<byte> seq, out bool hasSeq)
    {
        ms = seq = default;
        hasSeq = false;
        if (text.Length > TextBytesRead) return false;
        int end = text.IndexOf((byte)0);
        if (end >= 0) text = text[..end];
        int dash = text.IndexOf((byte)'-');
        hasSeq = dash >= 0;
        ms = hasSeq ? text[..dash] : text;
        seq = hasSeq ? text[(dash + 1)..] : default;
        return true;
    }

    private static bool TryParseNumber(ReadOnlySpan<byte> text, out ulong value)
    {
        if (Numbers.TryParseUInt64(text, out value)) return true;
        if (Numbers.TryParseInt64(text, out _)) return false;
        text = text.TrimStart(" \t\n\v\f\r"u8);
        if (text.IsEmpty) return false;
        bool isNegative = text[0] == (byte)'-';
        if (text[0] is (byte)'-' or (byte)'+') text = text[1..];
        ReadOnlySpan<byte> digits = text.TrimStart((byte)'0');
        if (text.IsEmpty) return false;
        if (!digits.IsEmpty && !Numbers.TryParseUInt64(digits, out value)) return false;
        if (isNegative) value = unchecked(0 - value);
        return true;
    }
}
