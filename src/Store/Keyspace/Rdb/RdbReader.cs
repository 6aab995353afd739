using System.Buffers.Binary;
using Galley.Resp.Protocol;
using Galley.Store.Types;

namespace Galley.Store.Keyspace.Rdb;

/// <summary>
/// Reads what RDB consists of: lengths, strings, numbers. Nothing that the bytes say of themselves is believed before it
/// is seen: a length is never more than what is left, and room is made for what is there.
/// <code>
///   00llllll                          a length up to 63
///   01llllll llllllll                 up to 16,383
///   10000000 + 4, 10000001 + 8        longer, big-endian
///   11000000, 01, 10 + 1, 2, 4        not a length but a string that is an integer, little-endian
///   11000011                          a string in LZF: its length so, its length expanded, the bytes
/// </code>
/// </summary>
internal ref struct RdbReader
{
    private const byte Encoded = 0b11;
    private const byte LengthOf32Bits = 0x80;
    private const byte LengthOf64Bits = 0x81;
    private const ulong Lzf = 3;

    /// <summary>What stands for the length of a score that is no finite number.</summary>
    private const byte ScoreNotANumber = 253;
    private const byte ScoreInfinite = 254;
    private const byte ScoreNegativeInfinite = 255;

    /// <summary>A compressed string may say itself that it is so long.</summary>
    private const int BelievedBytesMax = 64 * 1024;

    private readonly RdbInput? _input;
    private ReadOnlySpan<byte> _bytes;
    private int _at;
    private byte[] _scratch = [];
    private byte[] _held = [];
    private PackBuilder? _pack;

    /// <summary>Reads a text that is in memory.</summary>
    public RdbReader(ReadOnlySpan<byte> bytes, int version)
    {
        _bytes = bytes;
        Version = version;
    }

    public RdbReader(RdbInput input, int version)
    {
        _input = input;
        _bytes = input.Window;
        Version = version;
    }

    /// <summary>The version of the text: some numbers mean another thing in Valkey's.</summary>
    public int Version { get; set; }

    /// <summary>Bytes of the input that were read.</summary>
    public readonly long Position => (_input?.Position ?? 0) + _at;

    /// <summary>Bytes that are left.</summary>
    public readonly long Remaining => _input is null ? _bytes.Length - _at : _input.Remaining - _at;

    /// <summary>Room for elements that are packed anew; the last one who asked has it.</summary>
    public PackBuilder Pack
    {
        get
        {
            _pack ??= new PackBuilder();
            _pack.Clear();
            return _pack;
        }
    }

    /// <summary>The next bytes, valid until the next are read.</summary>
    public ReadOnlySpan<byte> Take(long count)
    {
        if (count > _bytes.Length - _at) Refill(count);
        ReadOnlySpan<byte> taken = _bytes.Slice(_at, (int)count);
        _at += (int)count;
        return taken;
    }

    public byte ReadByte() => Take(1)[0];

    public int ReadInt32() => BinaryPrimitives.ReadInt32LittleEndian(Take(sizeof(int)));

    public long ReadInt64() => BinaryPrimitives.ReadInt64LittleEndian(Take(sizeof(long)));

    /// <summary>A score as its eight bytes.</summary>
    public double ReadDouble() => BinaryPrimitives.ReadDoubleLittleEndian(Take(sizeof(double)));

    /// <summary>A score as text behind its length.</summary>
    public double ReadTextDouble()
    {
        byte length = ReadByte();
        if (length is ScoreNotANumber) return double.NaN;
        if (length is ScoreInfinite) return double.PositiveInfinity;
        if (length is ScoreNegativeInfinite) return double.NegativeInfinity;
        return Numbers.TryParseDouble(Take(length), out double value) ? value : throw RdbException.Damaged("a score");
    }

    public ulong ReadLength()
    {
        ulong length = ReadLength(out bool isEncoded);
        return isEncoded ? throw RdbException.Damaged("a length") : length;
    }

    /// <summary>The count of things of which each takes so many bytes at least.</summary>
    public long ReadCount(int bytesEach = 1)
    {
        ulong count = ReadLength();
        return count <= (ulong)Remaining / (ulong)bytesEach ? (long)count : throw RdbException.Truncated;
    }

    /// <summary>As <see cref="ReadCount"/>, of a collection, which has elements.</summary>
    public long ReadElementCount(int bytesEach = 1)
    {
        long count = ReadCount(bytesEach);
        return count > 0 ? count : throw RdbException.Empty;
    }

    /// <summary>A string, valid until anything else is read.</summary>
    public ReadOnlySpan<byte> ReadString()
    {
        ulong length = ReadLength(out bool isEncoded);
        if (isEncoded) return length == Lzf ? ReadCompressed() : ReadIntegerString(length);
        return length <= (ulong)Remaining ? Take((long)length) : throw RdbException.Truncated;
    }

    /// <summary>A string, valid until the next one that is held: the name of a field while its value is read.</summary>
    public ReadOnlySpan<byte> ReadHeldString()
    {
        ReadOnlySpan<byte> text = ReadString();
        if (_held.Length < text.Length) _held = new byte[RoomFor(text.Length)];
        text.CopyTo(_held);
        return _held.AsSpan(0, text.Length);
    }

    /// <summary>Tells the input what was used up, so that it can be asked for its place and checksum.</summary>
    public void Settle()
    {
        if (_input is null) return;
        _input.Advance(_at);
        _bytes = _input.Window;
        _at = 0;
    }

    private void Refill(long count)
    {
        Settle();
        if (_input is null || !_input.TryFill(count)) throw RdbException.Truncated;
        _bytes = _input.Window;
    }

    private ulong ReadLength(out bool isEncoded)
    {
        byte first = ReadByte();
        isEncoded = first >> 6 == Encoded;
        if (isEncoded || first >> 6 == 0) return (ulong)(first & 0x3F);
        if (first >> 6 == 1) return (ulong)(((first & 0x3F) << 8) | ReadByte());
        return first switch
        {
            LengthOf32Bits => BinaryPrimitives.ReadUInt32BigEndian(Take(sizeof(uint))),
            LengthOf64Bits => BinaryPrimitives.ReadUInt64BigEndian(Take(sizeof(ulong))),
            _ => throw RdbException.Damaged("a length"),
        };
    }

    private ReadOnlySpan<byte> ReadIntegerString(ulong encoding)
    {
        long value = encoding switch
        {
            0 => (sbyte)ReadByte(),
            1 => BinaryPrimitives.ReadInt16LittleEndian(Take(sizeof(short))),
            2 => BinaryPrimitives.ReadInt32LittleEndian(Take(sizeof(int))),
            _ => throw RdbException.Damaged("a string"),
        };
        Span<byte> digits = Scratch(Numbers.IntegerBytesMax);
        return digits[..Numbers.FormatInt64(value, digits)];
    }

    private ReadOnlySpan<byte> ReadCompressed()
    {
        ulong compressedLength = ReadLength();
        ulong length = ReadLength();
        if (compressedLength > (ulong)Remaining) throw RdbException.Truncated;
        ReadOnlySpan<byte> compressed = Take((long)compressedLength);
        // Room for little is made on its word; before there is room for much, it is counted.
        bool isLittle = length <= BelievedBytesMax;
        if (!isLittle && (length > (ulong)Array.MaxLength || Types.Lzf.ExpandedLength(compressed) != (long)length))
            throw RdbException.Damaged("a compressed string");
        Span<byte> text = Scratch((int)length)[..(int)length];
        return Types.Lzf.TryExpand(compressed, text) ? text : throw RdbException.Damaged("a compressed string");
    }

    private Span<byte> Scratch(int length)
    {
        if (_scratch.Length < length) _scratch = GC.AllocateUninitializedArray<byte>(RoomFor(length));
        return _scratch;
    }

    private static int RoomFor(int length) => Math.Max(64, (int)Math.Min(Array.MaxLength, length + (length / 4L)));
}
