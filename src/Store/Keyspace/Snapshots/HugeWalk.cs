using System.Runtime.InteropServices;
using Galley.Store.Keyspace.Values;
using Galley.Store.Memory;

namespace Galley.Store.Keyspace.Snapshots;

/// <summary>
/// Writes one large collection down as it was when the walk was made, some elements a turn, while commands go on changing
/// it. Whoever is about to change an element tells it first: one that was not passed yet is handed over then, as it is.
/// <code>
///   waiting  --- TryOpen --->  open  --- Walk, Walk ... --->  passed  --- TryEnd --->  whole
///      '------ elements that change are handed over ------'
/// </code>
/// The entry that holds the root may move, and go: then the root is the walk's own, which buries it at the end.
/// </summary>
internal abstract class HugeWalk
{
    /// <summary>Elements of one step together have about so many bytes at most.</summary>
    private const long StepBytes = 64 * 1024;

    private const int Samples = 8;

    private readonly IHugeValue _value;
    private readonly int _elementsPerStep;
    private readonly List<BlockRef> _met = [];
    private byte[]? _ownRoot;
    private long _bytes;
    private bool _isOpen;

    /// <param name="owner">The entry that holds the root.</param>
    protected HugeWalk(Databases space, BlockRef owner, in SnapshotEntry entry, IHugeValue value)
    {
        Space = space;
        Type = entry.Type;
        Owner = owner;
        _value = value;
        RootedValue kind = RootedValue.Of(Type);
        long count = Math.Max(1, kind.Count(entry.View.Root));
        _elementsPerStep = (int)Math.Clamp(StepBytes * count / Math.Max(1, kind.MemoryBytes(space.Arena, entry.View.Root, Samples)), 1, int.MaxValue);
    }

    /// <summary>It is its turn: whoever takes the elements has been asked to let them go where the snapshot goes.</summary>
    public bool HasTurn { get; private set; }

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

    /// <summary>No element is left that was not met.</summary>
    protected bool IsPassed { get; set; }

    protected ReadOnlySpan<byte> Root => _ownRoot ?? EntryMemory.ValueBytes(Arena, Owner)[ValueForm.RootedHeader..];

    /// <summary>Goes on by about so many elements; true when it was the last step.</summary>
    public bool Step(int elements)
    {
        HasTurn = true;
        if (!_isOpen) _isOpen = _value.TryOpen();
        else if (!IsPassed) WalkOn(Math.Min(elements, _elementsPerStep));
        else if (_value.TryEnd())
        {
            Release();
            return true;
        }
        return false;
    }

    /// <summary>Gives it up.</summary>
    public void Drop()
    {
        ReleaseRest();
        Release();
    }

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

    /// <summary>Frees what it has kept of what it has not met yet.</summary>
    protected virtual void ReleaseRest() { }

    /// <summary>The next element of the walk is to be written.</summary>
    protected void Meet(BlockRef element) => _met.Add(element);

    /// <summary>What was met is handed over, and may be freed.</summary>
    protected virtual void AfterWalk() { }

    /// <summary>An element that was not met yet is to be written as it is now.</summary>
    protected void HandOver(BlockRef element) => _value.Take([element], areInOrder: false);

    private void WalkOn(int elements)
    {
        Walk(elements);
        _value.Take(CollectionsMarshal.AsSpan(_met), areInOrder: true);
        _met.Clear();
        AfterWalk();
    }

    private void Release()
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
