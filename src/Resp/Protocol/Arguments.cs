namespace Galley.Resp.Protocol;

/// <summary>Where one argument lies in the buffer of its command.</summary>
public readonly record struct ArgumentSlice(int Offset, int Length);

/// <summary>
/// The arguments of one command, the name at index 0, as slices of one buffer. It borrows both arrays from its
/// reader: it is valid until the reader is asked for the next command, and who needs it longer calls
/// <see cref="Copy"/>.
/// </summary>
public readonly struct Arguments
{
    private const int LineEndBytes = 2;

    /// <summary>A length of ten digits, its sign, its line's end and that of the argument.</summary>
    private const int FramingBytesMax = 15;

    private readonly byte[] _buffer;
    private readonly ArgumentSlice[] _slices;
    private readonly int _first;

    public Arguments(byte[] buffer, ArgumentSlice[] slices, int count)
        : this(buffer, slices, 0, count)
    {
    }

    private Arguments(byte[] buffer, ArgumentSlice[] slices, int first, int count)
    {
        _buffer = buffer;
        _slices = slices;
        _first = first;
        Count = count;
    }

    public static Arguments Empty { get; } = new([], [], 0);

    /// <summary>The number of arguments, the name of the command included.</summary>
    public int Count { get; }

    public ReadOnlySpan<byte> this[int index]
    {
        get
        {
            // The array is longer than the command: what lies behind it belongs to an earlier one.
            ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual((uint)index, (uint)Count, nameof(index));
            ArgumentSlice slice = _slices[_first + index];
            return new ReadOnlySpan<byte>(_buffer, slice.Offset, slice.Length);
        }
    }

    /// <summary>The bytes of all arguments together, without any framing.</summary>
    public long TotalBytes
    {
        get
        {
            long total = 0;
            for (int i = 0; i < Count; i++) total += _slices[_first + i].Length;
            return total;
        }
    }

    /// <summary>The bytes of the same as a client sends it: an array of bulk strings.</summary>
    public long WireBytes
    {
        get
        {
            long total = FramingBytes(Count);
            for (int i = 0; i < Count; i++)
            {
                int length = _slices[_first + i].Length;
                total += FramingBytes(length) + length + LineEndBytes;
            }
            return total;
        }
    }

    /// <summary>At least as many as <see cref="WireBytes"/>, and known at once.</summary>
    public long WireBytesMax
    {
        get
        {
            if (Count == 0) return FramingBytes(0);
            ArgumentSlice first = _slices[_first], last = _slices[_first + Count - 1];
            return last.Offset + last.Length - first.Offset + (FramingBytesMax * (Count + 1L));
        }
    }

    /// <summary>The arguments from <paramref name="start"/> on, over the same buffer.</summary>
    public Arguments From(int start)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan((uint)start, (uint)Count, nameof(start));
        return new Arguments(_buffer, _slices, _first + start, Count - start);
    }

    /// <summary>A copy that owns its bytes, for a command that waits (MULTI, blocking).</summary>
    public Arguments Copy()
    {
        var bytes = new byte[TotalBytes];
        var slices = new ArgumentSlice[Count];
        int at = 0;
        for (int i = 0; i < Count; i++)
        {
            ReadOnlySpan<byte> argument = this[i];
            argument.CopyTo(bytes.AsSpan(at));
            slices[i] = new ArgumentSlice(at, argument.Length);
            at += argument.Length;
        }
        return new Arguments(bytes, slices, Count);
    }

    /// <summary>Arguments made from whole byte arrays; for tests and for commands that Galley itself composes.</summary>
    public static Arguments Of(params ReadOnlySpan<byte[]> words)
    {
        var slices = new ArgumentSlice[words.Length];
        int total = 0;
        for (int i = 0; i < words.Length; i++)
        {
            slices[i] = new ArgumentSlice(total, words[i].Length);
            total += words[i].Length;
        }
        var bytes = new byte[total];
        for (int i = 0; i < words.Length; i++) words[i].CopyTo(bytes, slices[i].Offset);
        return new Arguments(bytes, slices, words.Length);
    }

    /// <summary>Bytes of the line that gives a number of arguments, or a length.</summary>
    private static int FramingBytes(int number)
    {
        int bytes = 1 + 1 + LineEndBytes;
        for (; number >= 10; number /= 10) bytes++;
        return bytes;
    }
}
