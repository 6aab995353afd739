using Galley.Resp.Protocol;

namespace Galley.Api.Doors;

/// <summary>
/// Commands being put together from JSON, a path or a frame: all their bytes in one buffer, used again for the next
/// request.
/// <code>
///   _bytes   SET|foo|bar|GET|foo|
///   _rows    [ (0,3) (3,3) (6,3) ]  [ (9,3) (12,3) ]      one array a command
/// </code>
/// </summary>
public sealed class CommandBatch
{
    /// <summary>What a batch keeps of its buffers between requests.</summary>
    private const int KeptBytesMax = 64 * 1024;

    private const int KeptRowsMax = 1024;

    private const int FirstRowSlices = 8;

    /// <summary>Of all rows together.</summary>
    private const int KeptSlicesMax = 2 * FirstRowSlices * KeptRowsMax;

    private readonly List<ArgumentSlice[]> _rows = [];
    private readonly List<int> _counts = [];
    private byte[] _bytes = new byte[1024];
    private int _slices;
    private int _at;
    private int _begin;

    /// <summary>The number of commands.</summary>
    public int Count => _counts.Count;

    /// <summary>Arguments and bytes for which there is room without a new buffer.</summary>
    internal (int Slices, int Bytes) Room => (_slices, _bytes.Length);

    public Arguments this[int row] => new(_bytes, _rows[row], _counts[row]);

    /// <summary>Begins the next command.</summary>
    public void BeginCommand()
    {
        if (_rows.Count == _counts.Count)
        {
            _rows.Add(new ArgumentSlice[FirstRowSlices]);
            _slices += FirstRowSlices;
        }
        _counts.Add(0);
    }

    /// <summary>Room for the next bytes of the present argument; follow with <see cref="Advance"/>.</summary>
    public Span<byte> GetSpan(int length)
    {
        if (_bytes.Length - _at < length) Array.Resize(ref _bytes, (int)Math.Min(Math.Max(_bytes.Length * 2L, _at + (long)length), Array.MaxLength));
        return _bytes.AsSpan(_at);
    }

    public void Advance(int length) => _at += length;

    public void Append(byte value)
    {
        GetSpan(1)[0] = value;
        _at++;
    }

    public void Append(ReadOnlySpan<byte> bytes)
    {
        bytes.CopyTo(GetSpan(bytes.Length));
        _at += bytes.Length;
    }

    /// <summary>Ends the present argument; the next bytes belong to the next one.</summary>
    public void EndArgument()
    {
        int row = _counts.Count - 1;
        ArgumentSlice[] slices = _rows[row];
        if (_counts[row] == slices.Length)
        {
            _slices += slices.Length;
            Array.Resize(ref slices, slices.Length * 2);
            _rows[row] = slices;
        }
        slices[_counts[row]] = new ArgumentSlice(_begin, _at - _begin);
        _counts[row]++;
        _begin = _at;
    }

    public void Add(ReadOnlySpan<byte> argument)
    {
        Append(argument);
        EndArgument();
    }

    /// <summary>Appends the commands of another batch.</summary>
    public void AddAll(CommandBatch other)
    {
        for (int row = 0; row < other.Count; row++)
        {
            Arguments command = other[row];
            BeginCommand();
            for (int i = 0; i < command.Count; i++) Add(command[i]);
        }
    }

    /// <summary>Drops all commands, and buffers that grew beyond the ordinary.</summary>
    public void Clear()
    {
        _counts.Clear();
        _at = _begin = 0;
        if (_bytes.Length > KeptBytesMax) _bytes = new byte[KeptBytesMax];
        if (_slices <= KeptSlicesMax) return;
        _rows.Clear();
        _rows.Capacity = _counts.Capacity = _slices = 0;
    }
}
