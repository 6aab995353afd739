using System.Buffers;
using Galley.Store.Memory;

namespace Galley.Store.Keyspace;

/// <summary>
/// A string value of known length while it is made, beside what the key still holds: it may be made of that. A large one
/// lies in the block that the key will have, so that it is not copied. Whoever began a draft puts it
/// (<see cref="Key.PutDraft"/>).
/// </summary>
public readonly ref struct StringDraft
{
    private readonly byte[]? _rented;

    internal StringDraft(Arena arena, int length)
    {
        if (length > EntryLayout.ValueBytesMax)
        {
            Block = arena.AllocateLarge(Math.Max(length, Arena.LargeBytesMin));
            Bytes = arena.Span(Block, length);
        }
        else
        {
            _rented = ArrayPool<byte>.Shared.Rent(length);
            Bytes = _rented.AsSpan(0, length);
        }
    }

    /// <summary>The bytes of the value, each of them to be written.</summary>
    public Span<byte> Bytes { get; }

    /// <summary>None while the value is small.</summary>
    internal BlockRef Block { get; }

    internal void Return()
    {
        if (_rented is not null) ArrayPool<byte>.Shared.Return(_rented);
    }
}
