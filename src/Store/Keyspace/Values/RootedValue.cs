using System.Diagnostics;
using Galley.Store.Memory;
using Galley.Store.Types;

namespace Galley.Store.Keyspace.Values;

/// <summary>
/// What the keyspace must be able to do with a collection that is a structure of its own, without knowing the type:
/// drop it in slices, copy it, weigh it. The root is the bytes that lie in the entry behind the form.
/// </summary>
internal abstract class RootedValue
{
    /// <summary>The longest root of any type.</summary>
    public const int RootBytesMax = 128;

    public static RootedValue Of(KeyType type) => type switch
    {
        KeyType.List => ListRoot.Instance,
        KeyType.Set => SetRoot.Instance,
        KeyType.SortedSet => SortedSetRoot.Instance,
        KeyType.Hash => HashRoot.Instance,
        KeyType.Stream => StreamRoot.Instance,
        _ => throw new UnreachableException($"A {type} has no structure of its own."),
    };

    /// <summary>The bytes of its root.</summary>
    public abstract int RootBytes { get; }

    /// <summary>How many elements it has.</summary>
    public abstract long Count(ReadOnlySpan<byte> root);

    /// <summary>
    /// Frees about so many elements, and lowers the budget by as many; true when nothing is left. Nobody else uses the
    /// structure any more.
    /// </summary>
    public abstract bool Drop(Arena arena, Span<byte> root, ref int budget);

    /// <summary>Makes a copy of everything, whose root it writes.</summary>
    public abstract void Copy(Arena arena, KeyedHash hashing, ReadOnlySpan<byte> root, Span<byte> copy);

    /// <summary>
    /// Shows the blocks from this place on to the mover until its budget is spent; true when all were shown, else the
    /// place is that to go on with.
    /// </summary>
    public abstract bool Move(BlockMover mover, Span<byte> root, ref MovePlace place);

    /// <summary>
    /// The bytes that its blocks take: exact with <paramref name="samples"/> of 0, else the elements' share is that of so
    /// many of them.
    /// </summary>
    public abstract long MemoryBytes(Arena arena, ReadOnlySpan<byte> root, int samples);
}
