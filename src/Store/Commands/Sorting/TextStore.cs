using System.Buffers;
using System.Buffers.Binary;

namespace Galley.Store.Commands.Sorting;

/// <summary>A text in a <see cref="TextStore"/>; the default is none.</summary>
internal readonly record struct TextRef(long Value)
{
    public bool IsNone => Value == 0;
}

/// <summary>
/// Texts one after another, for as long as a command runs: copies of what the keyspace holds, which may change while they
/// are sorted. Whoever makes one disposes of it.
/// <code>
///   chunk   | length 4 | text ... | length 4 | text ... |      a text longer than what is left begins the next chunk
/// </code>
/// </summary>
internal sealed class TextStore : IDisposable
{
    private const int FirstChunkBytes = 4 * 1024;
    private const int ChunkBytesMax = 1024 * 1024;
    private const int OffsetBits = 31;
    private const int Head = sizeof(int);

    private readonly List<byte[]> _chunks = [];
    private int _used;

    public ReadOnlySpan<byte> this[TextRef text]
    {
        get
        {
            int chunk = (int)((text.Value - 1) >> OffsetBits);
            int offset = (int)((text.Value - 1) & ((1L << OffsetBits) - 1));
            ReadOnlySpan<byte> rest = _chunks[chunk].AsSpan(offset);
            return rest.Slice(Head, BinaryPrimitives.ReadInt32LittleEndian(rest));
        }
    }

    public TextRef Add(ReadOnlySpan<byte> text)
    {
        int size = Head + text.Length;
        if (_chunks.Count == 0 || _chunks[^1].Length - _used < size) AddChunk(size);
        Span<byte> place = _chunks[^1].AsSpan(_used);
        BinaryPrimitives.WriteInt32LittleEndian(place, text.Length);
        text.CopyTo(place[Head..]);
        var added = new TextRef((((long)(_chunks.Count - 1) << OffsetBits) | (uint)_used) + 1);
        _used += size;
        return added;
    }

    public void Dispose()
    {
        foreach (byte[] chunk in _chunks) ArrayPool<byte>.Shared.Return(chunk);
        _chunks.Clear();
    }

    /// <summary>Each chunk is twice as long as the one before, up to a limit.</summary>
    private void AddChunk(int bytesMin)
    {
        long usual = _chunks.Count == 0 ? FirstChunkBytes : Math.Min(_chunks[^1].Length * 2L, ChunkBytesMax);
        _chunks.Add(ArrayPool<byte>.Shared.Rent((int)Math.Max(usual, bytesMin)));
        _used = 0;
    }
}
