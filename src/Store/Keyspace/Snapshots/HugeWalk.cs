namespace Galley.Store.Keyspace.Snapshots;

/// <summary>
/// Writes one large value down as it was when the walk was made, some of it a turn.
/// <code>
///   waiting  --- TryOpen --->  open  --- Walk, Walk ... --->  passed  --- TryEnd --->  whole
///      '------ elements that change are handed over ------'
/// </code>
/// </summary>
internal abstract class HugeWalk(IHugeValue value)
{
    private bool _isOpen;

    /// <summary>It is its turn: whoever takes the value has been asked to let it go where the snapshot goes.</summary>
    public bool HasTurn { get; private set; }

    /// <summary>No element is left that was not met.</summary>
    protected bool IsPassed { get; set; }

    protected IHugeValue Value { get; } = value;

    /// <summary>Goes on by about so many elements; true when it was the last step.</summary>
    public bool Step(int elements)
    {
        HasTurn = true;
        if (!_isOpen) _isOpen = Value.TryOpen();
        else if (!IsPassed) WalkOn(elements);
        else if (Value.TryEnd())
        {
            Release();
            return true;
        }
        return false;
    }

    /// <summary>Gives it up.</summary>
    public virtual void Drop()
    {
        Value.Drop();
        Release();
    }

    protected abstract void WalkOn(int elements);

    /// <summary>It is written, or given up: lets go of the value.</summary>
    protected virtual void Release() { }
}

/// <summary>A long string, which is lent to whoever takes it: who writes the key meanwhile writes a copy.</summary>
internal sealed class TextWalk : HugeWalk
{
    public TextWalk(IHugeValue value) : base(value) => IsPassed = true;

    protected override void WalkOn(int elements) => throw new System.Diagnostics.UnreachableException("A string has no elements.");
}
