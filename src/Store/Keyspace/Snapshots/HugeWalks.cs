using System.Buffers;
using System.Diagnostics;
using Galley.Store.Keyspace.Values;
using Galley.Store.Memory;
using Galley.Store.Types;

namespace Galley.Store.Keyspace.Snapshots;

/// <summary>
/// The large values that the present snapshot is writing in turns: the first of them, and those that wait
/// for their turn because a command has begun to change them, or because the walk over the entries has met them. A mark in
/// the form of such a collection says so, so that others pay for one test of a byte.
/// </summary>
internal sealed class HugeWalks(Databases space)
{
    /// <summary>An estimate by so many elements decides whether there are too many bytes.</summary>
    private const int Samples = 8;

    private const long BytesMin = 1 << 20;

    private readonly Queue<HugeWalk> _walks = new();
    private readonly Dictionary<BlockRef, CollectionWalk> _byOwner = [];

    /// <summary>A value of fewer elements, and of less than a megabyte, is written at once: it takes less than a millisecond.</summary>
    public long CountMin { get; set; } = 4096;

    /// <summary>Bytes may wait for the end of a value up to here; beyond, it is written to its end at once.</summary>
    public long HeldBytesMax { get; set; } = 64L << 20;

    /// <summary>A shorter string is copied, and compressed by whoever writes the file.</summary>
    public int TextBytesMin { get; set; } = 64 * 1024;

    public bool IsEmpty => _walks.Count == 0;

    /// <summary>The turn of one of them has come, and is not over.</summary>
    public bool HasTurn => _walks.TryPeek(out HugeWalk? first) && first.HasTurn;

    /// <summary>Bytes that they remember; they count them.</summary>
    public long Bytes { get; set; }

    /// <summary>Takes an entry, as it is now, if its value is too large to be written at once and the sink takes it so.</summary>
    public bool TryBegin(int databaseId, BlockRef block, in SnapshotEntry entry, IHugeSink sink)
    {
        if (entry.Type == KeyType.String) return TryBeginText(databaseId, block, in entry, sink);
        if (!IsHuge(in entry) || sink.Begin(databaseId, entry) is not { } value) return false;
        ReadOnlySpan<byte> root = entry.View.Root;
        CollectionWalk walk = entry.Type switch
        {
            KeyType.List => new LeafWalk(space, block, in entry, in ListRoot.Tree(root), value),
            KeyType.Stream => new LeafWalk(space, block, in entry, in StreamRoot.Head(root).Entries, value),
            KeyType.Set => new HashedWalk<MemberLayout>(space, block, in entry, value),
            KeyType.Hash => new HashedWalk<FieldLayout>(space, block, in entry, value),
            KeyType.SortedSet => new ScoredWalk(space, block, in entry, value),
            _ => throw new UnreachableException($"A {entry.Type} is not written element by element."),
        };
        _walks.Enqueue(walk);
        _byOwner.Add(block, walk);
        ref byte form = ref EntryMemory.ValueBytes(space.Arena, block)[0];
        form = new ValueForm(form).WithBeingSaved(true).Value;
        return true;
    }

    /// <summary>An element of the value in this entry is about to be changed or taken out.</summary>
    public void BeforeChange(BlockRef owner, BlockRef element)
    {
        _byOwner[owner].BeforeChange(element);
        space.Snapshot!.Relieve();
    }

    /// <summary>An element of this name is about to be added to the value in this entry.</summary>
    public void BeforeAdd(BlockRef owner, ReadOnlySpan<byte> name)
    {
        _byOwner[owner].BeforeAdd(name);
        space.Snapshot!.Relieve();
    }

    /// <summary>Leaves of the list or stream in this entry are about to be changed: from here on the arena says which.</summary>
    public void BeforeLeaves(BlockRef owner)
    {
        space.Snapshot!.Relieve();
        if (_byOwner.TryGetValue(owner, out CollectionWalk? walk)) space.Arena.Observer = (LeafWalk)walk;
    }

    /// <summary>The value has come from one entry to another.</summary>
    public void Moved(BlockRef from, BlockRef to)
    {
        if (from == to || !_byOwner.Remove(from, out CollectionWalk? walk)) return;
        walk.Follow(to);
        _byOwner.Add(to, walk);
    }

    /// <summary>The entry goes, or gets another value: the structure of this one is left to its walk.</summary>
    public void Adopt(BlockRef owner, ReadOnlySpan<byte> root)
    {
        if (!_byOwner.Remove(owner, out CollectionWalk? walk)) throw new UnreachableException("A value is marked that nobody writes.");
        walk.Adopt(root);
    }

    /// <summary>Goes on with the first of them, by about so many elements. There is one.</summary>
    public void Step(int elements)
    {
        HugeWalk walk = _walks.Peek();
        if (!walk.Step(elements)) return;
        _walks.Dequeue();
        if (walk is CollectionWalk collection) _byOwner.Remove(collection.Owner);
    }

    /// <summary>Gives all of them up.</summary>
    public void Drop()
    {
        foreach (HugeWalk walk in _walks) walk.Drop();
        _walks.Clear();
        _byOwner.Clear();
    }

    private bool TryBeginText(int databaseId, BlockRef block, in SnapshotEntry entry, IHugeSink sink)
    {
        if (entry.String.Length < TextBytesMin || !EntryShape.Read(space.Arena, block).Has(EntryFlags.LargeValue)) return false;
        LargeString text = LargeString.Read(EntryMemory.ValueBytes(space.Arena, block));
        IMemoryOwner<byte> lent = space.Arena.Lend(text.Block, 0, text.Length);
        if (sink.BeginText(databaseId, entry, lent) is { } value)
        {
            _walks.Enqueue(new TextWalk(value));
            return true;
        }
        lent.Dispose();
        return false;
    }

    private bool IsHuge(in SnapshotEntry entry)
    {
        if (!entry.View.Form.IsRooted) return false;
        RootedValue kind = RootedValue.Of(entry.Type);
        ReadOnlySpan<byte> root = entry.View.Root;
        long count = kind.Count(root);
        return count >= CountMin || (count > 0 && kind.MemoryBytes(space.Arena, root, Samples) >= BytesMin);
    }
}
