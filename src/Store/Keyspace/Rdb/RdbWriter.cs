using System.Buffers.Binary;
using Galley.Resp.Protocol;
using Galley.Store.Configuration;
using Galley.Store.Types;

namespace Galley.Store.Keyspace.Rdb;

/// <summary>Takes the bytes of RDB as they come; it copies what it wants to keep.</summary>
internal interface IRdbOutput
{
    void Write(ReadOnlySpan<byte> bytes);
}

/// <summary>
/// Writes what RDB consists of (see <see cref="RdbReader"/>), as redis-server writes it. What is written gathers here: all
/// of it, or, where there is an output, no more than about a piece.
/// </summary>
internal sealed class RdbWriter(Settings settings, IRdbOutput? output = null)
{
    private const int PieceBytes = 64 * 1024;

    private const int FirstBytes = 1024;
    private const int IdleBytesMax = 1 << 20;

    /// <summary>The longest text that may be an integer of 32 bits.</summary>
    private const int IntegerTextBytesMax = 11;

    /// <summary>No shorter string is compressed.</summary>
    private const int CompressedBytesMin = 21;

    /// <summary>Fewer bytes saved are not worth it.</summary>
    private const int SavedBytesMin = 4;

    private const byte LengthOf32Bits = 0x80;
    private const byte LengthOf64Bits = 0x81;
    private const byte IntegerOf8Bits = 0xC0;
    private const byte IntegerOf16Bits = 0xC1;
    private const byte IntegerOf32Bits = 0xC2;
    private const byte Compressed = 0xC3;

    private Lzf? _lzf;
    private byte[] _bytes = new byte[FirstBytes];
    private byte[] _pack = [];
    private int _length;

    /// <summary>The thresholds of encodings, and whether strings are compressed.</summary>
    public Settings Settings { get; } = settings;

    /// <summary>What has gathered.</summary>
    public ReadOnlySpan<byte> Written => _bytes.AsSpan(0, _length);

    /// <summary>Forgets what has gathered, and gives back the room for what is seldom so long.</summary>
    public void Clear()
    {
        _length = 0;
        if (_bytes.Length > IdleBytesMax) _bytes = new byte[FirstBytes];
        if (_pack.Length > IdleBytesMax) _pack = [];
    }

    /// <summary>Hands what has gathered to the output.</summary>
    public void Flush()
    {
        if (_length > 0) output!.Write(Written);
        _length = 0;
    }

    public void Byte(byte value) => Room(1)[0] = value;

    public void Int64(long value) => BinaryPrimitives.WriteInt64LittleEndian(Room(sizeof(long)), value);

    public void UInt16(ushort value) => BinaryPrimitives.WriteUInt16LittleEndian(Room(sizeof(ushort)), value);

    public void UInt64(ulong value) => BinaryPrimitives.WriteUInt64LittleEndian(Room(sizeof(ulong)), value);

    public void Double(double value) => BinaryPrimitives.WriteDoubleLittleEndian(Room(sizeof(double)), value);

    public void Raw(scoped ReadOnlySpan<byte> bytes)
    {
        if (output is not null && bytes.Length >= PieceBytes)
        {
            Flush();
            output.Write(bytes);
            return;
        }
        bytes.CopyTo(Room(bytes.Length));
    }

    /// <summary>Writes a length, or any other number of 64 bits, which is taken for one without a sign.</summary>
    public void Length(long length)
    {
        switch (unchecked((ulong)length))
        {
            case < 1 << 6:
                Byte((byte)length);
                return;
            case < 1 << 14:
                BinaryPrimitives.WriteUInt16BigEndian(Room(sizeof(ushort)), (ushort)(length | 0x4000));
                return;
            case <= uint.MaxValue:
                Byte(LengthOf32Bits);
                BinaryPrimitives.WriteUInt32BigEndian(Room(sizeof(uint)), (uint)length);
                return;
            default:
                Byte(LengthOf64Bits);
                BinaryPrimitives.WriteInt64BigEndian(Room(sizeof(long)), length);
                return;
        }
    }

    public void String(scoped ReadOnlySpan<byte> text)
    {
        if (text.Length <= IntegerTextBytesMax && Numbers.TryParseInt64(text, out long integer) && TryInteger(integer)) return;
        if (text.Length >= CompressedBytesMin && Settings.RdbCompression && TryCompressed(text)) return;
        Length(text.Length);
        Raw(text);
    }

    /// <summary>A string that is compressed already, by <see cref="Lzf"/>, from this length.</summary>
    public void CompressedString(scoped ReadOnlySpan<byte> lzf, int length)
    {
        CompressedHead(lzf.Length, length);
        Raw(lzf);
    }

    /// <summary>What comes before so many compressed bytes.</summary>
    public void CompressedHead(long lzfBytes, long length)
    {
        Byte(Compressed);
        Length(lzfBytes);
        Length(length);
    }

    /// <summary>An element as a string.</summary>
    public void String(scoped ListPackElement element)
    {
        Span<byte> digits = stackalloc byte[Numbers.IntegerBytesMax];
        String(element.TextIn(digits));
    }

    /// <summary>Room to compose a packed string in; the last one who asked has it, with what was in it before.</summary>
    public Span<byte> PackRoom(long bytes)
    {
        if (bytes > Array.MaxLength) throw new RdbException("packed elements are too long");
        if (_pack.Length < bytes) Array.Resize(ref _pack, (int)Math.Min(Array.MaxLength, bytes + (bytes / 4)));
        return _pack;
    }

    /// <summary>Writes elements that lie together as a listpack.</summary>
    public void ListPack(scoped ReadOnlySpan<byte> pack, int count)
    {
        int length = ListPackFrame.Bytes + pack.Length;
        Span<byte> room = PackRoom(length)[..length];
        pack.CopyTo(room[ListPackFrame.HeadBytes..]);
        ListPackFrame.Write(room, count);
        String(room);
    }

    private bool TryInteger(long value)
    {
        switch (value)
        {
            case >= sbyte.MinValue and <= sbyte.MaxValue:
                Byte(IntegerOf8Bits);
                Byte((byte)value);
                return true;
            case >= short.MinValue and <= short.MaxValue:
                Byte(IntegerOf16Bits);
                BinaryPrimitives.WriteInt16LittleEndian(Room(sizeof(short)), (short)value);
                return true;
            case >= int.MinValue and <= int.MaxValue:
                Byte(IntegerOf32Bits);
                BinaryPrimitives.WriteInt32LittleEndian(Room(sizeof(int)), (int)value);
                return true;
            default:
                return false;
        }
    }

    private bool TryCompressed(scoped ReadOnlySpan<byte> text)
    {
        byte[] room = System.Buffers.ArrayPool<byte>.Shared.Rent(text.Length);
        _lzf ??= new Lzf();
        int length = _lzf.Compress(text, room.AsSpan(0, text.Length - SavedBytesMin));
        if (length > 0) CompressedString(room.AsSpan(0, length), text.Length);
        System.Buffers.ArrayPool<byte>.Shared.Return(room);
        return length > 0;
    }

    private Span<byte> Room(int count)
    {
        if (output is not null && _length + count > PieceBytes) Flush();
        long needed = (long)_length + count;
        if (needed > Array.MaxLength) throw new RdbException("the value is too long to be written at once");
        if (needed > _bytes.Length) Array.Resize(ref _bytes, (int)Math.Min(Array.MaxLength, Math.Max(needed, 2L * _bytes.Length)));
        Span<byte> room = _bytes.AsSpan(_length, count);
        _length += count;
        return room;
    }
}
