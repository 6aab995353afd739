using Galley.Store.Memory;

namespace Galley.Store.Keyspace;

/// <summary>
/// The root of a list or a stream while its leaves are changed: until it is disposed of, a snapshot that is writing the value
/// is told of each leaf before.
/// </summary>
internal readonly ref struct LeafEdit(Arena memory, Span<byte> root)
{
    private readonly Arena _memory = memory;

    public Span<byte> Root { get; } = root;

    public void Dispose() => _memory.Observer = null;
}
