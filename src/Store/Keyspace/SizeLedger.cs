using Galley.Store.Keyspace.Values;
using Galley.Store.Memory;

namespace Galley.Store.Keyspace;

/// <summary>
/// Keeps the sizes of keys exact at the one place that all changes pass: before an entry changes, its size is noted; when
/// the next entry is to change, or somebody asks, or the turn ends, what it has become is looked up in the entry itself.
/// So no type tells of its size, and a command that pushes a thousand elements is counted once.
/// <code>
///   BeforeChange(a) -> Open(a)   ... a changes ...   BeforeChange(b) -> Settle(a), Open(b)
/// </code>
/// Where a freed block may be used again, or one that is in use may be moved, the ledger is settled first.
/// </summary>
internal sealed class SizeLedger(Arena arena)
{
    private readonly Arena _arena = arena;
    private KeySizes _sizes = new();
    private BlockRef _block;
    private int _bin;

    /// <summary>An entry is about to change.</summary>
    public void Open(KeySizes sizes, BlockRef block, EntryShape shape)
    {
        if (block == _block) return;
        Settle();
        Note(sizes, block, BinOf(block, shape));
    }

    /// <summary>An entry was made, whose value is yet to be written.</summary>
    public void OpenNew(KeySizes sizes, BlockRef block)
    {
        Settle();
        Note(sizes, block, KeySizes.NoBin);
    }

    /// <summary>An entry was added whose value is there already.</summary>
    public void Add(KeySizes sizes, BlockRef block) => sizes.Move(KeySizes.NoBin, BinOf(block, EntryShape.Read(_arena, block)));

    /// <summary>An entry that may be about to change lies in another block now.</summary>
    public void Moved(BlockRef from, BlockRef to)
    {
        if (from == _block) _block = to;
    }

    /// <summary>An entry goes; its value may be gone already, but not what the entry says of it.</summary>
    public void Remove(KeySizes sizes, BlockRef block, EntryShape shape)
    {
        if (block != _block)
        {
            sizes.Move(BinOf(block, shape), KeySizes.NoBin);
            return;
        }
        sizes.Move(_bin, KeySizes.NoBin);
        _block = BlockRef.None;
    }

    /// <summary>Counts what has changed last.</summary>
    public void Settle()
    {
        if (_block.IsNone) return;
        int bin = BinOf(_block, EntryShape.Read(_arena, _block));
        if (bin != _bin) _sizes.Move(_bin, bin);
        _block = BlockRef.None;
    }

    private void Note(KeySizes sizes, BlockRef block, int bin)
    {
        _sizes = sizes;
        _block = block;
        _bin = bin;
    }

    private int BinOf(BlockRef block, EntryShape shape) => shape.Type switch
    {
        KeyType.String => KeySizes.BinOf(KeyType.String, shape.Has(EntryFlags.LargeValue) ? EntryMemory.LargeValueLength(_arena, block, shape) : shape.ValueLength),
        KeyType.Stream => KeySizes.NoBin,
        KeyType type => KeySizes.BinOf(type, ValueForm.CountOf(type, _arena.Span(block, shape.TotalBytes)[shape.ValueOffset..])),
    };
}
