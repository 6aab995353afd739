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

    /// <summary>
    /// The value of an entry is about to be replaced by one of this type and length. A string that lies in the entry is
    /// counted at once: nothing is to be looked up later.
    /// </summary>
    public void Replace(KeySizes sizes, BlockRef block, EntryShape from, EntryFlags flags, int length)
    {
        if (block == _block) return;
        if (!IsPlain(flags) || !IsPlain(from.Flags))
        {
            Open(sizes, block, from);
            return;
        }
        int bin = KeySizes.BinOf(KeyType.String, from.ValueLength), newBin = KeySizes.BinOf(KeyType.String, length);
        if (bin != newBin) sizes.Move(bin, newBin);
    }

    /// <summary>An entry was made, for a value of this type and length that is yet to be written.</summary>
    public void OpenNew(KeySizes sizes, BlockRef block, EntryFlags flags, int length)
    {
        if (IsPlain(flags))
        {
            sizes.Move(KeySizes.NoBin, KeySizes.BinOf(KeyType.String, length));
            return;
        }
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

    /// <summary>It is a string that lies in its entry: the type of strings is 0.</summary>
    private static bool IsPlain(EntryFlags flags) => (flags & (EntryFlags.TypeMask | EntryFlags.LargeValue)) == 0;

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
