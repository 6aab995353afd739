using Galley.Store.Keyspace.Rdb;

namespace Galley.Store.Persistence.Rdb;

/// <summary>Bytes that wait in memory until the file can take them, in pieces; none is ever copied to a longer one.</summary>
internal sealed class HeldOutput(HeldTotal total) : IRdbOutput
{
    private const int FirstBytes = 1024;
    private const int PieceBytes = 32 * 1024;

    private readonly Queue<byte[]> _full = new();
    private byte[] _filling = [];
    private int _length;
    private byte[] _taken = [];

    public long Bytes { get; private set; }

    public bool IsEmpty => _full.Count == 0 && _length == 0;

    public void Write(ReadOnlySpan<byte> bytes)
    {
        Note(bytes.Length);
        while (!bytes.IsEmpty)
        {
            if (_length == _filling.Length) StartPiece();
            int taken = Math.Min(bytes.Length, _filling.Length - _length);
            bytes[..taken].CopyTo(_filling.AsSpan(_length));
            _length += taken;
            bytes = bytes[taken..];
        }
    }

    /// <summary>Takes the first piece out; it is there until the next is taken. False where none is left.</summary>
    public bool TryTake(out ReadOnlySpan<byte> piece)
    {
        if (_full.TryDequeue(out byte[]? full)) piece = _taken = full;
        else
        {
            _taken = _filling;
            piece = _taken.AsSpan(0, _length);
            (_filling, _length) = ([], 0);
        }
        Note(-piece.Length);
        return !piece.IsEmpty;
    }

    /// <summary>Forgets all of it.</summary>
    public void Clear()
    {
        Note(-Bytes);
        _full.Clear();
        (_filling, _length) = ([], 0);
    }

    private void Note(long change)
    {
        Bytes += change;
        total.Bytes += change;
    }

    private void StartPiece()
    {
        if (_length > 0) _full.Enqueue(_filling);
        _filling = new byte[_filling.Length == 0 ? FirstBytes : PieceBytes];
        _length = 0;
    }
}

/// <summary>The bytes of all that waits for one file.</summary>
internal sealed class HeldTotal
{
    public long Bytes { get; set; }
}
