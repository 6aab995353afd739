using System.Runtime.InteropServices;
using Galley.Store.Keyspace.Values;
using Galley.Store.Memory;

namespace Galley.Store.Keyspace.Snapshots;

/// <summary>
/// Writes one large collection down while commands go on changing it. Whoever is about to change an element tells it first: one
/// that was not passed yet is handed over then, as it is. The entry that holds the root may move, and go: then the root is the
/// walk's own, which buries it at the end.
/// </summary>
internal abstract class CollectionWalk : HugeWalk
{
    /// <summary>Elements of one step together have about so many bytes at most.</summary>
    private const long StepBytes = 64 * 1024;

    private const int Samples = 8;

    private readonly int _elementsPerStep;
    private readonly List<BlockRef> _met = [];
    private byte[]? _ownRoot;
    private long _bytes;

    /// <param name="owner">The entry that holds the root.</param>
    protected CollectionWalk(Databases space, BlockRef owner, in SnapshotEntry entry, IHugeValue value) : base(value)
    {
        Space = space;
        Type = entry.Type;
        Owner = owner;
        RootedValue kind = RootedValue.Of(Type);
        long count = Math.Max(1, kind.Count(entry.View.Root));
        _elementsPerStep = (int)Math.Clamp(StepBytes * count / Math.Max(1, kind.MemoryBytes(space.Arena, entry.View.Root, Samples)), 1, int.MaxValue);
    }

    /// <summary>The entry that holds the root; none when that is the walk's own.</summary>
    public BlockRef Owner { get; private set; }

    protected Databases Space { get; }

    protected Arena Arena => Space.Arena;

    protected KeyType Type { get; }

    /// <summary>Bytes that it remembers, or keeps of what was changed.</summary>
    protected long Bytes
    {
        get => _bytes;
        set
        {
            Space.Huge.Bytes += value - _bytes;
            _bytes = value;
        }
    }

    protected ReadOnlySpan<byte> Root => _ownRoot ?? EntryMemory.ValueBytes(Arena, Owner)[ValueForm.RootedHeader..];

    /// <summary>An element, or a leaf, is about to be changed or taken out.</summary>
    public abstract void BeforeChange(BlockRef element);

    /// <summary>An element of this name, which is not there, is about to be added.</summary>
    public virtual void BeforeAdd(ReadOnlySpan<byte> name) { }

    /// <summary>Another entry has the root now.</summary>
    public void Follow(BlockRef owner) => Owner = owner;

    /// <summary>The entry goes, and leaves its root to the walk.</summary>
    public void Adopt(ReadOnlySpan<byte> root) => (Owner, _ownRoot) = (BlockRef.None, root.ToArray());

    /// <summary>Meets so many elements more: <see cref="Meet"/> for those that are to be written.</summary>
    protected abstract void Walk(int elements);

    /// <summary>The next element of the walk is to be written.</summary>
    protected void Meet(BlockRef element) => _met.Add(element);

    /// <summary>What was met is handed over, and may be freed.</summary>
    protected virtual void AfterWalk() { }

    /// <summary>An element that was not met yet is to be written as it is now.</summary>
    protected void HandOver(BlockRef element) => Value.Take([element], areInOrder: false);

    protected override void WalkOn(int elements)
    {
        Walk(Math.Min(elements, _elementsPerStep));
        Value.Take(CollectionsMarshal.AsSpan(_met), areInOrder: true);
        _met.Clear();
        AfterWalk();
    }

    protected override void Release()
    {
        Bytes = 0;
        if (_ownRoot is not null)
        {
            Space.Graveyard.Bury(Type, _ownRoot);
            return;
        }
        ref byte form = ref EntryMemory.ValueBytes(Arena, Owner)[0];
        form = new ValueForm(form).WithBeingSaved(false).Value;
    }
}
