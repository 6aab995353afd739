using Galley.Resp.Protocol;
using Galley.Store.Persistence.Files;

namespace Galley.Store.Persistence.Aof;

internal enum AofReadStatus
{
    Command,

    /// <summary>The file ends where a command ends.</summary>
    End,

    /// <summary>The file ends in the middle of a command, which begins at Position.</summary>
    Torn,

    /// <summary>What stands at DamageOffset is not what a command consists of.</summary>
    Damaged,
}

/// <summary>
/// Reads one file of the set, command by command. The file's dialect of RESP is narrower than a client's: arrays of
/// bulk strings and lines that begin with #, nothing inline; and its end is known, so that a length that reaches past
/// it is told from one that has not arrived yet, and never allocates what is not there. Hence not RespReader.
///
/// <code>
///   #TS:1795387925\r\n               skipped
///   *2\r\n$6\r\nSELECT\r\n$1\r\n0\r\n
///   ^ Position: everything before it is whole
///
///   buffer  [ done | command ......... | free ]   1 MiB; grows to hold the longest command
///             0     _at                 _filled
/// </code>
///
/// A command that crosses the end of the buffer is moved to the front and read again from its first byte: once a
/// mebibyte, or once per doubling for a long one. The arguments are slices of the buffer; nothing is copied.
/// </summary>
internal sealed class AofReader(IFile file, long end)
{
    private const int BufferBytes = 1 << 20;

    /// <summary>Digits of a count or length; ten hold anything that fits an array.</summary>
    private const int DigitsMax = 10;

    private byte[] _buffer = GC.AllocateUninitializedArray<byte>(BufferBytes);
    private ArgumentSlice[] _slices = new ArgumentSlice[16];
    private long _bufferOffset;
    private int _at;
    private int _filled;

    /// <summary>Where the next command begins, or the one that is torn or damaged.</summary>
    public long Position => _bufferOffset + _at;

    public long DamageOffset { get; private set; }

    /// <summary>Is shown the lines with #, and where they begin; null where nobody asks.</summary>
    public AnnotationRead? AnnotationRead { get; init; }

    private enum Parse
    {
        Whole,
        Short,
        Bad,
    }

    /// <summary>Reads the next command; its arguments are valid until the next call.</summary>
    public AofReadStatus TryRead(out Arguments arguments)
    {
        arguments = Arguments.Empty;
        while (true)
        {
            Parse parse = ParseOne(out int length, out int count, out long needed);
            if (parse == Parse.Whole)
            {
                if (count == 0) AnnotationRead?.Invoke(_buffer.AsSpan(_at, length), Position);
                _at += length;
                if (count == 0) continue;
                arguments = new Arguments(_buffer, _slices, count);
                return AofReadStatus.Command;
            }
            if (parse == Parse.Bad)
            {
                DamageOffset = Position + length;
                return AofReadStatus.Damaged;
            }
            if (!Fill(needed)) return Position == end ? AofReadStatus.End : AofReadStatus.Torn;
        }
    }

    /// <summary>Goes to the beginning of a command that was read before.</summary>
    public void Return(long position)
    {
        long at = position - _bufferOffset;
        if (at >= 0 && at <= _filled)
        {
            _at = (int)at;
            return;
        }
        _bufferOffset = position;
        _at = _filled = 0;
    }

    /// <summary>
    /// All from an offset to the end is zeros: the file's length reached the disk, and its content did not.
    /// </summary>
    public bool IsZeroFrom(long offset)
    {
        var block = new byte[64 * 1024];
        while (offset < end)
        {
            int read = file.Read(block.AsSpan(0, (int)Math.Min(block.Length, end - offset)), offset);
            if (read == 0 || block.AsSpan(0, read).ContainsAnyExcept((byte)0)) return false;
            offset += read;
        }
        return true;
    }

    /// <summary>
    /// Parses what begins at _at. Whole: its length, and the count of its arguments (0 for a line with #). Bad: length
    /// is the distance to the byte that is wrong. Short: so many bytes are needed at least.
    /// </summary>
    private Parse ParseOne(out int length, out int count, out long needed)
    {
        ReadOnlySpan<byte> bytes = _buffer.AsSpan(_at, _filled - _at);
        length = count = 0;
        needed = bytes.Length + 1;
        if (bytes.IsEmpty) return Parse.Short;
        if (bytes[0] == '#') return ParseAnnotation(bytes, out length);

        int at = 0;
        Parse parse = ParseNumber(bytes, ref at, (byte)'*', out long words);
        // An empty array is damage: nobody writes one, and redis-server refuses it as well.
        if (parse == Parse.Whole && words == 0) (parse, at) = (Parse.Bad, 0);
        for (long i = 0; parse == Parse.Whole && i < words; i++) parse = ParseBulk(bytes, ref at, count++, ref needed);
        length = at;
        return parse;
    }

    private static Parse ParseAnnotation(ReadOnlySpan<byte> bytes, out int length)
    {
        length = bytes.IndexOf((byte)'\n') + 1;
        return length == 0 ? Parse.Short : Parse.Whole;
    }

    private Parse ParseBulk(ReadOnlySpan<byte> bytes, ref int at, int index, ref long needed)
    {
        Parse parse = ParseNumber(bytes, ref at, (byte)'$', out long length);
        if (parse != Parse.Whole) return parse;
        if (at + length + 2 > bytes.Length)
        {
            needed = at + length + 2;
            return Parse.Short;
        }
        int start = at;
        at += (int)length;
        if (bytes[at] != '\r' || bytes[++at] != '\n') return Parse.Bad;
        at++;
        if (index == _slices.Length) Array.Resize(ref _slices, index * 2);
        _slices[index] = new ArgumentSlice(_at + start, (int)length);
        return Parse.Whole;
    }

    /// <summary>Parses a line such as *3 or $6 and steps behind it; if it is bad, to the byte that is wrong.</summary>
    private static Parse ParseNumber(ReadOnlySpan<byte> bytes, ref int at, byte kind, out long number)
    {
        number = 0;
        if (at == bytes.Length) return Parse.Short;
        if (bytes[at] != kind) return Parse.Bad;

        int digits = 0;
        for (at++; at < bytes.Length && (uint)(bytes[at] - '0') <= 9; at++, digits++)
        {
            if (digits == DigitsMax) return Parse.Bad;
            number = number * 10 + (bytes[at] - '0');
        }
        if (at == bytes.Length) return Parse.Short;
        if (digits == 0 || bytes[at] != '\r') return Parse.Bad;
        if (at + 1 == bytes.Length) return Parse.Short;
        if (bytes[++at] != '\n') return Parse.Bad;
        at++;
        return Parse.Whole;
    }

    /// <summary>
    /// Gets so many bytes of the command at _at into the buffer, and more if there is room; false if the file has not
    /// as many.
    /// </summary>
    private bool Fill(long needed)
    {
        if (needed > end - Position) return false;
        if (needed > Array.MaxLength)
            throw new PersistenceException($"A command at offset {Position} is too long to be read.");

        int kept = _filled - _at;
        byte[] target = needed > _buffer.Length ? GC.AllocateUninitializedArray<byte>(LengthFor(needed)) : _buffer;
        Buffer.BlockCopy(_buffer, _at, target, 0, kept);
        _buffer = target;
        (_bufferOffset, _at, _filled) = (Position, 0, kept);

        int wanted = (int)Math.Min(_buffer.Length, end - _bufferOffset);
        while (_filled < wanted)
        {
            int read = file.Read(_buffer.AsSpan(_filled, wanted - _filled), _bufferOffset + _filled);
            if (read == 0) throw new IOException($"The file ends at offset {_bufferOffset + _filled} and not at {end}");
            _filled += read;
        }
        return true;
    }

    /// <summary>With room for what follows, so that a run of long commands is not moved for each of them.</summary>
    private static int LengthFor(long needed) => (int)Math.Min(Array.MaxLength, needed + BufferBytes);
}

/// <summary>Is shown a line that is no command, and the offset at which it begins.</summary>
internal delegate void AnnotationRead(ReadOnlySpan<byte> line, long offset);
