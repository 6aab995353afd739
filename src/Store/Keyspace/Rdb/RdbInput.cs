using Galley.Store.Types;

namespace Galley.Store.Keyspace.Rdb;

/// <summary>Reads on into the room, as much as there is; 0 at the end.</summary>
public delegate int RdbSource(Span<byte> room);

/// <summary>
/// A long text of RDB that is read piece by piece: a window of it is in memory, which grows where one string is longer.
/// What has gone through is counted and, if so wished, checked.
/// </summary>
/// <param name="length">How many bytes there are to read: no string is believed to be longer than the rest.</param>
public sealed class RdbInput(RdbSource read, long length)
{
    private const int WindowBytes = 1 << 20;

    private readonly RdbSource _read = read;
    private byte[] _window = GC.AllocateUninitializedArray<byte>((int)Math.Min(WindowBytes, Math.Max(length, 1)));
    private int _from;
    private int _to;

    /// <summary>Bytes that have gone through.</summary>
    public long Position { get; private set; }

    /// <summary>Bytes that have not.</summary>
    public long Remaining => length - Position;

    /// <summary>The checksum of what has gone through.</summary>
    public ulong Checksum { get; private set; }

    /// <summary>Whether it is kept.</summary>
    public bool IsChecked { get; init; } = true;

    /// <summary>What is in memory of what comes next.</summary>
    internal ReadOnlySpan<byte> Window => _window.AsSpan(_from, _to - _from);

    /// <summary>So many bytes of the window have been used up.</summary>
    internal void Advance(int count)
    {
        if (IsChecked) Checksum = Crc64.Append(Checksum, _window.AsSpan(_from, count));
        _from += count;
        Position += count;
    }

    /// <summary>Gets so many bytes into the window, and more if there is room; false where there are not as many.</summary>
    internal bool TryFill(long count)
    {
        if (count > Remaining || count > Array.MaxLength) return false;
        int kept = _to - _from;
        byte[] target = count > _window.Length ? GC.AllocateUninitializedArray<byte>((int)count) : _window;
        _window.AsSpan(_from, kept).CopyTo(target);
        (_window, _from, _to) = (target, 0, kept);
        while (_to < count)
        {
            int room = (int)Math.Min(_window.Length - _to, Remaining - _to);
            int more = _read(_window.AsSpan(_to, room));
            if (more == 0) return false;
            _to += more;
        }
        return true;
    }
}
