using System.Runtime.InteropServices;
using Galley.Store.Memory;
using Galley.Store.Types;

namespace Galley.Store.Keyspace.Values;

/// <summary>A large list: a <see cref="QuickList"/>.</summary>
internal sealed class ListRoot : RootedValue
{
    private const int TreeBytes = 16;

    private ListRoot() { }

    public static ListRoot Instance { get; } = new();

    public override int RootBytes => TreeBytes;

    /// <summary>The tree in a root's bytes.</summary>
    public static ref CountedTreeRoot Tree(Span<byte> root) => ref MemoryMarshal.AsRef<CountedTreeRoot>(root);

    /// <summary>The tree in a root's bytes, to be read.</summary>
    public static ref readonly CountedTreeRoot Tree(ReadOnlySpan<byte> root) => ref MemoryMarshal.AsRef<CountedTreeRoot>(root);

    public override long Count(ReadOnlySpan<byte> root) => Tree(root).Count;

    public override bool Drop(Arena arena, Span<byte> root, ref int budget) => QuickList.Drop(arena, ref Tree(root), ref budget);

    public override void Copy(Arena arena, KeyedHash hashing, ReadOnlySpan<byte> root, Span<byte> copy) =>
        Tree(copy) = QuickList.Copy(arena, in Tree(root));

    public override bool Move(BlockMover mover, Span<byte> root, ref MovePlace place)
    {
        var leaves = new Leaves();
        return CountedTree.Move(mover, ref Tree(root), ref place.Position, ref leaves);
    }

    public override long MemoryBytes(Arena arena, ReadOnlySpan<byte> root, int samples) =>
        QuickList.MemoryBytes(arena, in Tree(root), samples);

    private readonly struct Leaves : ILeafMover
    {
        public bool Move(BlockMover mover, ref BlockRef leaf)
        {
            bool isMoved = mover.TryMove(ref leaf);
            if (mover.WantsTexts) ListLeaf.MoveTexts(mover, leaf);
            return isMoved;
        }
    }
}
