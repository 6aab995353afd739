using Galley.Store.Types;

namespace Galley.Store.Keyspace.Rdb;

/// <summary>Elements on their way into a collection, packed as <see cref="ListPack"/> packs them.</summary>
internal sealed class PackBuilder
{
    /// <summary>What stands before and behind the bytes of an element at the most.</summary>
    private const int OverheadMax = 10;

    private byte[] _bytes = new byte[512];
    private int _length;

    public int Count { get; private set; }

    public ReadOnlySpan<byte> Packed => _bytes.AsSpan(0, _length);

    public void Clear() => (_length, Count) = (0, 0);

    public void Add(scoped ReadOnlySpan<byte> element) => _length += ListPack.Write(Room(element.Length), element);

    public void Add(long integer) => _length += ListPack.Write(Room(0), integer);

    /// <summary>An element as it is kept in another pack.</summary>
    public void Add(scoped ListPackElement element)
    {
        if (element.IsInteger) Add(element.Integer);
        else Add(element.TextIn(default));
    }

    private Span<byte> Room(int length)
    {
        Count++;
        long needed = (long)_length + length + OverheadMax;
        if (needed > Array.MaxLength) throw new RdbException("packed elements are too long");
        if (needed > _bytes.Length) Array.Resize(ref _bytes, (int)Math.Min(Array.MaxLength, 2 * needed));
        return _bytes.AsSpan(_length);
    }
}
