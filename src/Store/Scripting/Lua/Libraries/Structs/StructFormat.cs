namespace Galley.Store.Scripting.Lua.Libraries;

/// <summary>One option of a format of struct.</summary>
/// <param name="Letter">Its letter.</param>
/// <param name="Size">Its bytes; 0 where the value says how many.</param>
/// <param name="Padding">Bytes that align it.</param>
internal readonly record struct StructOption(byte Letter, int Size, int Padding);

/// <summary>Reads a format of the library struct, option by option, with the byte order and alignment that hold there.</summary>
internal ref struct StructFormat(ReadOnlySpan<byte> format)
{
    private const int IntegerBytesMax = 32;
    private const int DefaultAlignment = 8;
    private const int IntBytes = 4;
    private const int LongBytes = 8;

    // A NUL ends a format, as it ends a string of C.
    private ReadOnlySpan<byte> _rest = PatternMatcher.UpToNul(format);
    private int _alignment = 1;

    /// <summary>Whether numbers have their lowest byte first.</summary>
    internal bool IsLittleEndian { get; private set; } = BitConverter.IsLittleEndian;

    /// <summary>The next option.</summary>
    /// <param name="position">Where in the data it would begin, from 0.</param>
    /// <param name="option">The option.</param>
    /// <exception cref="RefusalException">A size too large.</exception>
    internal bool TryRead(long position, out StructOption option)
    {
        option = default;
        if (_rest.IsEmpty) return false;
        byte letter = _rest[0];
        _rest = _rest[1..];
        int size = ReadSize(letter);
        int padding = 0;
        int alignment = Math.Min(size, _alignment);
        if (alignment > 1 && letter != 'c') padding = (int)((alignment - (position & (alignment - 1))) & (alignment - 1));
        option = new StructOption(letter, size, padding);
        return true;
    }

    /// <summary>Follows a letter that is no value: byte order, alignment, a blank.</summary>
    /// <exception cref="RefusalException">No such letter.</exception>
    internal void Control(byte letter)
    {
        switch (letter)
        {
            case (byte)' ':
                break;
            case (byte)'<':
                IsLittleEndian = true;
                break;
            case (byte)'>':
                IsLittleEndian = false;
                break;
            case (byte)'!':
                int alignment = ReadNumber(DefaultAlignment);
                if (alignment == 0 || (alignment & (alignment - 1)) != 0) throw new RefusalException($"alignment {alignment} is not a power of 2");
                _alignment = alignment;
                break;
            default:
                throw new RefusalException($"invalid format option '{(char)letter}'", 0);
        }
    }

    private int ReadSize(byte letter)
    {
        switch (letter)
        {
            case (byte)'b' or (byte)'B' or (byte)'x':
                return 1;
            case (byte)'h' or (byte)'H':
                return 2;
            case (byte)'f':
                return sizeof(float);
            case (byte)'l' or (byte)'L' or (byte)'T':
                return LongBytes;
            case (byte)'d':
                return sizeof(double);
            case (byte)'c':
                return ReadNumber(1);
            case (byte)'i' or (byte)'I':
                int size = ReadNumber(IntBytes);
                return size <= IntegerBytesMax ? size : throw new RefusalException($"integral size {size} is larger than limit of {IntegerBytesMax}");
            default:
                return 0;
        }
    }

    private int ReadNumber(int otherwise)
    {
        if (_rest.IsEmpty || !char.IsAsciiDigit((char)_rest[0])) return otherwise;
        long number = 0;
        while (!_rest.IsEmpty && char.IsAsciiDigit((char)_rest[0]))
        {
            number = (number * 10) + _rest[0] - '0';
            if (number > int.MaxValue) throw new RefusalException("integral size overflow");
            _rest = _rest[1..];
        }
        return (int)number;
    }
}
